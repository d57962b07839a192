"""Opening hours: concrete days, the nights on which the clock changes, and a slow oracle."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sociale_kaart.hours import AMSTERDAM, Hours, closes_at, is_open, next_open
from sociale_kaart.schema import Schedule, Weekday

MINUTE = dt.timedelta(minutes=1)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR")


def block(days, opens: str, closes: str, **valid) -> Schedule:
    return Schedule(byday=days, opens_at=opens, closes_at=closes, **valid)


def at(text: str, fold: int = 0) -> dt.datetime:
    """Local time in Nijmegen."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM, fold=fold)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


OFFICE = Hours([block(WEEKDAYS, "09:00", "12:30"), block(["TU"], "13:30", "17:00")], closed_on=[dt.date(2026, 12, 25)])


@pytest.mark.parametrize(
    ("moment", "open_", "closes", "opens"),
    [
        ("2026-11-23T08:59", False, None, "2026-11-23T09:00"),  # a Monday
        ("2026-11-23T09:00", True, "2026-11-23T12:30", "2026-11-24T09:00"),
        ("2026-11-23T12:29", True, "2026-11-23T12:30", "2026-11-24T09:00"),
        ("2026-11-23T12:30", False, None, "2026-11-24T09:00"),
        ("2026-11-24T13:00", False, None, "2026-11-24T13:30"),
        ("2026-11-24T16:59", True, "2026-11-24T17:00", "2026-11-25T09:00"),
        ("2026-11-27T18:00", False, None, "2026-11-30T09:00"),  # over the weekend
        ("2026-12-24T20:00", False, None, "2026-12-28T09:00"),  # over Christmas and the weekend
        ("2026-12-25T10:00", False, None, "2026-12-28T09:00"),
    ],
)
def test_office_week(moment, open_, closes, opens):
    assert is_open(OFFICE, at(moment)) is open_
    assert closes_at(OFFICE, at(moment)) == (at(closes) if closes else None)
    assert next_open(OFFICE, at(moment)) == at(opens)


def test_moment_in_another_zone():
    assert is_open(OFFICE, utc("2026-11-23T08:00"))
    assert not is_open(OFFICE, utc("2026-11-23T11:30"))
    assert is_open(OFFICE, utc("2026-07-20T07:00"))  # in summer two hours ahead


def test_answers_are_in_local_time():
    assert next_open(OFFICE, utc("2026-11-23T03:00")).utcoffset() == dt.timedelta(hours=1)
    assert closes_at(OFFICE, utc("2026-07-20T08:00")).utcoffset() == dt.timedelta(hours=2)


def test_blocks_that_touch_or_overlap_are_one_opening():
    hours = Hours([block(["MO"], "09:00", "12:00"), block(["MO"], "12:00", "14:00"), block(["MO"], "13:00", "15:00")])
    assert closes_at(hours, at("2026-11-23T10:00")) == at("2026-11-23T15:00")
    assert next_open(hours, at("2026-11-23T10:00")) == at("2026-11-30T09:00")


def test_hours_of_a_season():
    hours = Hours([block(["MO"], "09:00", "12:00", valid_from="2026-11-23", valid_to="2026-11-30")])
    assert not is_open(hours, at("2026-11-16T10:00"))
    assert is_open(hours, at("2026-11-23T10:00"))
    assert is_open(hours, at("2026-11-30T10:00"))
    assert not is_open(hours, at("2026-12-07T10:00"))
    assert next_open(hours, at("2026-11-01T00:00")) == at("2026-11-23T09:00")
    assert next_open(hours, at("2026-11-30T12:00")) is None


def test_opening_more_than_a_year_away_is_not_promised():
    hours = Hours([block(["MO"], "09:00", "12:00", valid_from="2028-01-01")])
    assert next_open(hours, at("2026-11-23T10:00")) is None


def test_without_hours_nothing_is_known():
    assert not Hours().known
    assert Hours([block(["MO"], "09:00", "12:00")]).known
    assert next_open(Hours(), at("2026-11-23T10:00")) is None


@pytest.mark.parametrize("ask", [is_open, closes_at, next_open])
def test_naive_moment_is_refused(ask):
    with pytest.raises(ValueError, match="aware"):
        ask(OFFICE, dt.datetime(2026, 11, 23, 10))


