"""The mark of what a card shows of an entry: another mark means that something on the card is not so any more. Pure."""

from __future__ import annotations

import hashlib
from typing import Final

from sociale_kaart.review import ORIGINAL
from sociale_kaart.schema import Entry, Location

_SHOWN: Final = {"organization", "audience", "state", "contact", "locations", "schedules", "closed_on", "open_always", "instead"}
"""Fields whose value a card tells. Not when it was checked: a new check that changes nothing changes no card."""
_NOT_READ: Final = {"questions", "review", "source_hash"}


def mark(entry: Entry, language: str) -> str:
    """First 16 hex digits of SHA-256 over what the card says in Dutch and in `language`."""
    places = tuple(place for place in map(_as_shown, entry.locations) if place != Location())
    fields = entry.model_copy(update={"locations": places}).model_dump_json(include=_SHOWN, exclude_defaults=True)
    texts = [text.model_dump_json(exclude=_NOT_READ, exclude_defaults=True) for text in map(entry.text, (ORIGINAL, language))]
    return hashlib.sha256("\n".join([fields, *texts]).encode()).hexdigest()[:16]


def _as_shown(place: Location) -> Location:
    """Without its district: only a filter reads that, so filling it in changes no card."""
    return place.model_copy(update={"district": None})
