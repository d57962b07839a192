"""Tells open pages that something new is stored. Only says where to look; the store stays the truth."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

QUEUE = "queue"
"""Topic of the desk's queue; a conversation's topic is `topic(id)`."""


def topic(conversation_id: int) -> str:
    """Topic of one conversation."""
    return f"conversation:{conversation_id}"


class Broadcast:
    """Topics and their listeners, in this process."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[asyncio.Event]] = defaultdict(set)

    def publish(self, *topics: str) -> None:
        """Wake everyone who listens to one of `topics`."""
        for name in topics:
            for listener in self._listeners.get(name, ()):
                listener.set()

    @asynccontextmanager
    async def listen(self, name: str) -> AsyncIterator[asyncio.Event]:
        """An event that is set after each publication; the listener clears it, then reads the store."""
        event = asyncio.Event()
        self._listeners[name].add(event)
        try:
            yield event
        finally:
            self._listeners[name].discard(event)
            if not self._listeners[name]:
                del self._listeners[name]
