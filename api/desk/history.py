"""What happened to a conversation, for the people of the desk."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from api.conversation.model import Conversation, Step
from api.conversation.store import ConversationStore
from api.conversation.tables import ConversationRow, EventRow, StaffRow
from api.errors import NotFound

RECENT = 50


@dataclass(frozen=True)
class Happening:
    """One step: which, why, by whom (None: the newcomer, or the rules), when."""

    step: str
    detail: str | None
    staff_name: str | None
    at: dt.datetime


class History:
    """Reads the events. Only conversations that were ever put in the queue are the desk's: newcomers are told so."""

    def __init__(self, engine: AsyncEngine, store: ConversationStore) -> None:
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._store = store

    async def happenings(self, id: int) -> list[Happening]:
        """Everything that happened to one conversation, oldest first."""
        query = select(EventRow, StaffRow.name).outerjoin(StaffRow, StaffRow.id == EventRow.staff_id)
        async with self._sessions() as session:
            rows = await session.execute(query.where(EventRow.conversation_id == id).order_by(EventRow.id))
            return [Happening(row.step, row.detail, name, row.at) for row, name in rows]

    async def is_for_desk(self, conversation: Conversation) -> bool:
        """Whether the newcomer asked for a person, or the rules did, now or before."""
        asked = exists().where(EventRow.conversation_id == conversation.id, EventRow.step == Step.ASK_PERSON)
        async with self._sessions() as session:
            return bool(await session.scalar(select(asked)))

    async def recent(self, town: str) -> list[Conversation]:
        """Conversations of the desk of `town`, the one that changed last first."""
        asked = select(EventRow.conversation_id).where(EventRow.step == Step.ASK_PERSON)
        ours = (ConversationRow.id.in_(asked), ConversationRow.town == town)
        newest = select(ConversationRow.id).where(*ours).order_by(ConversationRow.updated_at.desc())
        async with self._sessions() as session:
            ids = (await session.execute(newest.limit(RECENT))).scalars().all()
        found = []
        for id in ids:
            with suppress(NotFound):  # forgotten in the meantime
                found.append(await self._store.get(id))
        return found
