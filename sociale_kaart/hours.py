"""Opening hours: pure functions over weekly schedules, in Europe/Amsterdam."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sociale_kaart.schema import Schedule, Weekday

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
HORIZON_DAYS = 366
_DAYS = tuple(Weekday)


@dataclass(frozen=True, order=True)
class Opening:
    """One block in which a place is open; both ends in UTC: moments in one local zone compare by wall clock, which can repeat."""

    start: dt.datetime
    end: dt.datetime


@dataclass(frozen=True)
class Hours:
    """Weekly blocks and the days on which the place is closed all the same."""

    schedules: Sequence[Schedule] = ()
    closed_on: Sequence[dt.date] = ()

    @property
    def known(self) -> bool:
        """False when no source gives hours: then open or closed cannot be said."""
        return bool(self.schedules)


def is_open(hours: Hours, at: dt.datetime) -> bool:
    """Whether the place is open at the aware moment `at`. ValueError for a naive one."""
    return closes_at(hours, at) is not None


def closes_at(hours: Hours, at: dt.datetime) -> dt.datetime | None:
    """End of the opening that holds `at`, in local time; None when closed. ValueError for a naive `at`."""
    found = _opening(hours, at)
    return found.end.astimezone(AMSTERDAM) if found else None


def opened_at(hours: Hours, at: dt.datetime) -> dt.datetime | None:
    """Start of the opening that holds `at`, in local time; None when closed. ValueError for a naive `at`."""
    found = _opening(hours, at)
    return found.start.astimezone(AMSTERDAM) if found else None


def next_open(hours: Hours, at: dt.datetime) -> dt.datetime | None:
    """When the place next goes from closed to open after `at`, in local time; None when it does not within a year.

    ValueError for a naive `at`.
    """
    day = _local(at).date()
    for offset in range(HORIZON_DAYS):
        for block in _openings_on(hours, day + dt.timedelta(days=offset)):
            if block.start > at:
                return block.start.astimezone(AMSTERDAM)
    return None


def _opening(hours: Hours, at: dt.datetime) -> Opening | None:
    return next((block for block in _openings_on(hours, _local(at).date()) if block.start <= at < block.end), None)


def _local(at: dt.datetime) -> dt.datetime:
    if at.utcoffset() is None:
        raise ValueError("opening hours need an aware datetime")
    return at.astimezone(AMSTERDAM)


def _openings_on(hours: Hours, day: dt.date) -> list[Opening]:
    """The openings of one day in order; blocks that touch or overlap are one opening."""
    merged: list[Opening] = []
    for block in sorted(_blocks_on(hours, day)):
        if merged and block.start <= merged[-1].end:
            merged[-1] = Opening(merged[-1].start, max(merged[-1].end, block.end))
        else:
            merged.append(block)
    return merged


def _blocks_on(hours: Hours, day: dt.date) -> Iterator[Opening]:
    if day in hours.closed_on:
        return
    for schedule in hours.schedules:
        if _DAYS[day.weekday()] in schedule.byday and _holds_on(schedule, day):
            block = Opening(_moment(day, schedule.opens_at), _moment(day, schedule.closes_at))
            if block.start < block.end:  # a block inside the hour that the clock skips leaves nothing
                yield block


def _moment(day: dt.date, time: dt.time) -> dt.datetime:
    """The moment of a wall time, in UTC; the first of two when the clock goes back, an hour later when it is skipped."""
    return dt.datetime.combine(day, time, AMSTERDAM).astimezone(dt.UTC)


def _holds_on(schedule: Schedule, day: dt.date) -> bool:
    after_start = schedule.valid_from is None or schedule.valid_from <= day
    return after_start and (schedule.valid_to is None or day <= schedule.valid_to)
