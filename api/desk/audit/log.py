"""Writes the audit log, checks it, and lets go of what is older than it must be kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from api.conversation.store import Clock
from api.desk.audit.deeds import BEGINNING, Deed, Kind, digest
from api.desk.audit.guard import KEPT_DAYS
from api.desk.audit.tables import AuditHeadRow, AuditRow

LOOKED_LASTS = dt.timedelta(minutes=15)
CHUNK = 1000


@dataclass(frozen=True)
class Verdict:
    """What checking found: how many lines, the last one's number and hash, and the number of the first that is wrong."""

    lines: int
    number: int
    hash: str
    broken_at: int | None = None
    why: str = ""


class Audit:
    """The log of one installation. Nothing here changes a line."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._clock = clock

    async def append(self, session: AsyncSession, deed: Deed) -> int:
        """Write a line in the transaction of `session`, as its first statement; its number.

        Taking the head makes every other writer wait until this transaction ends, on SQLite and on PostgreSQL alike.
        """
        await session.execute(update(AuditHeadRow).where(AuditHeadRow.id == 1).values(number=AuditHeadRow.number + 1))
        number, previous = (await session.execute(select(AuditHeadRow.number, AuditHeadRow.hash))).one()
        at = self._clock()
        hash = digest(previous, number, at, deed)
        session.add(AuditRow(id=number, at=at, previous=previous, hash=hash, **vars(deed)))
        await session.flush()
        await session.execute(update(AuditHeadRow).where(AuditHeadRow.id == 1).values(hash=hash))
        return int(number)

    async def add(self, deed: Deed) -> int:
        """Write a line on its own; its number."""
        async with self._sessions() as session, session.begin():
            return await self.append(session, deed)

    async def pretend(self, deed: Deed) -> None:
        """The work of writing a line without a line: what an unknown login costs, so that time tells nothing."""
        async with self._sessions() as session:  # closing it without a commit leaves nothing behind
            await self.append(session, deed)

    async def looked(self, deed: Deed) -> None:
        """A line, unless the same worker looked at the same conversation in the last quarter of an hour."""
        since = self._clock() - LOOKED_LASTS
        same = (AuditRow.conversation == deed.conversation, AuditRow.actor_id == deed.actor_id, AuditRow.kind == deed.kind)
        async with self._sessions() as session:
            known = await session.scalar(select(exists().where(*same, AuditRow.at > since)))
        if not known:
            await self.add(deed)

    async def verify(self) -> Verdict:
        """Follow the chain from its oldest line to the newest."""
        async with self._sessions() as session:
            pruned = await session.scalar(select(func.max(AuditRow.id)).where(AuditRow.kind == Kind.PRUNED))
            gone = int(await session.scalar(select(AuditRow.detail).where(AuditRow.id == pruned)) or 0) if pruned else 0
            head = (await session.execute(select(AuditHeadRow.number, AuditHeadRow.hash))).one()
        lines, number, hash = 0, gone, None if gone else BEGINNING
        async with aclosing(self._rows()) as rows:
            async for row in rows:
                why = _fault(row, number + 1, hash)
                if why:
                    return Verdict(lines, number, hash or BEGINNING, row.id, why)
                lines, number, hash = lines + 1, row.id, row.hash
        if (number, hash or BEGINNING) != tuple(head):
            return Verdict(lines, number, hash or BEGINNING, number + 1, "lines are missing at the end")
        return Verdict(lines, number, hash or BEGINNING)

    async def holds(self, number: int, hash: str) -> bool:
        """Whether line `number` still has this hash, noted down before."""
        async with self._sessions() as session:
            return await session.scalar(select(AuditRow.hash).where(AuditRow.id == number)) == hash

    async def prune(self, days: int, town: str) -> int:
        """Delete the oldest lines, those of more than `days` ago (at least 180); how many. A line says up to where."""
        before = self._clock() - dt.timedelta(days=max(days, KEPT_DAYS))
        async with self._sessions() as session:
            kept = await session.scalar(select(func.min(AuditRow.id)).where(AuditRow.at >= before))
            newest = await session.scalar(select(func.max(AuditRow.id)))
            last = (kept - 1) if kept else (newest or 0)
            count = await session.scalar(select(func.count()).where(AuditRow.id <= last)) or 0
        if not count:
            return 0
        async with self._sessions() as session, session.begin():
            await self.append(session, Deed(Kind.PRUNED, town, None, detail=str(last)))
            await session.execute(delete(AuditRow).where(AuditRow.id <= last))
        return count

    async def _rows(self) -> AsyncGenerator[AuditRow, None]:
        after = 0
        async with self._sessions() as session:
            while rows := (await session.scalars(_chunk(after))).all():
                for row in rows:
                    yield row
                after = rows[-1].id
                session.expunge_all()


def deed_of(row: AuditRow) -> Deed:
    """What a line says was done; an unknown kind is one that a newer version wrote."""
    return Deed(row.kind, row.town, row.actor_id, row.subject_id, row.conversation, row.thing, row.detail)  # type: ignore[arg-type]


def _chunk(after: int) -> Any:
    return select(AuditRow).where(AuditRow.id > after).order_by(AuditRow.id).limit(CHUNK)


def _fault(row: AuditRow, expected: int, previous: str | None) -> str:
    """Why a line does not follow the one before it; empty when it does. `previous` is None after pruning."""
    if row.id != expected:
        return "lines are missing before it"
    if previous is not None and row.previous != previous:
        return "it does not follow the line before it"
    return "" if row.hash == digest(row.previous, row.id, row.at, deed_of(row)) else "it was changed"
