"""Drafts the texts that a kaart lacks, from its Dutch ones, with a machine that may refuse; nothing is written here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from knowledge.text import words
from knowledge.translation.protection import Protection
from knowledge.translation.translator import Refused, Translator
from sociale_kaart.drafts import Unfinished, no_machine, outdated, readable
from sociale_kaart.glossary import Glossary, Term
from sociale_kaart.phrasebook import Phrase, Phrasebook
from sociale_kaart.schema import Entry, Review, ReviewState, Text

_TELLING: Final = 5  # letters of a word that two sentences must share to be about the same thing


@dataclass(frozen=True)
class Gap:
    """A text that is missing, or was made from an older Dutch text."""

    entry: Entry
    language: str

    def __str__(self) -> str:
        return f"{self.entry.id} {self.language}"


@dataclass(frozen=True)
class NotDrafted:
    """Why there is no draft."""

    reason: str


class _Stop(Exception):
    """A line could not be translated; the message names it and says why."""


def gaps(kaart: Unfinished, language: str, only: Collection[str] = (), *, renew: bool = False) -> Iterator[Gap]:
    """The texts to draft in `language`, in the order of the kaart; with `renew` also those made from an older Dutch text."""
    for entry in kaart.entries:
        if (not only or entry.id in only) and (language not in entry.texts or (renew and outdated(entry, language))):
            yield Gap(entry, language)


class Drafter:
    """Fills gaps one by one. A draft has every line of the Dutch text, or there is none."""

    def __init__(self, kaart: Unfinished, translator: Translator) -> None:
        self._kaart, self._translator = kaart, translator
        self._taken = {_same(question) for entry in kaart.entries for text in entry.texts.values() for question in text.questions}

    async def drafts(self, found: Sequence[Gap]) -> AsyncIterator[tuple[Gap, Text | NotDrafted]]:
        """Each gap with its draft, as soon as there is one."""
        for gap in found:
            why = no_machine(gap.entry, gap.language)
            yield gap, NotDrafted(why) if why else await self._draft(gap)

    async def _draft(self, gap: Gap) -> Text | NotDrafted:
        dutch = gap.entry.texts["nl"]
        lines = dutch.model_dump(mode="json", exclude_defaults=True, exclude={"questions", "review", "source_hash"})
        try:
            written = {field: await self._translated(gap, value, field) for field, value in lines.items()}
            written["questions"] = await self._questions(gap)
            return Text(**written, review=Review(state=ReviewState.MACHINE), source_hash=dutch.hash)
        except _Stop as stop:
            return NotDrafted(str(stop))
        except ValidationError as error:
            return NotDrafted("; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()))

    async def _translated(self, gap: Gap, value: Any, field: str) -> Any:
        """The value with each string in it translated."""
        if isinstance(value, dict):
            return {key: await self._translated(gap, inner, f"{field}.{key}") for key, inner in value.items()}
        if isinstance(value, list):
            return [await self._translated(gap, inner, f"{field}.{place}") for place, inner in enumerate(value)]
        result = await self._translator.translate(value, "nl", gap.language, names=self._names(gap.entry), keep=True)
        if isinstance(result, Refused):
            raise _Stop(f"{field}: {result.reason}")
        return result.text

    async def _questions(self, gap: Gap) -> tuple[str, ...]:
        """The questions that are there, or the Dutch ones translated as far as it goes: they are searched, never shown."""
        if gap.language in gap.entry.texts:
            return gap.entry.texts[gap.language].questions
        written: list[str] = []
        for question in gap.entry.texts["nl"].questions:
            result = await self._translator.translate(question, "nl", gap.language, names=self._names(gap.entry), keep=True)
            if not isinstance(result, Refused) and _same(result.text) not in self._taken:
                written.append(result.text)
                self._taken.add(_same(result.text))
        fewest = self._kaart.municipality.minimum_questions
        if len(written) < fewest:
            raise _Stop(f"questions: {len(written)} could be translated, and {fewest} are needed")
        return tuple(written)

    def _names(self, entry: Entry) -> frozenset[str]:
        places = [
            part
            for place in entry.locations
            for part in (place.name, place.address_1, place.postal_code, place.city, place.district)
        ]
        return frozenset(filter(None, [entry.organization, self._kaart.municipality.name, *places]))


@dataclass(frozen=True)
class Help:
    """For someone who translates by hand: the words of the glossary in the Dutch text, and sentences that resemble it."""

    terms: tuple[Term, ...]
    phrases: tuple[Phrase, ...]


def help_with(text: Text, glossary: Glossary, book: Phrasebook) -> Help:
    """What the glossary and the phrasebook have for a Dutch text."""
    lines = readable(text)
    spelt = Protection(glossary.spellings).terms_in("\n".join(lines))
    terms = {term.term: term for term in map(glossary.term, spelt) if term}
    said = {word for line in lines for word in words(line) if len(word) >= _TELLING}
    phrases = tuple(phrase for phrase in book.phrases if said.intersection(words(phrase.words["nl"].text)))
    return Help(tuple(terms.values()), phrases)


def _same(question: str) -> str:
    """As the check of the kaart compares questions."""
    return " ".join(question.casefold().split())
