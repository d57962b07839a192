"""Rules over a whole kaart: each function yields what is wrong, with the owner and the field it stands in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from sociale_kaart.kaart import Kaart
from sociale_kaart.rules import Rule, failing_cases
from sociale_kaart.schema import Kind, SourceRef, State, Theme

AMOUNT = re.compile(r"[€$]|\b[0-9.,]+ ?(euro|eur|يورو|ዩሮ|ኤውሮ|ዬሮ|євро)\b|\b(euro|eur|يورو|ዩሮ|євро) ?[0-9]", re.IGNORECASE)
Finding = tuple[str, tuple[str, ...], str]
"""Owner (`kaart`, `entry:<id>` or `rule:<id>`), field path, why."""


def check_kaart(kaart: Kaart, unreadable: Collection[str] = ()) -> Iterator[Finding]:
    """Every problem that only shows when the entries are seen together.

    `unreadable` are ids of files that were refused for reasons of their own: naming them is no second problem.
    """
    yield from references_exist(kaart, unreadable)
    for check in CHECKS:
        yield from check(kaart)


def languages_complete(kaart: Kaart) -> Iterator[Finding]:
    """Each entry has a text in each language of the kaart, and in no other; the desk has a name in each."""
    wanted = set(kaart.municipality.languages)
    for code in sorted(wanted - set(kaart.municipality.desk.name)):
        yield "kaart", ("desk", "name"), f"has no text in {code}"
    for code in sorted(set(kaart.municipality.desk.away) - wanted):
        yield "kaart", ("desk", "away", code), "is not a language of this kaart"
    for entry in kaart:
        for code in sorted(wanted - set(entry.texts)):
            yield f"entry:{entry.id}", ("texts",), f"has no text in {code}"
        for code in sorted(set(entry.texts) - wanted if kaart.is_own(entry.id) else ()):
            yield f"entry:{entry.id}", ("texts", code), "is not a language of this kaart"


def references_exist(kaart: Kaart, unreadable: Collection[str] = ()) -> Iterator[Finding]:
    """Related entries, sources and rules exist."""
    entries = {entry.id for entry in kaart} | set(unreadable)
    rules = {rule.id for rule in kaart.rules} | set(unreadable)
    for entry in kaart:
        owner = f"entry:{entry.id}"
        yield from _unknown_sources(kaart, owner, entry.sources)
        for field in ("related", "instead") if kaart.is_own(entry.id) else ():  # shared ones may name what only some towns have
            for position, id in enumerate(getattr(entry, field)):
                if id not in entries:
                    yield owner, (field, str(position)), f"names {id}, which is not in the kaart"
        if entry.rule and entry.rule not in rules:
            yield owner, ("rule",), f"names {entry.rule}, which is not in rules/"
    if kaart.municipality.desk.entry and kaart.municipality.desk.entry not in entries:
        yield "kaart", ("desk", "entry"), f"names {kaart.municipality.desk.entry}, which is not in the kaart"
    for place, homonym in enumerate(kaart.municipality.homonyms):
        for position, id in enumerate(homonym.choices):
            if id not in entries:
                yield "kaart", ("homonyms", str(place), "choices", str(position)), f"names {id}, which is not in the kaart"
    for rule in kaart.rules:
        yield from _unknown_sources(kaart, f"rule:{rule.id}", rule.sources)
        if rule.entry not in entries:
            yield f"rule:{rule.id}", ("entry",), f"names {rule.entry}, which is not in the kaart"


def _unknown_sources(kaart: Kaart, owner: str, sources: Iterable[SourceRef]) -> Iterator[Finding]:
    for position, source in enumerate(sources):
        if source.document not in kaart.municipality.sources:
            yield owner, ("sources", str(position), "document"), f"names {source.document}, which kaart.yaml does not have"


def questions_unique(kaart: Kaart) -> Iterator[Finding]:
    """One question leads to one entry: the same words under two entries would make search a lottery."""
    seen: dict[str, str] = {}
    for entry in kaart:
        for code, text in entry.texts.items():
            for position, question in enumerate(text.questions):
                first = seen.setdefault(" ".join(question.casefold().split()), entry.id)
                if first != entry.id:
                    yield f"entry:{entry.id}", ("texts", code, "questions", str(position)), f"is also a question of {first}"


def questions_enough(kaart: Kaart) -> Iterator[Finding]:
    """Each text has as many example questions as the kaart asks for: without them search finds little."""
    fewest = kaart.municipality.minimum_questions
    for entry in kaart:
        for code, text in entry.texts.items():
            if len(text.questions) < fewest:
                yield f"entry:{entry.id}", ("texts", code, "questions"), f"has {len(text.questions)}, and needs at least {fewest}"


def owners_exist(kaart: Kaart) -> Iterator[Finding]:
    """Whoever is named as owner stands in kaart.yaml; a shared entry may name one that only some kaarten have."""
    owners = kaart.municipality.owners
    if kaart.municipality.owner and kaart.municipality.owner not in owners:
        yield "kaart", ("owner",), f"names {kaart.municipality.owner}, which owners does not have"
    for entry in kaart:
        if entry.owner and entry.owner not in owners and kaart.is_own(entry.id):
            yield f"entry:{entry.id}", ("owner",), f"names {entry.owner}, which kaart.yaml does not have among its owners"


def hashes_known(kaart: Kaart) -> Iterator[Finding]:
    """The Dutch original has no source hash: it is the source."""
    for entry in kaart:
        if entry.texts["nl"].source_hash is not None:
            yield f"entry:{entry.id}", ("texts", "nl", "source_hash"), "must be empty: Dutch is the original"


def statuses_agree(kaart: Kaart) -> Iterator[Finding]:
    """What differs by residence status is said for the same statuses in every language."""
    for entry in kaart:
        wanted = set(entry.texts["nl"].for_status)
        for code, text in entry.texts.items():
            if set(text.for_status) != wanted:
                why = f"must name the statuses of nl: {', '.join(sorted(wanted)) or 'none'}"
                yield f"entry:{entry.id}", ("texts", code, "for_status"), why


def ended_lead_on(kaart: Kaart) -> Iterator[Finding]:
    """What ended names what exists instead, and nothing else does."""
    for entry in kaart:
        if (entry.state is State.ENDED) != bool(entry.instead):
            yield f"entry:{entry.id}", ("instead",), "is for what ended, and what ended needs it"


def amounts_absent(kaart: Kaart) -> Iterator[Finding]:
    """No amount of money stands in a text: the kaart has none that anyone confirmed."""
    for entry in kaart:
        for code, text in entry.texts.items():
            readable = text.model_dump(exclude={"questions", "review", "source_hash"}, mode="json")
            for field in sorted(name for name, value in readable.items() if AMOUNT.search(str(value))):
                yield f"entry:{entry.id}", ("texts", code, field), "holds an amount of money, which nobody confirmed"


def emergencies_reachable(kaart: Kaart) -> Iterator[Finding]:
    """An emergency entry stands under that theme first."""
    for entry in kaart:
        if entry.kind is Kind.EMERGENCY and entry.themes[0] is not Theme.EMERGENCY:
            yield f"entry:{entry.id}", ("themes",), "an emergency entry has emergency as its first theme"


def rules_hold(kaart: Kaart) -> Iterator[Finding]:
    """Every example case gives what it says, and every text stands in every language."""
    for rule in kaart.rules:
        for position, failure in failing_cases(rule):
            yield f"rule:{rule.id}", ("cases", str(position)), failure
        for field, text in _texts(rule):
            for code in sorted(set(kaart.municipality.languages) - set(text)):
                yield f"rule:{rule.id}", field, f"has no text in {code}"


def _texts(rule: Rule) -> Iterator[tuple[tuple[str, ...], Mapping[str, str]]]:
    yield ("title",), rule.title
    for at, question in enumerate(rule.questions):
        yield ("questions", str(at), "text"), question.text
        for place, option in enumerate(question.options):
            yield ("questions", str(at), "options", str(place), "label"), option.label
    for at, row in enumerate(rule.rows):
        yield ("rows", str(at), "text"), row.text
        if row.because:
            yield ("rows", str(at), "because"), row.because


CHECKS = (
    languages_complete,
    questions_unique,
    questions_enough,
    hashes_known,
    emergencies_reachable,
    rules_hold,
    statuses_agree,
    ended_lead_on,
    amounts_absent,
    owners_exist,
)
