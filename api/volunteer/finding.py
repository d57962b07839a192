"""Which entries fit a word or a sentence, and which of their own words made them fit. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Final

from api.public.entries import holds
from api.towns import Town
from knowledge.calibration import Zone
from knowledge.detection import Detection, detect
from knowledge.passages import Passage
from knowledge.search import Found, Hit
from knowledge.text import words
from sociale_kaart.schema import Entry

FEWEST_SURE: Final = 5
"""How many are shown when search itself does not believe that any of them is right."""
NEAR: Final = 0.6
"""An entry with less than this part of the best one's score fits by chance."""
_SHORT: Final = 3
_TOKEN: Final = re.compile(r"[^\W_]+(?:['’`ʼ][^\W_]+)*")


@dataclass(frozen=True)
class Piece:
    """A part of a passage; `same` where it is a word that was typed."""

    text: str
    same: bool


@dataclass(frozen=True)
class Match:
    """An entry and why it was found: the passage that fitted best, or None when it only holds the words."""

    entry: Entry
    passage: Passage | None


@dataclass(frozen=True)
class Finding:
    """What was found, best first. `zone` None: there was no search, only a comparison of words."""

    language: Detection
    zone: Zone | None
    matches: tuple[Match, ...]


def find(town: Town, text: str, page_language: str, *, wide: bool = False) -> Finding:
    """What fits `text` best, and then every entry that holds all its words in its own language or in that of the page.

    `wide`: also what fits less well, since filters will take some away.
    """
    detected = detect(text)
    found = town.asker.found(text, detected.code) if words(text) else None
    fitted = {hit.entry_id: hit.passage for hit in _near(found, wide)} if found else {}
    meant = town.asker.either(text)
    holding = _holding(town, text, {detected.code or page_language, page_language})
    ids = dict.fromkeys([*meant, *fitted, *holding])
    matches = tuple(Match(town.kaart.entry(id), fitted.get(id)) for id in ids if id in town.kaart)
    return Finding(detected, "ask_back" if meant else found.zone if found else None, matches)


def pieces(passage: str, typed: str) -> tuple[Piece, ...]:
    """The passage, parted where it says the same words as what was typed; words of one or two letters tell nothing."""
    return tuple(_pieces(passage, {word for word in words(typed) if len(word) >= _SHORT}))


def _near(found: Found, wide: bool) -> tuple[Hit, ...]:
    if found.zone == "person":
        return found.hits[:FEWEST_SURE]
    return tuple(hit for hit in found.hits if wide or hit.score >= NEAR * found.hits[0].score)


def _pieces(passage: str, typed: set[str]) -> Iterator[Piece]:
    end = 0
    for token in _TOKEN.finditer(passage):
        if typed.intersection(words(token[0])):
            if token.start() > end:
                yield Piece(passage[end : token.start()], False)
            yield Piece(token[0], True)
            end = token.end()
    if end < len(passage):
        yield Piece(passage[end:], False)


def _holding(town: Town, text: str, languages: Set[str]) -> list[str]:
    wanted = words(text)
    return [entry.id for entry in town.kaart if any(holds(entry, wanted, language) for language in languages)]
