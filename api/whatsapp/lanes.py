"""Work that goes on beside other work, but one thing at a time per key: letters of one sender, bubbles to one person."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable

import structlog

from api.workers import Work

log = structlog.get_logger(__name__)


class Lanes:
    """At most one task per key, at most `limit` working at once. `wake` is set when one ends."""

    def __init__(self, name: str, limit: int) -> None:
        self.wake = asyncio.Event()
        self._name, self._places = name, asyncio.Semaphore(limit)
        self._tasks: dict[Hashable, asyncio.Task[None]] = {}

    def start(self, key: Hashable, work: Work) -> None:
        """Do `work`, unless something is being done for `key` already."""
        if key in self._tasks:
            return
        task = asyncio.create_task(self._in_place(work))
        self._tasks[key] = task
        task.add_done_callback(lambda ended: self._ended(key, ended))

    async def close(self) -> None:
        """Stop everything: what was not finished is taken up at the next start."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _in_place(self, work: Work) -> None:
        async with self._places:
            await work()

    def _ended(self, key: Hashable, task: asyncio.Task[None]) -> None:
        del self._tasks[key]
        if task.cancelled():
            return
        error = task.exception()
        if error:
            log.error("lane_failed", lane=self._name, error=type(error).__name__)
        else:
            self.wake.set()
