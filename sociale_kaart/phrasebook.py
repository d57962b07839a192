"""Sentences for the desk, per language and by what they are for; some have a place to fill in.

The shared ones live in `landelijk/`, beside the entries; a town's own, in its own folder, go first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from sociale_kaart.schema import Review
from sociale_kaart.values import LanguageCode, Line, Slug, Strict

PHRASEBOOK = "phrasebook.yaml"
FieldPath = tuple[str, ...]
Finding = tuple[FieldPath, str]
FieldName = Annotated[str, StringConstraints(pattern=r"^[a-z]{1,20}$")]
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class Said(Strict):
    """A short text in one language, with who stands behind it."""

    text: Line = Field(description="The words.")
    review: Review = Field(description="Who stands behind them.")


class PhraseGroup(StrEnum):
    """What a sentence is for, in the order in which groups are shown. Those for the `counter` do not fit a chat."""

    GREETING = "greeting"
    WAITING = "waiting"
    ASKING = "asking"
    PAPERS = "papers"
    APPOINTMENT = "appointment"
    HELP = "help"
    LIMITS = "limits"
    GOODBYE = "goodbye"
    COUNTER = "counter"


class FieldKind(StrEnum):
    """What is filled in at the desk: a telephone number, a day, a time, or a few Dutch words such as a name on a door."""

    PHONE = "phone"
    DATE = "date"
    TIME = "time"
    TEXT = "text"


class Phrase(Strict):
    """A sentence that is said at the desk."""

    id: Slug = Field(description="Fixed name.")
    group: PhraseGroup = Field(description="What it is for.")
    fields: dict[FieldName, FieldKind] = Field(
        default_factory=dict, description="What is filled in where the sentence has `{name}`, and of which kind it is."
    )
    words: dict[LanguageCode, Said] = Field(description="The sentence per language.")

    def filled(self, language: str, values: Mapping[str, str]) -> str:
        """The sentence with each `{name}` filled in; KeyError for a language or value that is not there."""
        return _PLACEHOLDER.sub(lambda found: values[found[1]], self.words[language].text)


class Phrasebook(Strict):
    """`phrasebook.yaml`."""

    languages: tuple[LanguageCode, ...] = Field(min_length=1, description="Languages every phrase is in.")
    phrases: tuple[Phrase, ...] = Field(description="The phrases, in the order in which they are shown.")

    def find(self, id: str) -> Phrase | None:
        """The phrase named `id`, or None."""
        return next((phrase for phrase in self.phrases if phrase.id == id), None)

    def grouped(self) -> list[tuple[PhraseGroup, list[Phrase]]]:
        """The phrases per group that has any."""
        groups = [(group, [phrase for phrase in self.phrases if phrase.group is group]) for group in PhraseGroup]
        return [(group, phrases) for group, phrases in groups if phrases]

    def over(self, shared: Phrasebook) -> Phrasebook:
        """These phrases, and after them the shared ones whose id is not among them."""
        own = {phrase.id for phrase in self.phrases}
        rest = tuple(phrase for phrase in shared.phrases if phrase.id not in own)
        return self.model_copy(update={"phrases": (*self.phrases, *rest)})


def problems_of(book: Phrasebook) -> Iterator[Finding]:
    """What is wrong with a phrasebook: an id that stands twice, a language too few or too many, places to fill in that differ."""
    numbered = [(str(place), phrase) for place, phrase in enumerate(book.phrases)]
    yield from repeated([(("phrases", place, "id"), phrase.id) for place, phrase in numbered])
    yield from incomplete([(("phrases", place, "words"), phrase.words) for place, phrase in numbered], book.languages)
    for place, phrase in numbered:
        for code, said in phrase.words.items():
            if (found := sorted(_PLACEHOLDER.findall(said.text))) != sorted(phrase.fields):
                why = f"fills in {_listed(found)}, and `fields` names {_listed(sorted(phrase.fields))}"
                yield ("phrases", place, "words", code, "text"), why


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names) or "nothing"


def repeated(names: Sequence[tuple[FieldPath, str]]) -> Iterator[Finding]:
    """Names that stand twice, whatever the case of their letters."""
    seen: set[str] = set()
    for field, name in names:
        if name.casefold() in seen:
            yield field, f"stands here twice: {name}"
        seen.add(name.casefold())


def incomplete(said: Sequence[tuple[FieldPath, Mapping[str, Said]]], languages: Sequence[str]) -> Iterator[Finding]:
    """Texts that are not in exactly these languages."""
    for field, texts in said:
        yield from ((field, f"has no text in {code}") for code in languages if code not in texts)
        yield from (((*field, code), "is not a language of this file") for code in texts if code not in languages)
