"""Rasa's own store of events (SQLite, beside our database): deleting what it keeps about one sender.

Rasa's HTTP API cannot do it: replacing a tracker there adds to the table and removes nothing.
"""

from __future__ import annotations

from typing import Protocol

import structlog
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

log = structlog.get_logger(__name__)
ABSENT = ("no such table", "unable to open database file")
"""What SQLite says when Rasa has never run with this data folder: then there is nothing to delete."""


class Memory(Protocol):
    """Whatever keeps events by sender."""

    async def forget(self, sender: str) -> None:
        """Delete everything about `sender`. Raises when that cannot be done now, and nothing is deleted."""
        ...


class RasaMemory:
    """Rasa's table of events."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def forget(self, sender: str) -> None:
        try:
            async with self._engine.begin() as connection:
                await connection.execute(text("DELETE FROM events WHERE sender_id = :sender"), {"sender": sender})
        except OperationalError as error:
            if not any(absent in str(error.orig) for absent in ABSENT):
                raise
            log.info("bot_memory_absent")

    async def close(self) -> None:
        await self._engine.dispose()
