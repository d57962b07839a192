"""What people found out about an entry: closed, moved, not right. Kept without a word about who said it."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from api.answers.reply import Button, Reply
from api.conversation.commands import Command
from api.conversation.store import Clock
from api.freshness.tables import ReportRow
from api.towns import Town


class What(StrEnum):
    """What is said about an entry."""

    CLOSED = "closed"
    MOVED = "moved"
    WRONG = "wrong"
    CHANGED = "changed"


OFFERED = (What.CLOSED, What.MOVED, What.WRONG)
"""What a newcomer can tap; CHANGED is what an owner says, with words."""


@dataclass(frozen=True)
class Report:
    """One report; `text` is what an owner wrote."""

    id: int
    entry_id: str
    what: What
    text: str | None
    at: dt.datetime


class Reports:
    """Takes reports and keeps them until somebody at the desk has handled them."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._clock = clock

    def offer(self, town: Town, entry_id: str | None, language: str) -> tuple[Button, ...]:
        """Buttons with which a newcomer says what is wrong at an entry, with the way to a person; none without an entry."""
        if entry_id not in town.kaart:
            return ()
        buttons = [
            Button(title=town.catalogue.text(language, f"report.{what}"), payload=_payload(what, str(entry_id)))
            for what in OFFERED
        ]
        return (*buttons, town.composer.person(language))

    async def take(self, town: Town, command: Command, language: str) -> Reply:
        """Store what was tapped, and thank for it. The button itself tells which entry: the conversation may have moved on."""
        what, entry_id = command.entities.get("what"), command.entities.get("entry_id")
        if what not in OFFERED or entry_id is None or entry_id not in town.kaart:
            return town.composer.text(language, "error.not_found")
        await self.add(town.id, entry_id, What(what))
        return town.composer.text(language, "report.thanks")

    async def add(self, town: str, entry_id: str, what: What, text: str | None = None) -> None:
        """Store a report. One with words that is open already is not stored twice."""
        same = (*_open(town), ReportRow.entry_id == entry_id, ReportRow.what == what, ReportRow.text == text)
        async with self._sessions() as session, session.begin():
            if text is not None and await session.scalar(select(ReportRow.id).where(*same)):
                return
            session.add(ReportRow(town=town, entry_id=entry_id, what=what, text=text, at=self._clock()))

    async def open(self, town: str) -> list[Report]:
        """What nobody handled yet, oldest first."""
        async with self._sessions() as session:
            rows = (await session.execute(select(ReportRow).where(*_open(town)).order_by(ReportRow.id))).scalars()
            return [Report(row.id, row.entry_id, What(row.what), row.text, row.at) for row in rows]

    async def handle(self, town: str, entry_id: str, up_to: int, staff_id: int) -> None:
        """The reports about an entry up to this id are handled; what owners wrote goes with that. Newer ones stay open."""
        seen = (*_open(town), ReportRow.entry_id == entry_id, ReportRow.id <= up_to)
        async with self._sessions() as session, session.begin():
            done = {"handled_at": self._clock(), "handled_by": staff_id, "text": None}
            await session.execute(update(ReportRow).where(*seen).values(**done))


def _open(town: str) -> tuple[ColumnElement[bool], ...]:
    return ReportRow.town == town, ReportRow.handled_at.is_(None)


def _payload(what: What, entry_id: str) -> str:
    return f"/report{json.dumps({'what': what, 'entry_id': entry_id}, separators=(',', ':'))}"
