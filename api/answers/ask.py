"""From a question to an answer object: search, zones and facets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from api.answers.answer import Answer, Ranked
from api.metrics import timed
from knowledge.errors import KnowledgeError
from knowledge.search import Found
from knowledge.text import words
from sociale_kaart.kaart import Kaart
from sociale_kaart.schema import Facet

CHOICES = 3
"""How many entries an ask-back offers."""


class Searcher(Protocol):
    """What asking needs from search."""

    def find(self, text: str, language: str | None, limit: int = 10) -> Found: ...


class Asker:
    """Answers questions from the kaart. Without search (None: it could not be built) every question goes to a person."""

    def __init__(self, kaart: Kaart, search: Searcher | None) -> None:
        self._kaart, self._search = kaart, search
        self._homonyms = [
            (homonym.choices, _phrases(homonym.terms), _phrases(homonym.telling)) for homonym in kaart.municipality.homonyms
        ]

    def ask(self, text: str, language: str | None) -> Answer:
        """The entry, a few to choose from, or a person."""
        if not words(text):
            return Answer(kind="text", key="answer.not_understood", zone="ask_back")
        choices = self.either(text)
        if choices:
            return Answer(kind="ask_back", zone="ask_back", entries=tuple(Ranked(id=id, score=0.0) for id in choices))
        found = self.found(text, language)
        if found is None:
            return Answer(kind="none", zone="person")
        ranked = tuple(Ranked(id=hit.entry_id, score=round(hit.score, 4)) for hit in found.hits)
        kind = {"answer": "entry", "ask_back": "ask_back", "person": "none"}[found.zone]
        return Answer.model_validate(
            {"kind": kind, "zone": found.zone, "probability": round(found.probability, 4), "entries": ranked}
        )

    def entry(self, id: str) -> Answer:
        """The entry that someone chose; `none` when the kaart does not have it (any more)."""
        if id not in self._kaart:
            return Answer(kind="none", zone="person")
        return Answer(kind="entry", zone="answer", probability=1.0, entries=(Ranked(id=id, score=1.0),))

    def facet(self, facet: Facet, text: str | None, entry_id: str | None, language: str | None) -> Answer:
        """One fact of the entry that the conversation is about, unless `text` clearly names another entry."""
        asked = self.ask(text, language) if text else None
        if asked and asked.kind == "entry":
            entry_id = asked.entries[0].id
        if entry_id not in self._kaart:
            return asked if asked and asked.kind == "ask_back" else Answer(kind="text", key="answer.which_entry", zone="ask_back")
        return Answer(kind="facet", zone="answer", facet=facet, entries=(Ranked(id=str(entry_id), score=1.0),))

    def either(self, text: str) -> tuple[str, ...]:
        """What the text may mean, when it holds one name for several things and nothing that tells them apart."""
        said = _spaced(text)
        for choices, terms, telling in self._homonyms:
            if any(term in said for term in terms) and not any(word in said for word in telling):
                return choices
        return ()

    def found(self, text: str, language: str | None) -> Found | None:
        """What search finds, with the passages that fitted; None without search."""
        if self._search is None:
            return None
        try:
            with timed("search"):
                return self._search.find(text, language)
        except KnowledgeError:
            return None


def _spaced(text: str) -> str:
    """The words with a space around each, so that a phrase is found as whole words."""
    return f" {' '.join(words(text))} "


def _phrases(phrases: Iterable[str]) -> list[str]:
    return [_spaced(phrase) for phrase in phrases]
