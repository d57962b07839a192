"""What happened to a conversation, for the people of the desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from api.conversation.model import Conversation, Speaker, Step
from api.conversation.store import ConversationStore
from api.conversation.tables import ConversationRow, EventRow, MessageRow, StaffRow
from api.errors import NotFound

RECENT = 50


@dataclass(frozen=True)
class Happening:
    """One step: which, why, by whom (None: the newcomer, or the rules), when."""

    step: str
    detail: str | None
    staff_name: str | None
    at: dt.datetime
    holder_name: str | None = None
    """Who has the conversation since, where it was given to someone."""
    taken: bool = False
    """Whether they took it over themselves."""


class History:
    """Reads the events. Only conversations that were ever put in the queue are the desk's: newcomers are told so."""

    def __init__(self, engine: AsyncEngine, store: ConversationStore) -> None:
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._store = store

    async def happenings(self, id: int) -> list[Happening]:
        """Everything that happened to one conversation, oldest first."""
        query = select(EventRow, StaffRow.name).outerjoin(StaffRow, StaffRow.id == EventRow.staff_id)
        async with self._sessions() as session:
            rows = (await session.execute(query.where(EventRow.conversation_id == id).order_by(EventRow.id))).all()
            given = {int(row.detail) for row, _ in rows if row.step == Step.TRANSFER and row.detail}
            named = (await session.execute(select(StaffRow.id, StaffRow.name).where(StaffRow.id.in_(given)))).all()
        names = {str(id): name for id, name in named}
        return [_happening(row, name, names) for row, name in rows]

    async def unanswered(self, ids: Collection[int]) -> frozenset[int]:
        """Of these conversations, those in which the newcomer wrote last; what the bot said of itself does not count."""
        spoke = (MessageRow.conversation_id.in_(ids), MessageRow.speaker.in_([Speaker.PERSON, Speaker.STAFF]))
        last = select(func.max(MessageRow.id)).where(*spoke).group_by(MessageRow.conversation_id)
        query = select(MessageRow.conversation_id).where(MessageRow.id.in_(last), MessageRow.speaker == Speaker.PERSON)
        async with self._sessions() as session:
            return frozenset((await session.execute(query)).scalars())

    async def closings(self, ids: Collection[int]) -> dict[int, str]:
        """Per conversation why it was closed last, where that is known."""
        query = select(EventRow.conversation_id, EventRow.detail).where(EventRow.conversation_id.in_(ids))
        closed = query.where(EventRow.step == Step.CLOSE, EventRow.detail.is_not(None)).order_by(EventRow.id)
        async with self._sessions() as session:
            return {id: str(detail) for id, detail in (await session.execute(closed)).all()}

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


def _happening(row: EventRow, name: str | None, names: Mapping[str, str]) -> Happening:
    holder = names.get(row.detail or "") if row.step == Step.TRANSFER else None
    return Happening(row.step, row.detail, name, row.at, holder, taken=row.detail == str(row.staff_id))
