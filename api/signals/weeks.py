"""Weeks as people of a municipality know them: from Monday to Sunday, local time. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sociale_kaart.hours import AMSTERDAM

ONE = dt.timedelta(days=7)


def week_of(moment: dt.datetime) -> dt.date:
    """The Monday of the week that `moment` is in."""
    day = moment.astimezone(AMSTERDAM).date()
    return day - dt.timedelta(days=day.weekday())


def bounds(monday: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """From when up to when the week lasts."""
    first, after = (dt.datetime.combine(day, dt.time(), AMSTERDAM) for day in (monday, monday + ONE))
    return first, after


def complete(oldest: dt.datetime, now: dt.datetime) -> Iterator[dt.date]:
    """The weeks from that of `oldest` on that are over by `now`, oldest first."""
    monday = week_of(oldest)
    while monday < week_of(now):
        yield monday
        monday += ONE
