"""What somebody may begin with: the themes of the kaart, and the entries of one. Pure."""

from __future__ import annotations

from api.towns import Town
from sociale_kaart.schema import Entry, State, Theme


def subjects(town: Town) -> list[Theme]:
    """The themes that this town has something about."""
    return [theme for theme in Theme if entries_about(town, theme)]


def entries_about(town: Town, theme: Theme) -> list[Entry]:
    """What exists of which this is the most important theme."""
    return [entry for entry in _existing(town) if entry.themes[0] is theme]


def entries_touching(town: Town, theme: Theme) -> list[Entry]:
    """What exists of which this is another theme."""
    return [entry for entry in _existing(town) if theme in entry.themes[1:]]


def _existing(town: Town) -> list[Entry]:
    return [entry for entry in town.kaart if entry.state is not State.ENDED]