def test_day_of_23_hours():
    """29 March 2026: 02:00 becomes 03:00."""
    hours = Hours([block(["SU"], "01:00", "06:00")])
    assert closes_at(hours, at("2026-03-29T01:30")) - at("2026-03-29T01:00").astimezone(dt.UTC) == dt.timedelta(hours=4)
    assert is_open(hours, utc("2026-03-29T03:59"))
    assert not is_open(hours, utc("2026-03-29T04:00"))


def test_block_that_starts_in_the_skipped_hour():
    hours = Hours([block(["SU"], "02:30", "06:00")])
    assert next_open(hours, utc("2026-03-29T00:00")) == utc("2026-03-29T01:30")
    assert next_open(hours, utc("2026-03-29T00:00")).strftime("%H:%M") == "03:30"


def test_block_inside_the_skipped_hour_is_left_out():
    hours = Hours([block(["SU"], "02:30", "03:15")])
    assert next_open(hours, utc("2026-03-28T12:00")) == at("2026-04-05T02:30")


def test_day_of_25_hours():
    """25 October 2026: 03:00 becomes 02:00. A time that comes twice is the first of the two."""
    hours = Hours([block(["SU"], "01:00", "02:30")])
    assert is_open(hours, at("2026-10-25T02:15", fold=0))
    assert not is_open(hours, at("2026-10-25T02:15", fold=1))
    assert not is_open(hours, utc("2026-10-25T01:15"))  # the same moment as the line before
    later = Hours([block(["SU"], "02:30", "06:00")])
    assert is_open(later, at("2026-10-25T02:15", fold=1))
    assert next_open(later, at("2026-10-25T02:15", fold=0)).astimezone(dt.UTC) == utc("2026-10-25T00:30")


# Blocks start at 04:00 or later, so that the wall clock alone tells the truth, also on the days of 23 and 25 hours.
minutes = st.integers(4 * 60, 24 * 60 - 1)
days = st.dates(dt.date(2026, 3, 23), dt.date(2026, 4, 5)) | st.dates(dt.date(2026, 10, 19), dt.date(2026, 11, 1))


def wall(minute: int) -> dt.time:
    return dt.time(minute // 60, minute % 60)


@st.composite
def schedules(draw) -> Schedule:
    first, last = sorted(draw(st.lists(minutes, min_size=2, max_size=2, unique=True)))
    start, end = sorted([draw(days), draw(days)])
    return Schedule(
        byday=draw(st.lists(st.sampled_from(list(Weekday)), min_size=1, unique=True)),
        opens_at=wall(first),
        closes_at=wall(last),
        valid_from=draw(st.sampled_from([None, start])),
        valid_to=draw(st.sampled_from([None, end])),
    )


hours_of_a_place = st.builds(Hours, st.lists(schedules(), max_size=4), st.lists(days, max_size=3))
moments = st.builds(lambda day, minute: dt.datetime.combine(day, wall(minute), AMSTERDAM), days, st.integers(0, 24 * 60 - 1))


def slowly_open(hours: Hours, moment: dt.datetime) -> bool:
    """The wall clock and the calendar, and nothing else."""
    local = moment.astimezone(AMSTERDAM)
    today, clock = local.date(), local.strftime("%H:%M")
    return today not in hours.closed_on and any(
        ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[today.weekday()] in [str(day) for day in schedule.byday]
        and (schedule.valid_from or today) <= today <= (schedule.valid_to or today)
        and schedule.opens_at.strftime("%H:%M") <= clock < schedule.closes_at.strftime("%H:%M")
        for schedule in hours.schedules
    )


@given(hours_of_a_place, moments)
def test_is_open_agrees_with_the_wall_clock(hours, moment):
    assert is_open(hours, moment) == is_open(hours, moment.astimezone(dt.UTC)) == slowly_open(hours, moment)


@settings(deadline=None)
@given(hours_of_a_place, moments)
def test_open_until_closes_at_and_not_a_minute_longer(hours, moment):
    end = closes_at(hours, moment)
    if end is None:
        assert not slowly_open(hours, moment)
        return
    minute = moment.astimezone(dt.UTC)
    while minute < end:
        assert slowly_open(hours, minute)
        minute += MINUTE
    assert not slowly_open(hours, end)


@settings(deadline=None, max_examples=60)
@given(hours_of_a_place, moments)
def test_next_open_is_the_first_minute_that_goes_from_closed_to_open(hours, moment):
    found = next_open(hours, moment)
    minute, before = moment.astimezone(dt.UTC), slowly_open(hours, moment)
    for _ in range(40 * 60):
        minute += MINUTE
        now = slowly_open(hours, minute)
        if now and not before:
            assert found == minute
            return
        before = now
    assert found is None or found > minute
