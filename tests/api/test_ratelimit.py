"""A sliding window: no more than so many in any stretch of time."""

from __future__ import annotations

import pytest

from api.errors import TooManyRequests
from api.ratelimit import RateLimit


class Seconds:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_window_slides() -> None:
    clock = Seconds()
    limit = RateLimit(2, 10, clock)
    limit.hit("a")
    clock.now = 6
    limit.hit("a")
    with pytest.raises(TooManyRequests) as refused:
        limit.hit("a")
    assert refused.value.values["retry_after"] == 4
    clock.now = 10
    limit.hit("a")
    with pytest.raises(TooManyRequests):
        limit.hit("a")


def test_keys_do_not_count_for_each_other() -> None:
    limit = RateLimit(1, 10, Seconds())
    limit.hit("a")
    limit.hit("b")


def test_quiet_keys_are_forgotten() -> None:
    clock = Seconds()
    limit = RateLimit(1, 10, clock)
    for number in range(100):
        limit.hit(str(number))
    clock.now = 25
    limit.hit("new")
    assert len(limit._hits) == 1
