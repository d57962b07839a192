"""The database behind signals: turns and steps to count, questions to group, and the counts that stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from api.conversation.asked import Outcome
from api.conversation.tables import AskedRow, ConversationRow, EventRow, MessageRow
from api.signals.counting import Happened, Number, Part, Turn
from api.signals.questions import Said
from api.signals.tables import CountRow

NEWEST = 20_000
"""Turns that are looked through for questions without an answer, the newest."""


class SignalStore:
    """Reads what people asked, and keeps the counts of weeks."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)

    async def oldest(self, town: str) -> dt.datetime | None:
        """When the oldest turn was that is still there."""
        async with self._sessions() as session:
            return await session.scalar(select(AskedRow.at).where(AskedRow.town == town).order_by(AskedRow.at).limit(1))

    async def counted(self, town: str) -> set[dt.date]:
        """The weeks whose counts are kept."""
        async with self._sessions() as session:
            return set(await session.scalars(select(CountRow.week).where(CountRow.town == town).distinct()))

    async def turns(self, town: str, start: dt.datetime, end: dt.datetime) -> list[Turn]:
        """What came of the turns from `start` up to `end`, in order."""
        query = select(AskedRow).where(AskedRow.town == town, AskedRow.at >= start, AskedRow.at < end).order_by(AskedRow.id)
        async with self._sessions() as session:
            return [
                Turn(row.conversation_id, row.language, row.channel, Outcome(row.outcome), row.entry_id)
                for row in await session.scalars(query)
            ]

    async def happened(self, town: str, start: dt.datetime, end: dt.datetime) -> list[Happened]:
        """The steps of conversations that had one from `start` up to `end`, in order; also those before."""
        ours = select(ConversationRow.id).where(ConversationRow.town == town)
        moved = select(EventRow.conversation_id).where(EventRow.at >= start, EventRow.at < end)
        query = select(EventRow).where(EventRow.conversation_id.in_(ours), EventRow.conversation_id.in_(moved), EventRow.at < end)
        async with self._sessions() as session:
            rows = await session.scalars(query.order_by(EventRow.id))
            return [Happened(row.conversation_id, row.step, row.detail, row.at) for row in rows]

    async def keep(self, town: str, week: dt.date, numbers: Collection[Number]) -> bool:
        """Keep the counts of a week; False when another process did so first."""
        rows = [CountRow(town=town, week=week, part=each.part, key=each.key, number=each.number) for each in numbers]
        try:
            async with self._sessions() as session, session.begin():
                session.add_all(rows)
        except IntegrityError:
            return False
        return True

    async def numbers(self, town: str) -> dict[dt.date, list[Number]]:
        """The counts that are kept, by week, the oldest first."""
        query = select(CountRow).where(CountRow.town == town).order_by(CountRow.week, CountRow.part, CountRow.key)
        weeks: dict[dt.date, list[Number]] = {}
        async with self._sessions() as session:
            for row in await session.scalars(query):
                weeks.setdefault(row.week, []).append(Number(Part(row.part), row.key, row.number))
        return weeks

    async def said(self, town: str) -> Sequence[Said]:
        """The newest turns with the words that were typed, in order. Conversations about danger are left out whole."""
        danger = select(AskedRow.conversation_id).where(AskedRow.outcome == Outcome.DANGER)
        noted = select(EventRow.conversation_id).where(EventRow.step == "danger")
        calm = (AskedRow.conversation_id.not_in(danger), AskedRow.conversation_id.not_in(noted))
        query = select(AskedRow, MessageRow).outerjoin(MessageRow, MessageRow.id == AskedRow.message_id)
        query = query.where(AskedRow.town == town, *calm).order_by(AskedRow.id.desc()).limit(NEWEST)
        async with self._sessions() as session:
            rows = (await session.execute(query)).all()
        return [
            Said(
                asked.conversation_id,
                Outcome(asked.outcome),
                message.id if message else None,
                message.text if message else "",
                (message.language if message else None) or asked.language or "",
            )
            for asked, message in reversed(rows)
        ]
