"""Messages that came in: stored before WhatsApp hears 200, each once, until they are handled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from api.conversation.store import Clock
from api.whatsapp.letter import Letter
from api.whatsapp.metrics import RECEIVED, REPEATED
from api.whatsapp.tables import InboxRow

KEEP: Final = dt.timedelta(days=8)
"""WhatsApp tries for seven days; so long a message may come again."""
MAX_ATTEMPTS: Final = 8


@dataclass(frozen=True)
class Pending:
    """A letter that waits to be handled."""

    id: int
    letter: Letter
    attempts: int


class Inbox:
    """Keeps letters. Handling one twice does no harm, losing one does."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
        self._clock = clock

    async def add(self, session: AsyncSession, letters: Iterable[Letter]) -> None:
        """Store those that are new, in the caller's transaction. Two calls at once are kept apart by the database."""
        now = self._clock()
        for letter in letters:
            row = {
                "key": letter.key,
                "sender": letter.sender,
                "letter": letter.model_dump(mode="json"),
                "sent_at": letter.sent_at,
            }
            moments = {"received_at": now, "next_at": now, "attempts": 0, "done": False}
            new: CursorResult[Any] = await session.execute(  # type: ignore[assignment]
                self._insert(InboxRow).values(**row, **moments).on_conflict_do_nothing(index_elements=["key"])
            )
            (RECEIVED.labels(letter.kind) if new.rowcount else REPEATED).inc()

    async def senders(self) -> Sequence[str]:
        """Who has letters that can be handled now."""
        due = (InboxRow.done.is_(False), InboxRow.next_at <= self._clock())
        async with self._sessions() as session:
            found = (await session.execute(select(InboxRow.sender).where(*due).distinct())).scalars().all()
        return [sender for sender in found if sender]

    async def begin(self, sender: str) -> Pending | None:
        """The oldest letter of a sender; None when there is none, or when it is not time to try it again.

        Until it is finished it may be begun anew, each time after a longer wait.
        """
        now = self._clock()
        oldest = select(InboxRow).where(InboxRow.sender == sender, InboxRow.done.is_(False))
        async with self._sessions() as session, session.begin():
            row = await session.scalar(oldest.order_by(InboxRow.sent_at, InboxRow.id).limit(1))
            if row is None or row.next_at > now:
                return None
            row.attempts += 1
            row.next_at = now + dt.timedelta(seconds=2**row.attempts)
            return Pending(row.id, Letter.model_validate(row.letter), row.attempts)

    async def finish(self, id: int) -> None:
        """It is handled: nothing of it stays but the mark that it came."""
        async with self._sessions() as session, session.begin():
            await session.execute(update(InboxRow).where(InboxRow.id == id).values(done=True, letter=None, sender=None))

    async def let_go(self, before: dt.datetime) -> None:
        """Forget everything that came before a moment, handled or not: for when the number was taken away."""
        async with self._sessions() as session, session.begin():
            await session.execute(delete(InboxRow).where(InboxRow.received_at < before))

    async def sweep(self) -> None:
        """Forget what cannot come again any more."""
        async with self._sessions() as session, session.begin():
            old = (InboxRow.done.is_(True), InboxRow.received_at < self._clock() - KEEP)
            await session.execute(delete(InboxRow).where(*old))
