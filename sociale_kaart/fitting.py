"""Whether an entry fits what somebody looks for. True, False, or None where the kaart does not say. Pure."""

from __future__ import annotations

import datetime as dt

from sociale_kaart.hours import Hours, is_open
from sociale_kaart.kaart import Kaart
from sociale_kaart.schema import Entry, ResidenceStatus, State


def meant_for(entry: Entry, status: ResidenceStatus) -> bool:
    """Whether someone with this residence status can use it."""
    return not entry.audience.statuses or status in entry.audience.statuses


def takes_age(entry: Entry, age: int) -> bool:
    """Whether someone of this age, in years, can use it."""
    youngest, oldest = entry.audience.minimum_age, entry.audience.maximum_age
    return (youngest is None or age >= youngest) and (oldest is None or age <= oldest)


def for_women(entry: Entry) -> bool:
    """Whether it is for women only, or has something apart for them."""
    return entry.audience.women_only or entry.texts["nl"].facts.women is not None


def speaks(entry: Entry, language: str) -> bool | None:
    """Whether they speak this language there; None when no source says what they speak."""
    return language in entry.languages if entry.languages else None


def costs_nothing(entry: Entry) -> bool | None:
    """Whether it is free; None when no source says so."""
    return entry.free


def open_now(entry: Entry, at: dt.datetime) -> bool | None:
    """Whether it is open at the aware moment `at`; None when no source gives hours: that is not 'closed'."""
    if entry.state in (State.ENDED, State.PLANNED):
        return False
    if entry.open_always:
        return True
    hours = Hours(entry.schedules, entry.closed_on)
    return is_open(hours, at) if hours.known else None


def in_district(entry: Entry, district: str) -> bool | None:
    """Whether it has a place in this part of the town; None when no source says in which part it is."""
    known = {place.district for place in entry.locations if place.district}
    return district in known if known else None


def districts(kaart: Kaart) -> tuple[str, ...]:
    """Every district that an entry names, by name."""
    return tuple(sorted({place.district for entry in kaart for place in entry.locations if place.district}))


def spoken(kaart: Kaart) -> tuple[str, ...]:
    """Every language that an entry names, by code."""
    return tuple(sorted({language for entry in kaart for language in entry.languages}))
