"""Whether an answer helped, as the newcomer said: one verdict per answer, gone with the conversation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from api.conversation.model import Message
from api.conversation.tables import VerdictRow


class Verdicts:
    """Reads and writes verdicts."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)

    async def give(self, message_id: int, payload: str) -> None:
        """Remember what was tapped (`/feedback_good`) under a message; a later verdict takes the place of an earlier one."""
        try:
            await self._put(message_id, payload)
        except IntegrityError:
            # Two taps at once: the row is there now.
            await self._put(message_id, payload)

    async def of(self, messages: Iterable[Message]) -> Mapping[int, str]:
        """The payload that was tapped, per id of a message."""
        ids = [message.id for message in messages if message.reply and message.reply.verdicts]
        async with self._sessions() as session:
            rows = (await session.execute(select(VerdictRow).where(VerdictRow.message_id.in_(ids)))).scalars()
            return {row.message_id: row.payload for row in rows}

    async def _put(self, message_id: int, payload: str) -> None:
        async with self._sessions() as session, session.begin():
            await session.merge(VerdictRow(message_id=message_id, payload=payload))
