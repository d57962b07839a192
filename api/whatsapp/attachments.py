"""What newcomers sent beside words: a reference, as long as the desk may open it. We keep no copy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from api.conversation.model import Message
from api.conversation.store import Clock
from api.whatsapp.letter import Letter
from api.whatsapp.tables import AttachmentRow


@dataclass(frozen=True)
class Attachment:
    """A photo, voice note, ... of one message."""

    message_id: int
    kind: str
    media_id: str
    mime: str
    sha256: str | None
    filename: str | None


class Attachments:
    """Keeps references for `days` after they were sent."""

    def __init__(self, engine: AsyncEngine, clock: Clock, days: int) -> None:
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._clock, self._days = clock, dt.timedelta(days=days)

    async def add(self, message: Message, letter: Letter) -> None:
        """Note what came with a message; a second time changes nothing."""
        row = AttachmentRow(
            message_id=message.id,
            conversation_id=message.conversation_id,
            kind=letter.kind,
            media_id=letter.media_id,
            mime=letter.mime,
            sha256=letter.sha256,
            filename=letter.filename,
            expires_at=letter.sent_at + self._days,
        )
        try:
            async with self._sessions() as session, session.begin():
                session.add(row)
        except IntegrityError:
            return

    async def of(self, conversation_id: int) -> Mapping[int, Attachment]:
        """What can still be opened in a conversation, by message."""
        open_now = (AttachmentRow.conversation_id == conversation_id, AttachmentRow.expires_at > self._clock())
        async with self._sessions() as session:
            rows = (await session.execute(select(AttachmentRow).where(*open_now))).scalars()
            return {row.message_id: _attachment(row) for row in rows}

    async def sweep(self) -> None:
        """Delete what may not be opened any more."""
        async with self._sessions() as session, session.begin():
            await session.execute(delete(AttachmentRow).where(AttachmentRow.expires_at <= self._clock()))


def _attachment(row: AttachmentRow) -> Attachment:
    return Attachment(row.message_id, row.kind, row.media_id, row.mime, row.sha256, row.filename)
