"""Times chat turns against the running server: web post to answers stored, one user and many at once."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

import httpx


@dataclass(frozen=True)
class Timing:
    """Milliseconds per turn."""

    users: int
    turns: int
    median: float
    p95: float
    failed: int


async def time_turns(address: str, questions: Sequence[str], turns: int, users: int) -> Timing:
    """Post `turns` questions in all, by `users` people at once, each in a conversation of their own."""
    each = turns // users
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_person(address, [*questions[number:], *questions[:number]], each)) for number in range(users)]
    results = [result for task in tasks for result in task.result()]
    times = [seconds * 1000 for seconds, ok in results if ok]
    return Timing(users, len(results), statistics.median(times), statistics.quantiles(times, n=20)[-1], len(results) - len(times))


async def _person(address: str, questions: Sequence[str], turns: int) -> list[tuple[float, bool]]:
    results = []
    async with httpx.AsyncClient(base_url=address, timeout=30, headers={"Accept": "application/json"}) as client:
        for number in range(turns):
            if number % 10 == 0:
                # A new conversation, before one is slowed down as too eager or waits for a person.
                client.cookies.clear()
            started = time.perf_counter()
            response = await client.post("/chat", data={"text": questions[number % len(questions)], "origin": uuid4().hex})
            results.append((time.perf_counter() - started, response.is_success))
    return results


async def parts(address: str) -> dict[str, float]:
    """Mean milliseconds per part of a turn since the server started, from its metrics."""
    async with httpx.AsyncClient(base_url=address, timeout=30, follow_redirects=True) as client:
        lines = (await client.get("/metrics/")).text.splitlines()
    values = {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line.startswith("kaart_part"))}
    sums = {name.split('"')[1]: value for name, value in values.items() if name.startswith("kaart_part_seconds_sum")}
    counts = {name.split('"')[1]: value for name, value in values.items() if name.startswith("kaart_part_seconds_count")}
    return {part: seconds / counts[part] * 1000 for part, seconds in sums.items() if counts[part]}
