"""A server in a thread of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI


class Server:
    """The application on a free port; a test may stop it and start it again on the same port."""

    def __init__(self, app: FastAPI) -> None:
        self.app, self.port = app, 0

    def start(self) -> None:
        # Open event streams are cut after a second: browsers come back by themselves.
        config = uvicorn.Config(self.app, port=self.port, log_level="error", ws="none", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        end = time.monotonic() + 120
        while not self._server.started:
            assert self._thread.is_alive(), "the server did not start"
            assert time.monotonic() < end, "the server did not start in time"
            time.sleep(0.02)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def running(app: FastAPI) -> Iterator[Server]:
    """The application at work, until the block ends."""
    server = Server(app)
    server.start()
    try:
        yield server
    finally:
        server.stop()
