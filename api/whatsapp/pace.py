"""How fast may be sent: to one person, and to all together. In the memory of this process."""

from __future__ import annotations

from collections.abc import Callable

BURST = 10.0
"""Messages to one person at once, before they are spaced. WhatsApp allows 45 and takes them off what may follow."""


class Bucket:
    """Holds up to `size` permits and gets one every `seconds`."""

    def __init__(self, size: float, seconds: float, clock: Callable[[], float]) -> None:
        self._size, self._seconds, self._clock = size, seconds, clock
        self._left, self._at = size, clock()

    def wait(self) -> float:
        """Seconds until there is a permit; 0 when there is one."""
        self._fill()
        return max(0.0, (1 - self._left) * self._seconds)

    def take(self) -> None:
        """Use one; what is urgent may go below nothing."""
        self._fill()
        self._left -= 1

    @property
    def full(self) -> bool:
        """Whether it is as good as new."""
        self._fill()
        return self._left >= self._size

    def _fill(self) -> None:
        now = self._clock()
        gained = (now - self._at) / self._seconds if self._seconds else self._size
        self._left, self._at = min(self._size, self._left + gained), now


class Pace:
    """Permits for each person and for all. `clock` gives seconds that never run back."""

    def __init__(self, per_second: int, spacing: float, clock: Callable[[], float]) -> None:
        self._spacing, self._clock = spacing, clock
        self._all = Bucket(per_second, 1 / per_second, clock)
        self._each: dict[int, Bucket] = {}

    def wait(self, person: int) -> float:
        """Seconds until something may be sent to `person`."""
        bucket = self._each.get(person)
        return max(self._all.wait(), bucket.wait() if bucket else 0.0)

    def take(self, person: int) -> None:
        """Something is sent to `person` now."""
        self._all.take()
        self._each.setdefault(person, Bucket(BURST, self._spacing, self._clock)).take()

    def sweep(self) -> None:
        """Forget whom nothing was sent to for a while."""
        self._each = {person: bucket for person, bucket in self._each.items() if not bucket.full}
