"""Who waits too long for a person, and that this is warned about once: also by several processes, and after a restart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from api.conversation.model import State, Step
from api.conversation.store import Clock
from api.conversation.tables import ConversationRow, EventRow
from api.desk.tables import WarningRow
from sociale_kaart.hours import Hours, is_open, opened_at

TAKEN_FOR = dt.timedelta(minutes=5)
"""After this, a warning that was taken but not sent is taken again: its process died, or nobody took it in."""


@dataclass(frozen=True)
class Waiting:
    """Somebody in the queue, since when (the last time that they joined it), and whether it is about danger."""

    conversation_id: int
    since: dt.datetime
    danger: bool


@dataclass(frozen=True)
class Alert:
    """What a warning tells: numbers, and not a word of anyone."""

    town: str
    waiting: int
    danger: int
    oldest_minutes: int


def overdue(waiting: Iterable[Waiting], hours: Hours, now: dt.datetime, limit: dt.timedelta) -> list[Waiting]:
    """Those who waited for `limit` while the desk was open; with danger, whether it was open or not.

    Where no hours are known, every minute counts.
    """
    return [one for one in waiting if (counted := _counted_from(one, hours, now)) is not None and now - counted >= limit]


def alert(town: str, waiting: Iterable[Waiting], now: dt.datetime) -> Alert:
    """The numbers of everyone who waits (at least one)."""
    everyone = list(waiting)
    oldest = min(one.since for one in everyone)
    danger = sum(one.danger for one in everyone)
    return Alert(town, len(everyone), danger, int((now - oldest).total_seconds() // 60))


def _counted_from(one: Waiting, hours: Hours, now: dt.datetime) -> dt.datetime | None:
    if one.danger or not hours.known:
        return one.since
    opened = opened_at(hours, now) if is_open(hours, now) else None
    return max(one.since, opened) if opened else None


class Escalations:
    """Reads the queue of a town, and takes warnings."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._clock = clock

    async def waiting(self, town: str) -> list[Waiting]:
        """Everyone in the queue of `town`."""
        joined = EventRow.step.in_([Step.ASK_PERSON, Step.RELEASE])
        query = (
            select(ConversationRow.id, ConversationRow.danger, func.max(EventRow.at, type_=EventRow.at.type))
            .join(EventRow, EventRow.conversation_id == ConversationRow.id)
            .where(ConversationRow.town == town, ConversationRow.state == State.WAITING, joined)
            .group_by(ConversationRow.id, ConversationRow.danger)
        )
        async with self._sessions() as session:
            return [Waiting(id, since, danger) for id, danger, since in (await session.execute(query)).all()]

    async def take(self, one: Waiting) -> bool:
        """Whether this process is the one to warn about it; at most one is, until `TAKEN_FOR` is over."""
        now = self._clock()
        row = WarningRow(conversation_id=one.conversation_id, since=one.since, danger=one.danger, taken_at=now)
        try:
            async with self._sessions() as session, session.begin():
                session.add(row)
        except IntegrityError:
            return await self._take_again(one, now)
        return True

    async def sent(self, ones: Iterable[Waiting]) -> None:
        """These were warned about."""
        async with self._sessions() as session, session.begin():
            for one in ones:
                await session.execute(update(WarningRow).where(*_same(one)).values(sent_at=self._clock()))

    async def _take_again(self, one: Waiting, now: dt.datetime) -> bool:
        left = (WarningRow.sent_at.is_(None), WarningRow.taken_at <= now - TAKEN_FOR)
        async with self._sessions() as session, session.begin():
            result: CursorResult[Any] = await session.execute(  # type: ignore[assignment]
                update(WarningRow).where(*_same(one), *left).values(taken_at=now)
            )
        return result.rowcount == 1


def _same(one: Waiting) -> tuple[Any, ...]:
    return (
        WarningRow.conversation_id == one.conversation_id,
        WarningRow.since == one.since,
        WarningRow.danger == one.danger,
    )
