"""Reads the audit log: page by page, by person, kind and day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker
from sqlalchemy.orm import aliased

from api.conversation.tables import StaffRow
from api.desk.audit.deeds import Kind
from api.desk.audit.tables import AuditRow
from sociale_kaart.hours import AMSTERDAM

PAGE = 50
ALL = 100_000


@dataclass(frozen=True)
class Line:
    """One line, with the names of who did it and to whom (None: the command line, or nobody)."""

    number: int
    at: dt.datetime
    kind: str
    actor: str | None
    subject: str | None
    conversation: int | None
    thing: str | None
    detail: str | None
    hash: str


@dataclass(frozen=True)
class Wanted:
    """Which lines: of or about `person` (an account's id), of one kind, of one day in the Netherlands."""

    person: int | None = None
    kind: Kind | None = None
    day: dt.date | None = None


class Reading:
    """Reads; writes nothing."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)

    async def lines(self, town: str, wanted: Wanted, before: int | None = None, limit: int = PAGE) -> list[Line]:
        """The newest lines of a town with a number below `before`, newest first."""
        actor, subject = aliased(StaffRow), aliased(StaffRow)
        query = select(AuditRow, actor.name, subject.name).outerjoin(actor, actor.id == AuditRow.actor_id)
        query = query.outerjoin(subject, subject.id == AuditRow.subject_id).where(AuditRow.town == town, *_which(wanted))
        if before is not None:
            query = query.where(AuditRow.id < before)
        async with self._sessions() as session:
            rows = (await session.execute(query.order_by(AuditRow.id.desc()).limit(limit))).all()
        return [_line(row, by, to) for row, by, to in rows]


def _which(wanted: Wanted) -> list[Any]:
    which: list[Any] = []
    if wanted.person is not None:
        which.append(or_(AuditRow.actor_id == wanted.person, AuditRow.subject_id == wanted.person))
    if wanted.kind is not None:
        which.append(AuditRow.kind == wanted.kind)
    if wanted.day is not None:
        start = dt.datetime.combine(wanted.day, dt.time(), AMSTERDAM)
        end = dt.datetime.combine(wanted.day + dt.timedelta(days=1), dt.time(), AMSTERDAM)
        which += [AuditRow.at >= start, AuditRow.at < end]
    return which


def _line(row: AuditRow, actor: str | None, subject: str | None) -> Line:
    return Line(row.id, row.at, row.kind, actor, subject, row.conversation, row.thing, row.detail, row.hash)
