"""What a volunteer sees of each entry that was found: what it is, why it is here, and who checked it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.answers.reply import Fact
from api.towns import Town
from api.volunteer.finding import Piece, pieces
from api.volunteer.query import SearchQuery
from api.volunteer.sieve import Verdict
from api.volunteer.words import words
from knowledge.passages import Passage
from sociale_kaart.freshness import Freshness, freshness
from sociale_kaart.hours import AMSTERDAM
from sociale_kaart.review import ORIGINAL
from sociale_kaart.schema import State

NAMED_HERE = frozenset({"theme", "status"})
"""Filters whose value has a name in the catalogue of all languages."""


@dataclass(frozen=True)
class Why:
    """The passage that fitted best, in its own language; `kind` in words."""

    kind: str
    language: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Said:
    """What one filter says about an entry: True, False or None, in words."""

    fits: bool | None
    text: str


@dataclass(frozen=True)
class Result:
    """One entry that was found."""

    id: str
    name: str
    summary: str | None
    """None when nobody looked for too long."""
    state: str | None
    facts: tuple[Fact, ...]
    """What is known now, also whether it is open at this moment; when nobody looked for too long, only how to reach it."""
    why: Why | None
    said: tuple[Said, ...]
    notes: tuple[str, ...]
    checked: str
    checked_by: str


@dataclass(frozen=True)
class Left:
    """One entry that fell away."""

    id: str
    name: str
    said: tuple[Said, ...]


class Results:
    """Puts entries into words for one query, in the language of the page."""

    def __init__(
        self, town: Town, query: SearchQuery, language: str, at: dt.datetime, passages: Mapping[str, Passage | None]
    ) -> None:
        """`passages`: what fitted of each entry, by its id."""
        self._town, self._query, self._language, self._at = town, query, language, at
        self._passages = passages

    def show(self, verdicts: Iterable[Verdict]) -> list[Result]:
        """Each entry, in the same order."""
        return [self._result(verdict) for verdict in verdicts]

    def name(self, verdicts: Iterable[Verdict]) -> list[Left]:
        """Only what each is called and what the filters say, in the same order: many may fall away."""
        return [Left(verdict.entry.id, self._name(verdict), self._said(verdict)) for verdict in verdicts]

    def _result(self, verdict: Verdict) -> Result:
        entry, language = verdict.entry, self._language
        reply = self._town.composer.entry(entry, language, self._at)
        stale = freshness(entry, self._at.astimezone(AMSTERDAM).date()) is Freshness.STALE
        dutch_name = self._town.catalogue.text(language, "answer.dutch_name", name=entry.texts[ORIGINAL].name)
        return Result(
            id=entry.id,
            name=self._name(verdict),
            summary=None if stale else entry.text(language).summary,
            state=None if entry.state is State.ACTIVE else self._say(f"answer.state.{entry.state}"),
            facts=reply.facts,
            why=self._why(self._passages.get(entry.id)),
            said=self._said(verdict),
            notes=tuple(filter(None, (reply.paragraphs[0] if stale else "", *(n for n in reply.notes if n != dutch_name)))),
            checked=reply.sources[-1],
            checked_by=words().text(language, "checked_by", who=entry.verified.by),
        )

    def _name(self, verdict: Verdict) -> str:
        return verdict.entry.text(self._language).name

    def _said(self, verdict: Verdict) -> tuple[Said, ...]:
        return tuple(Said(fits, self._in_words(name, fits)) for name, fits in verdict.by_filter.items())

    def _why(self, passage: Passage | None) -> Why | None:
        if passage is None:
            return None
        kind = words().text(self._language, f"passage.{passage.kind}")
        return Why(kind, passage.language, pieces(passage.text, self._query.q))

    def _in_words(self, name: str, fits: bool | None) -> str:
        verdict = {True: "filter", False: "away", None: "unknown"}[fits]
        return words().text(self._language, f"{verdict}.{name}", value=self._value(name))

    def _value(self, name: str) -> str:
        """The value of a filter in words."""
        value = self._query.filters[name]
        if name in NAMED_HERE:
            key = f"public.theme.{value}" if name == "theme" else f"status.{value}"
            return self._say(key)
        return words().text(self._language, f"language.{value}") if name == "language" else value

    def _say(self, key: str) -> str:
        return self._town.catalogue.text(self._language, key)
