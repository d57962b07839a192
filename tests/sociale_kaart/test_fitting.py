"""Whether an entry fits: yes, no, or not known."""

from __future__ import annotations

import datetime as dt

import pytest

from sociale_kaart import fitting
from sociale_kaart.kaart import Kaart
from sociale_kaart.schema import Audience, Entry, Location, ResidenceStatus, Schedule, State, Weekday

MONDAY = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
"""Ten o'clock in Amsterdam."""
OFFICE = Schedule(byday=(Weekday.MO,), opens_at=dt.time(9), closes_at=dt.time(17))


@pytest.fixture
def entry(kaart: Kaart) -> Entry:
    return kaart.entry("zwemlessen")


def test_unknown_hours_are_not_closed(entry: Entry) -> None:
    assert fitting.open_now(entry, MONDAY) is None
    office = entry.model_copy(update={"schedules": (OFFICE,)})
    assert fitting.open_now(office, MONDAY) is True
    assert fitting.open_now(office, MONDAY + dt.timedelta(days=1)) is False
    assert fitting.open_now(office.model_copy(update={"state": State.PLANNED}), MONDAY) is False
    assert fitting.open_now(entry.model_copy(update={"open_always": True}), MONDAY) is True


@pytest.mark.parametrize(("age", "fits"), [(11, False), (12, True), (18, True), (19, False)])
def test_both_ages_belong_to_it(entry: Entry, age: int, fits: bool) -> None:
    school = entry.model_copy(update={"audience": Audience(minimum_age=12, maximum_age=18)})
    assert fitting.takes_age(school, age) is fits
    assert fitting.takes_age(entry, age)


def test_what_no_source_says_is_not_known(entry: Entry) -> None:
    assert fitting.speaks(entry, "ar") is None
    assert fitting.costs_nothing(entry) is None
    assert fitting.in_district(entry, "Noord") is None
    told = entry.model_copy(update={"languages": ("ar",), "free": False, "locations": (Location(district="Noord"),)})
    assert fitting.speaks(told, "ar") is True
    assert fitting.speaks(told, "ti") is False
    assert fitting.costs_nothing(told) is False
    assert fitting.in_district(told, "Noord") is True
    assert fitting.in_district(told, "Zuid") is False


def test_whom_it_is_for(entry: Entry) -> None:
    assert fitting.meant_for(entry, ResidenceStatus.UNDOCUMENTED), "nobody is left out"
    some = entry.model_copy(update={"audience": Audience(statuses=(ResidenceStatus.ASYLUM_SEEKER,))})
    assert not fitting.meant_for(some, ResidenceStatus.UNDOCUMENTED)
    assert fitting.for_women(entry), "there are lessons for women apart"


def test_every_district_and_language_of_a_kaart(kaart: Kaart, entry: Entry) -> None:
    assert fitting.districts(kaart) == (), "no source names one"
    told = entry.model_copy(update={"locations": (Location(district="Zuid"), Location(district="Noord")), "languages": ("ti",)})
    assert fitting.districts(Kaart(kaart.municipality, (told,))) == ("Noord", "Zuid")
    assert fitting.spoken(Kaart(kaart.municipality, (told,))) == ("ti",)
