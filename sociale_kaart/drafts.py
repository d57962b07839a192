"""What is still to be translated: a kaart that may lack texts, and what of it a machine may draft."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sociale_kaart.checks import AMOUNT
from sociale_kaart.errors import KaartInvalid, Problem
from sociale_kaart.loader import read_model, read_models
from sociale_kaart.municipality import Municipality
from sociale_kaart.rules import Rule
from sociale_kaart.schema import Entry, Kind, ReviewState, Text, Theme

_MONEY = re.compile(r"\b(euro|cent)('s|s)?\b", re.IGNORECASE)


@dataclass(frozen=True)
class Unfinished:
    """A kaart as its files are, complete or not. `files` leads from an entry's id to its file."""

    municipality: Municipality
    entries: tuple[Entry, ...]
    rules: tuple[Rule, ...]
    files: Mapping[str, Path]


def load_unfinished(folder: Path) -> Unfinished:
    """The kaart in `folder` with what it takes over, each file valid by itself; texts may be missing.

    Raises:
        KaartInvalid: with every problem that a file has by itself.
    """
    problems: list[Problem] = []
    settings = read_model(folder / "kaart.yaml", Municipality, problems)
    entries = read_models(folder / "entries", Entry, problems)
    if settings and settings[1].extends:
        own = {entry.id for _, entry in entries}
        shared = read_models(folder.parent / settings[1].extends / "entries", Entry, problems)
        entries += [(document, entry) for document, entry in shared if entry.id not in own]
    rules = read_models(folder / "rules", Rule, problems)
    if problems or settings is None:
        raise KaartInvalid(problems)
    return Unfinished(
        settings[1],
        tuple(entry for _, entry in entries),
        tuple(rule for _, rule in rules),
        {entry.id: document.path for document, entry in entries},
    )


def outdated(entry: Entry, language: str) -> bool:
    """Whether the Dutch text changed since the text in `language` was made from it, as far as its hash tells."""
    made_from = entry.texts[language].source_hash if language in entry.texts else None
    return made_from is not None and made_from != entry.texts["nl"].hash


def no_machine(entry: Entry, language: str) -> str | None:
    """Why no machine may write the text of this entry in `language`, or None."""
    if entry.kind is Kind.EMERGENCY or Theme.EMERGENCY in entry.themes:
        return "words for danger are never translated by a machine"
    if any(AMOUNT.search(line) or _MONEY.search(line) for line in readable(entry.texts["nl"])):
        return "it holds an amount of money, and a machine may change it"
    if language in entry.texts and entry.texts[language].review.state is ReviewState.REVIEWED:
        return f"it was reviewed by {entry.texts[language].review.by}: a person renews it"
    return None


def readable(text: Text) -> tuple[str, ...]:
    """Every line of a text that people read; not the questions."""
    facts = text.facts.model_dump(exclude_none=True).values()
    return (text.name, text.summary, *text.answer, *text.steps, *facts, *text.for_status.values())


def unfinished_rules(rules: Sequence[Rule], language: str) -> Iterator[Rule]:
    """The decision tables that lack a text in `language`; these are never translated by a machine."""
    for rule in rules:
        said = (rule.title, *(question.text for question in rule.questions), *(row.text for row in rule.rows))
        if any(language not in words for words in said):
            yield rule
