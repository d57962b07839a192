"""Deletes what is too old, and what someone wants forgotten, here and at Rasa."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

from api.conversation.store import Clock, ConversationStore
from api.errors import NotFound
from api.rasa.memory import Memory


class Retention:
    """Deletes conversations with everything that belongs to them."""

    def __init__(self, store: ConversationStore, memory: Memory, clock: Clock, days: int) -> None:
        self._store, self._memory, self._clock, self._days = store, memory, clock, days

    async def forget(self, id: int) -> None:
        """Delete one conversation, in both databases: Rasa's first, for what is left there nobody could find any more."""
        await self._memory.forget((await self._store.get(id)).sender)
        await self._store.forget(id)

    async def run(self) -> int:
        """Delete conversations without a message for the set number of days; returns how many."""
        old = await self._store.older_than(self._clock() - dt.timedelta(days=self._days))
        for id in old:
            with suppress(NotFound):  # its newcomer was first
                await self.forget(id)
        return len(old)
