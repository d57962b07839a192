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
    """One block in which a place is open; both ends are aware and local."""

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
    return any(block.start <= at < block.end for block in _blocks_on(hours, _local(at).date()))


def closes_at(hours: Hours, at: dt.datetime) -> dt.datetime | None:
    """End of the block that is open at `at`, following blocks that touch it; None when closed."""
    end: dt.datetime | None = None
    for block in sorted(_blocks_on(hours, _local(at).date())):
        if block.start <= (end or at) and block.end > (end or at):
            end = block.end
    return end


def next_open(hours: Hours, at: dt.datetime) -> dt.datetime | None:
    """The first start of a block after `at`, within a year; None when there is none."""
    day = _local(at).date()
    for offset in range(HORIZON_DAYS):
        starts = [block.start for block in _blocks_on(hours, day + dt.timedelta(days=offset)) if block.start > at]
        if starts:
            return min(starts)
    return None


def _local(at: dt.datetime) -> dt.datetime:
    if at.tzinfo is None:
        raise ValueError("opening hours need an aware datetime")
    return at.astimezone(AMSTERDAM)


def _blocks_on(hours: Hours, day: dt.date) -> Iterator[Opening]:
    if day in hours.closed_on:
        return
    for schedule in hours.schedules:
        if _DAYS[day.weekday()] in schedule.byday and _holds_on(schedule, day):
            yield Opening(
                dt.datetime.combine(day, schedule.opens_at, AMSTERDAM), dt.datetime.combine(day, schedule.closes_at, AMSTERDAM)
            )


def _holds_on(schedule: Schedule, day: dt.date) -> bool:
    after_start = schedule.valid_from is None or schedule.valid_from <= day
    return after_start and (schedule.valid_to is None or day <= schedule.valid_to)
