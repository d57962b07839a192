"""A desk over a real server, and its live changes: a test transport would wait for the end of a stream that has none."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import uvicorn
from desk_house import Worker
from fastapi import FastAPI

SECONDS = 5.0


class Stream:
    """Reads one event at a time."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines

    async def next(self) -> tuple[str, Any, str | None]:
        """Name, data and id of the next event; comments are skipped."""
        return await asyncio.wait_for(self._read(), SECONDS)

    async def _read(self) -> tuple[str, Any, str | None]:
        fields: dict[str, str] = {}
        async for line in self._lines:
            name, _, value = line.partition(": ")
            if line and name:
                fields[name] = value
            elif "data" in fields:
                return fields["event"], json.loads(fields["data"]), fields.get("id")
        raise EOFError


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    """The application on a port of its own; gives its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", timeout_graceful_shutdown=1))
        running = asyncio.create_task(server.serve([listener]))
        while not server.started:
            assert not running.done(), "the server did not start"
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        await running


@asynccontextmanager
async def opened(address: str, worker: Worker, path: str, **headers: str) -> AsyncIterator[Stream]:
    """The stream at `path`, as the worker's browser gets it."""
    async with (
        httpx.AsyncClient(base_url=address, cookies={"desk": worker.client.cookies["desk"]}, timeout=SECONDS) as client,
        client.stream("GET", path, headers=headers) as response,
    ):
        assert response.headers["content-type"].startswith("text/event-stream")
        yield Stream(response.aiter_lines())
