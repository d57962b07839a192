"""Entries as public pages show them: by theme, found by words, and without what holds at this moment only. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from api.i18n.catalogue import Catalogue
from api.towns import Town
from knowledge.detection import detect
from knowledge.text import normalise, words
from sociale_kaart import fitting
from sociale_kaart.kaart import Kaart
from sociale_kaart.schema import Entry, ResidenceStatus, ReviewState, Schedule, Theme

MOST_RANKED = 5
"""How many entries of a ranking are shown; further down they fit by chance."""
THEMES = (Theme.EMERGENCY, *(theme for theme in Theme if theme is not Theme.EMERGENCY))
"""Danger first, on paper as well."""


@dataclass(frozen=True)
class Group:
    """The entries whose most important theme is this one, in the order of the kaart."""

    theme: Theme
    entries: tuple[Entry, ...]


def by_theme(entries: Iterable[Entry]) -> list[Group]:
    """Every entry once; themes without entries are left out."""
    listed = tuple(entries)
    groups = (Group(theme, tuple(entry for entry in listed if entry.themes[0] is theme)) for theme in THEMES)
    return [group for group in groups if group.entries]


def meant_for(entries: Iterable[Entry], status: str) -> list[Entry]:
    """The entries that someone with this residence status can use; all of them when `status` is none that we know."""
    if status not in set(ResidenceStatus):
        return list(entries)
    return [entry for entry in entries if fitting.meant_for(entry, ResidenceStatus(status))]


def find(town: Town, text: str, language: str) -> list[Entry]:
    """What fits the question best, and then every entry that holds all its words."""
    asked = town.asker.ask(text, detect(text, language).code)
    ranked = [ranked.id for ranked in asked.entries[:MOST_RANKED]] if asked.kind in ("entry", "ask_back") else []
    wanted = words(text)
    holding = [entry.id for entry in town.kaart if holds(entry, wanted, language)]
    return [town.kaart.entry(id) for id in dict.fromkeys([*ranked, *holding])]


def linked(kaart: Kaart, ids: Iterable[str]) -> list[Entry]:
    """The entries with these ids, as far as this kaart has them."""
    return [entry for entry in map(kaart.find, ids) if entry]


def unreviewed(entries: Iterable[Entry], language: str) -> bool:
    """Whether nobody signed the text of at least one of them."""
    return any(entry.text(language).review.state is not ReviewState.REVIEWED for entry in entries)


def timeless(entry: Entry, language: str, catalogue: Catalogue) -> Entry:
    """The same entry for a page that is kept, shared or printed: its hours in words, not whether it is open now."""
    if entry.open_always or not entry.schedules:
        return entry
    text = entry.text(language)
    blocks = [_block(block, language, catalogue) for block in entry.schedules]
    when = " ".join([*blocks, *filter(None, [text.facts.when])])
    told = text.model_copy(update={"facts": text.facts.model_copy(update={"when": when})})
    texts: Mapping[str, object] = {**entry.texts, language if language in entry.texts else "nl": told}
    return entry.model_copy(update={"schedules": (), "texts": texts})


def _block(block: Schedule, language: str, catalogue: Catalogue) -> str:
    days = ", ".join(catalogue.text(language, f"day.{day}") for day in block.byday)
    return f"{days}: {block.opens_at:%H:%M}-{block.closes_at:%H:%M}."


def holds(entry: Entry, wanted: Sequence[str], language: str) -> bool:
    """Whether every wanted word stands in the names or the words of the entry."""
    text = entry.text(language)
    told = _in_one_spelling(" ".join([entry.texts["nl"].name, entry.organization or "", text.name, text.summary, *text.answer]))
    return bool(wanted) and all(word in told for word in wanted)


_in_one_spelling = lru_cache(maxsize=5_000)(normalise)
"""The same texts are searched again and again; a changed text is another one."""
