"""How long ago the facts of an entry were compared, whose task that is, and what follows from it. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from sociale_kaart.kaart import Kaart
from sociale_kaart.municipality import Owner
from sociale_kaart.schema import Entry

STALE_AFTER_INTERVALS = 2
"""After so many review intervals, facts are no longer shown: only whom to ask."""


class Freshness(StrEnum):
    """Whether the facts still count as known."""

    FRESH = "fresh"
    OVERDUE = "overdue"
    STALE = "stale"


@dataclass(frozen=True)
class Due:
    """An entry whose facts need a new look, since so many days."""

    entry: Entry
    state: Freshness
    days: int
    owner: Owner | None
    """Whose task it is; None when the kaart does not say, and for entries that are shared by several kaarten."""


def due_on(entry: Entry) -> dt.date:
    """The first day on which the facts need a new look."""
    return entry.verified.on + dt.timedelta(days=entry.review_interval_days + 1)


def freshness(entry: Entry, today: dt.date) -> Freshness:
    """FRESH within the entry's review interval, OVERDUE after it, STALE after two of them."""
    days = (today - entry.verified.on).days
    if days <= entry.review_interval_days:
        return Freshness.FRESH
    return Freshness.OVERDUE if days <= STALE_AFTER_INTERVALS * entry.review_interval_days else Freshness.STALE


def owner_key(kaart: Kaart, entry: Entry) -> str | None:
    """The key of who keeps the entry true: its own, else the kaart's. None when nobody is named, and for a shared entry."""
    key = (entry.owner or kaart.municipality.owner) if kaart.is_own(entry.id) else None
    return key if key in kaart.municipality.owners else None


def owner_of(kaart: Kaart, entry: Entry) -> Owner | None:
    """Who keeps the entry true, or None when nobody is named."""
    key = owner_key(kaart, entry)
    return kaart.municipality.owners[key] if key else None


def due(kaart: Kaart, today: dt.date) -> list[Due]:
    """Every entry that is overdue or stale: stale ones first, then by the days since it was due."""
    found = [
        Due(entry, state, (today - due_on(entry)).days + 1, owner_of(kaart, entry))
        for entry in kaart
        if (state := freshness(entry, today)) is not Freshness.FRESH
    ]
    return sorted(found, key=lambda item: (item.state is not Freshness.STALE, -item.days, item.entry.id))
