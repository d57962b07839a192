"""Work that goes on as long as the server runs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

log = structlog.get_logger(__name__)
Work = Callable[[], Awaitable[None]]
RESTART_SECONDS = 1.0


async def woken(event: asyncio.Event, seconds: float) -> None:
    """Wait until `event` is set, at most so long.

    Not `asyncio.wait_for`: in Python 3.11 that swallows a cancellation that comes just after the event, and then a loop of waits
    never ends.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


async def keep_going(name: str, work: Work, pause: float = RESTART_SECONDS) -> None:
    """Do `work` until it ends or is cancelled. When it breaks down (a database that is away), say so and begin again."""
    while True:
        task = asyncio.ensure_future(work())
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            while not task.done():  # a library may swallow a cancellation: it is said until it is heard
                task.cancel()
                await asyncio.wait({task}, timeout=pause)
            raise
        error = None if task.cancelled() else task.exception()
        if error is None and not task.cancelled():
            return
        log.error("worker_failed", worker=name, error=type(error).__name__)
        await asyncio.sleep(pause)
