"""When facts still count as known."""

from __future__ import annotations

import datetime as dt

import pytest

from sociale_kaart.freshness import Freshness, due_on, freshness


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, Freshness.FRESH), (180, Freshness.FRESH), (181, Freshness.OVERDUE), (360, Freshness.OVERDUE), (361, Freshness.STALE)],
)
def test_two_intervals_and_then_no_more(nijmegen, days: int, expected: Freshness) -> None:
    entry = nijmegen.entry("zwemlessen").model_copy(update={"review_interval_days": 180})
    assert freshness(entry, entry.verified.on + dt.timedelta(days=days)) is expected


def test_due_on_is_the_first_overdue_day(nijmegen) -> None:
    entry = nijmegen.entry("zwemlessen")
    assert freshness(entry, due_on(entry)) is Freshness.OVERDUE
    assert freshness(entry, due_on(entry) - dt.timedelta(days=1)) is Freshness.FRESH
