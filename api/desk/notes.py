"""Notes about a conversation, for the people of the desk alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from api.conversation.store import Clock
from api.conversation.tables import StaffRow
from api.desk.errors import NoteNotValid
from api.desk.tables import NoteRow
from api.errors import NotFound

NOTE_LIMIT = 1000
"""Longest note, in characters."""


@dataclass(frozen=True)
class Note:
    """One note; `name` is None when its writer has no account any more."""

    id: int
    staff_id: int | None
    name: str | None
    text: str
    at: dt.datetime


class Notes:
    """Writes and reads notes. They are stored apart from messages, and go with their conversation."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._clock = clock

    async def of(self, conversation_id: int) -> list[Note]:
        """The notes of one conversation, oldest first."""
        query = select(NoteRow, StaffRow.name).outerjoin(StaffRow, StaffRow.id == NoteRow.staff_id)
        async with self._sessions() as session:
            rows = await session.execute(query.where(NoteRow.conversation_id == conversation_id).order_by(NoteRow.id))
            return [Note(row.id, row.staff_id, name, row.text, row.at) for row, name in rows]

    async def write(self, conversation_id: int, staff_id: int, text: str) -> None:
        """Add a note.

        Raises:
            NoteNotValid: it is empty, or too long.
            NotFound: the newcomer had everything deleted just now.
        """
        words = text.replace("\r\n", "\n").strip()
        if not words or len(words) > NOTE_LIMIT:
            raise NoteNotValid(limit=NOTE_LIMIT)
        try:
            async with self._sessions() as session, session.begin():
                session.add(NoteRow(conversation_id=conversation_id, staff_id=staff_id, text=words, at=self._clock()))
        except IntegrityError:
            raise NotFound from None

    async def remove(self, conversation_id: int, staff_id: int, id: int) -> None:
        """Take one's own note away; another's stays."""
        own = (NoteRow.id == id, NoteRow.conversation_id == conversation_id, NoteRow.staff_id == staff_id)
        async with self._sessions() as session, session.begin():
            await session.execute(delete(NoteRow).where(*own))
