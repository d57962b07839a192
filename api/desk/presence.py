"""Who else works at the desk, and which conversation they look at now."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, exists, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from api.conversation.store import Clock
from api.conversation.tables import SessionRow, StaffRow
from api.desk.account_tables import StaffRoleRow
from api.desk.roles import Role
from api.desk.tables import ViewingRow

LOOKS = dt.timedelta(seconds=90)
"""How long an open page counts after it was last heard of: its stream says so once a minute."""


@dataclass(frozen=True)
class Coworker:
    """Someone else of the same desk."""

    id: int
    name: str
    here: bool
    """Whether they are logged in now."""


class Presence:
    """Reads who works at a desk; remembers who looks at what."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._clock = clock

    async def of(self, town: str, staff_id: int) -> list[Coworker]:
        """Everyone else of the desk of `town` who answers newcomers, those who are logged in first."""
        open_ones = (SessionRow.staff_id == StaffRow.id, SessionRow.expires_at > self._clock(), SessionRow.waits.is_(False))
        talks = exists().where(StaffRoleRow.staff_id == StaffRow.id, StaffRoleRow.role == Role.DESK)
        others = (StaffRow.town == town, StaffRow.id != staff_id, StaffRow.deactivated_at.is_(None), talks)
        query = select(StaffRow.id, StaffRow.name, exists().where(*open_ones)).where(*others)
        async with self._sessions() as session:
            found = [Coworker(id, name, bool(there)) for id, name, there in (await session.execute(query)).all()]
        return sorted(found, key=lambda colleague: (not colleague.here, colleague.name.casefold(), colleague.id))

    async def looks(self, conversation_id: int, staff_id: int) -> bool:
        """This worker has the page open; True when that is new. Nothing happens for a conversation that is gone."""
        now, here = self._clock(), (ViewingRow.conversation_id == conversation_id, ViewingRow.staff_id == staff_id)
        try:
            async with self._sessions() as session, session.begin():
                await session.execute(delete(ViewingRow).where(ViewingRow.at <= now - LOOKS))
                result: CursorResult[Any] = await session.execute(update(ViewingRow).where(*here).values(at=now))  # type: ignore[assignment]
                if not result.rowcount:
                    session.add(ViewingRow(conversation_id=conversation_id, staff_id=staff_id, at=now))
        except IntegrityError:
            return False
        return not result.rowcount

    async def left(self, conversation_id: int, staff_id: int) -> None:
        """This worker closed the page."""
        here = (ViewingRow.conversation_id == conversation_id, ViewingRow.staff_id == staff_id)
        async with self._sessions() as session, session.begin():
            await session.execute(delete(ViewingRow).where(*here))

    async def viewers(self, ids: Collection[int], staff_id: int) -> dict[int, tuple[str, ...]]:
        """Per conversation the names of the others who look at it now."""
        query = select(ViewingRow.conversation_id, StaffRow.name).join(StaffRow, StaffRow.id == ViewingRow.staff_id)
        others = (ViewingRow.conversation_id.in_(ids), ViewingRow.staff_id != staff_id, ViewingRow.at > self._clock() - LOOKS)
        found: dict[int, list[str]] = defaultdict(list)
        async with self._sessions() as session:
            for id, name in (await session.execute(query.where(*others).order_by(StaffRow.name))).all():
                found[id].append(name)
        return {id: tuple(names) for id, names in found.items()}
