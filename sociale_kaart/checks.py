"""Rules over a whole kaart: each function yields what is wrong, with the owner and the field it stands in."""

from __future__ import annotations

from collections.abc import Iterator

from sociale_kaart.kaart import Kaart
from sociale_kaart.rules import failing_cases
from sociale_kaart.schema import Kind, Theme

Finding = tuple[str, tuple[str, ...], str]
"""Owner (`entry:<id>` or `rule:<id>`), field path, why."""


def check_kaart(kaart: Kaart) -> Iterator[Finding]:
    """Every problem that only shows when the entries are seen together."""
    for check in (languages_complete, references_exist, questions_unique, hashes_known, emergencies_reachable, rules_hold):
        yield from check(kaart)


def languages_complete(kaart: Kaart) -> Iterator[Finding]:
    """Each entry has a text in each language of the kaart, and in no other."""
    wanted = set(kaart.municipality.languages)
    for entry in kaart:
        for code in sorted(wanted - set(entry.texts)):
            yield f"entry:{entry.id}", ("texts",), f"has no text in {code}"
        for code in sorted(set(entry.texts) - wanted):
            yield f"entry:{entry.id}", ("texts", code), "is not a language of this kaart"


def references_exist(kaart: Kaart) -> Iterator[Finding]:
    """Related entries, sources and rules exist."""
    rules = {rule.id for rule in kaart.rules}
    for entry in kaart:
        owner = f"entry:{entry.id}"
        for position, id in enumerate(entry.related):
            if id not in kaart:
                yield owner, ("related", str(position)), f"names {id}, which is not in the kaart"
        for position, source in enumerate(entry.sources):
            if source.document not in kaart.municipality.sources:
                yield owner, ("sources", str(position), "document"), f"names {source.document}, which kaart.yaml does not have"
        if entry.rule and entry.rule not in rules:
            yield owner, ("rule",), f"names {entry.rule}, which is not in rules/"
    for rule in kaart.rules:
        if rule.entry not in kaart:
            yield f"rule:{rule.id}", ("entry",), f"names {rule.entry}, which is not in the kaart"


def questions_unique(kaart: Kaart) -> Iterator[Finding]:
    """One question leads to one entry: the same words under two entries would make search a lottery."""
    seen: dict[str, str] = {}
    for entry in kaart:
        for code, text in entry.texts.items():
            for position, question in enumerate(text.questions):
                first = seen.setdefault(" ".join(question.casefold().split()), entry.id)
                if first != entry.id:
                    yield f"entry:{entry.id}", ("texts", code, "questions", str(position)), f"is also a question of {first}"


def hashes_known(kaart: Kaart) -> Iterator[Finding]:
    """The Dutch original has no source hash: it is the source."""
    for entry in kaart:
        if entry.texts["nl"].source_hash is not None:
            yield f"entry:{entry.id}", ("texts", "nl", "source_hash"), "must be empty: Dutch is the original"


def emergencies_reachable(kaart: Kaart) -> Iterator[Finding]:
    """An emergency entry stands under that theme first."""
    for entry in kaart:
        if entry.kind is Kind.EMERGENCY and entry.themes[0] is not Theme.EMERGENCY:
            yield f"entry:{entry.id}", ("themes",), "an emergency entry has emergency as its first theme"


def rules_hold(kaart: Kaart) -> Iterator[Finding]:
    """Every example case gives what it says, and every text stands in every language."""
    for rule in kaart.rules:
        for failure in failing_cases(rule):
            yield f"rule:{rule.id}", ("cases",), failure
        texts = [rule.title, *(q.text for q in rule.questions), *(row.text for row in rule.rows)]
        texts += [option.label for question in rule.questions for option in question.options]
        texts += [row.because for row in rule.rows if row.because]
        for code in kaart.municipality.languages:
            if any(code not in text for text in texts):
                yield f"rule:{rule.id}", ("rows",), f"lacks a text in {code}"
