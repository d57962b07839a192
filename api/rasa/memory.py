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


class Memory(Protocol):
    """Whatever keeps events by sender."""

    async def forget(self, sender: str) -> None:
        """Delete everything about `sender`."""
        ...


class RasaMemory:
    """Rasa's table of events."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def forget(self, sender: str) -> None:
        try:
            async with self._engine.begin() as connection:
                await connection.execute(text("DELETE FROM events WHERE sender_id = :sender"), {"sender": sender})
        except OperationalError:
            # No table: Rasa has never run with this data folder, so there is nothing to delete.
            log.info("bot_memory_absent")

    async def close(self) -> None:
        await self._engine.dispose()
