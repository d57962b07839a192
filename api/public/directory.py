"""The whole kaart in one language, as it goes on paper."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from api.answers.moments import date_in_words
from api.answers.reply import Reply
from api.public.entries import by_theme, timeless
from api.towns import Town
from sociale_kaart.hours import AMSTERDAM
from sociale_kaart.schema import Theme


@dataclass(frozen=True)
class Chapter:
    """One theme: its entries by id, as the chat tells them."""

    theme: Theme
    entries: tuple[tuple[str, Reply], ...]


@dataclass(frozen=True)
class Directory:
    """All chapters, and the day on which they were put together, in words."""

    chapters: tuple[Chapter, ...]
    made_on: str


def directory(town: Town, language: str, at: dt.datetime) -> Directory:
    """Every entry of the town once, under its most important theme."""
    chapters = []
    for group in by_theme(town.kaart):
        lasting = (timeless(entry, language, town.catalogue) for entry in group.entries)
        chapters.append(Chapter(group.theme, tuple((entry.id, town.composer.entry(entry, language, at)) for entry in lasting)))
    return Directory(tuple(chapters), date_in_words(town.catalogue, language, at.astimezone(AMSTERDAM).date()))
