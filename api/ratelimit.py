"""Limits how often something may happen, in the memory of this process."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable

from api.errors import TooManyRequests


class RateLimit:
    """At most `limit` hits per key in any window of `seconds`. `clock` gives seconds that never run back."""

    def __init__(self, limit: int, seconds: float, clock: Callable[[], float]) -> None:
        self._limit, self._seconds, self._clock = limit, seconds, clock
        self._hits: dict[str, deque[float]] = {}
        self._swept = clock()

    def hit(self, key: str) -> None:
        """Count one. TooManyRequests, with `retry_after` in seconds, when the window is full; such a hit is not counted."""
        now = self._clock()
        self._sweep(now)
        hits = self._hits.setdefault(key, deque())
        while hits and hits[0] <= now - self._seconds:
            hits.popleft()
        if len(hits) >= self._limit:
            raise TooManyRequests(retry_after=max(1, math.ceil(hits[0] + self._seconds - now)))
        hits.append(now)

    def _sweep(self, now: float) -> None:
        """Forget keys that were quiet for a window, once per window, so that memory does not grow with strangers."""
        if now - self._swept < self._seconds:
            return
        self._swept = now
        self._hits = {key: hits for key, hits in self._hits.items() if hits and hits[-1] > now - self._seconds}
