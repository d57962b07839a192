"""The people who write over WhatsApp, and the conversation of each."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from api.conversation.store import ConversationStore
from api.whatsapp.client import Address
from api.whatsapp.letter import Letter
from api.whatsapp.tables import ContactRow

CHANNEL: Final = "whatsapp"
WINDOW: Final = dt.timedelta(hours=24)
"""How long after a newcomer's message anything but a template may be sent."""


@dataclass(frozen=True)
class Contact:
    """Where one person is reached, and until when. `stopped_after`: id of the last message they want."""

    conversation_id: int
    address: Address
    last_inbound_at: dt.datetime
    stopped_after: int | None

    @property
    def open_until(self) -> dt.datetime:
        """When the 24 hours are over."""
        return self.last_inbound_at + WINDOW

    def closed(self, now: dt.datetime) -> bool:
        """Whether they are over."""
        return now >= self.open_until


class Contacts:
    """Finds and keeps contacts. They go with their conversation."""

    def __init__(self, engine: AsyncEngine, store: ConversationStore) -> None:
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._store = store

    async def of(self, conversation_id: int) -> Contact | None:
        """The contact of a conversation; None when that is of another channel, or gone."""
        async with self._sessions() as session:
            row = await session.get(ContactRow, conversation_id)
        return _contact(row) if row else None

    async def find(self, letter: Letter) -> Contact | None:
        """Who sent this, when they wrote before."""
        async with self._sessions() as session:
            row = await _row_of(session, letter)
        return _contact(row) if row else None

    async def writes(self, letter: Letter, town: str) -> Contact:
        """Who sent this, with a conversation in `town` that is made when they are new. Writing ends a wish for silence."""
        contact = await self._wrote(letter)
        if contact is None:
            await self._add(letter, town)
            contact = await self._wrote(letter)
        if contact is None:
            raise LookupError("forgotten just now")
        return contact

    async def stop(self, conversation_id: int, after: int) -> None:
        """Send nothing after message `after`, until the person writes again."""
        await self._set(conversation_id, stopped_after=after)

    async def moved(self, letter: Letter) -> None:
        """A person has another number or id from now on."""
        contact = await self.find(letter)
        new = {"wa_id": letter.new_wa_id, "bsuid": letter.new_bsuid}
        values = {name: value for name, value in new.items() if value}
        if contact and values:
            try:
                await self._set(contact.conversation_id, **values)
            except IntegrityError:
                return  # They wrote from the new one already: that is another conversation, and stays so.

    async def _wrote(self, letter: Letter) -> Contact | None:
        """Note that they wrote; None when they never did before."""
        async with self._sessions() as session, session.begin():
            row = await _row_of(session, letter)
            if row is None:
                return None
            await _learn(session, row, letter)
            row.last_inbound_at = max(row.last_inbound_at, letter.sent_at)
            row.stopped_after = None
        return _contact(row)

    async def _set(self, conversation_id: int, **values: Any) -> None:
        async with self._sessions() as session, session.begin():
            await session.execute(update(ContactRow).where(ContactRow.conversation_id == conversation_id).values(**values))

    async def _add(self, letter: Letter, town: str) -> None:
        conversation = await self._store.open(CHANNEL, secrets.token_urlsafe(32), town)
        row = ContactRow(
            conversation_id=conversation.id,
            number_id=letter.number_id,
            wa_id=letter.wa_id,
            bsuid=letter.bsuid,
            last_inbound_at=letter.sent_at,
        )
        try:
            async with self._sessions() as session, session.begin():
                session.add(row)
        except IntegrityError:
            # Two first messages at once, in two processes: the other one made it.
            await self._store.forget(conversation.id)


async def _row_of(session: AsyncSession, letter: Letter) -> ContactRow | None:
    """The number goes before the id: sending prefers it too."""
    names: list[ColumnElement[bool]] = []
    names += [ContactRow.wa_id == letter.wa_id] if letter.wa_id else []
    names += [ContactRow.bsuid == letter.bsuid] if letter.bsuid else []
    if not names:
        return None
    found = (
        (await session.execute(select(ContactRow).where(ContactRow.number_id == letter.number_id, or_(*names)))).scalars().all()
    )
    return next((row for row in found if letter.wa_id and row.wa_id == letter.wa_id), found[0] if found else None)


async def _learn(session: AsyncSession, row: ContactRow, letter: Letter) -> None:
    """Note by what else the person is known, unless another contact is known by that."""
    for name in ("wa_id", "bsuid"):
        value, column = getattr(letter, name), getattr(ContactRow, name)
        if value and getattr(row, name) is None:
            taken = select(ContactRow.conversation_id).where(ContactRow.number_id == row.number_id, column == value)
            if await session.scalar(taken) is None:
                setattr(row, name, value)


def _contact(row: ContactRow) -> Contact:
    return Contact(row.conversation_id, Address(row.number_id, row.wa_id, row.bsuid), row.last_inbound_at, row.stopped_after)
