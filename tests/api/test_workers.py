"""What goes on as long as the server runs does not end at the first error."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from api.workers import keep_going, woken


async def test_work_that_breaks_down_begins_again_and_ends_when_it_is_done() -> None:
    tried: list[int] = []

    async def work() -> None:
        tried.append(len(tried))
        if len(tried) < 3:
            raise OSError("the database is away")

    await keep_going("try", work, pause=0)
    assert tried == [0, 1, 2]


@pytest.mark.parametrize("turns", range(-6, 8))
async def test_a_worker_that_is_woken_while_it_is_cancelled_ends(turns: int) -> None:
    event = asyncio.Event()

    async def work() -> None:
        while True:
            event.clear()
            await woken(event, 60)

    async def later(loops: int, do: Callable[[], object]) -> None:
        for _ in range(loops):
            await asyncio.sleep(0)
        do()

    worker = asyncio.create_task(keep_going("try", work))
    await asyncio.sleep(0.01)
    await asyncio.gather(later(max(turns, 0), event.set), later(max(-turns, 0), worker.cancel))
    done, _ = await asyncio.wait({worker}, timeout=5)
    assert done, "it goes on for ever"
    assert worker.cancelled()


async def test_work_that_does_not_hear_that_it_is_cancelled_is_told_again() -> None:
    heard: list[int] = []

    async def work() -> None:
        while len(heard) < 2:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                heard.append(len(heard))

    worker = asyncio.create_task(keep_going("try", work, pause=0.01))
    await asyncio.sleep(0.01)
    worker.cancel()
    done, _ = await asyncio.wait({worker}, timeout=5)
    assert done, "it goes on for ever"
    assert worker.cancelled()
