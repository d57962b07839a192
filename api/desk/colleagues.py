"""What managers do with the accounts of their own town: roles, closing and opening, taking the second step away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from api.conversation.store import Clock
from api.conversation.tables import InvitationRow, SessionRow, StaffRow
from api.desk.account_tables import SecondStepRow, StaffRoleRow
from api.desk.accounts import Staff, managers, staff_of
from api.desk.audit.deeds import Deed, Kind
from api.desk.audit.log import Audit
from api.desk.errors import LastManager, NoRole
from api.desk.roles import Role, ordered
from api.errors import NotFound


@dataclass(frozen=True)
class Colleague:
    """One account as managers see it; `seen_at` is the last use of a login that is still open."""

    staff: Staff
    active: bool
    second_step: bool
    created_at: dt.datetime
    seen_at: dt.datetime | None


class Colleagues:
    """Every change is written to the audit log in the same transaction, and waits for the change before it.

    So of two managers who take each other's role at once, the second finds that nobody else is left.
    `by` is the id of who does it, None for the command line. An account that is nowhere is looked for before the log is written,
    for a line about it cannot be.
    """

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._clock = clock
        self._audit = Audit(engine, clock)

    async def of(self, town: str) -> list[Colleague]:
        """All accounts of a town, those that are open first, then by name."""
        async with self._sessions() as session:
            rows = (await session.scalars(select(StaffRow).where(StaffRow.town == town))).all()
            found = [await self._colleague(session, row) for row in rows]
        return sorted(found, key=lambda one: (not one.active, one.staff.name.casefold(), one.staff.id))

    async def get(self, town: str, id: int) -> Colleague:
        """One account. NotFound when it is not of this town."""
        async with self._sessions() as session:
            return await self._colleague(session, await _row(session, town, id))

    async def by_login(self, login: str) -> Staff | None:
        """The account with this login, for the command line."""
        async with self._sessions() as session:
            row = await session.scalar(select(StaffRow).where(StaffRow.login == login.strip().lower()))
            return await staff_of(session, row) if row else None

    async def set_roles(self, town: str, id: int, roles: Iterable[Role], by: int | None) -> None:
        """Give exactly these roles. Who loses one must log in again.

        Raises:
            NotFound, NoRole
            LastManager: nobody would be left who manages the accounts of the town.
        """
        wanted = frozenset(roles)
        if not wanted:
            raise NoRole
        await self.get(town, id)
        async with self._sessions() as session, session.begin():
            await self._audit.append(session, Deed(Kind.ROLES_CHANGED, town, by, id, detail=",".join(ordered(wanted))))
            before = (await staff_of(session, await _row(session, town, id))).roles
            await session.execute(delete(StaffRoleRow).where(StaffRoleRow.staff_id == id))
            session.add_all(StaffRoleRow(staff_id=id, role=role) for role in wanted)
            await session.flush()
            if Role.ADMIN in before - wanted:
                await _check_managed(session, town)
            if before - wanted:
                await session.execute(delete(SessionRow).where(SessionRow.staff_id == id))

    async def deactivate(self, town: str, id: int, by: int | None) -> None:
        """Close an account: its logins and links end, its name stays where it stands. NotFound, LastManager."""
        await self.get(town, id)
        async with self._sessions() as session, session.begin():
            await self._audit.append(session, Deed(Kind.DEACTIVATED, town, by, id))
            roles = (await staff_of(session, await _row(session, town, id))).roles
            closed = update(StaffRow).where(StaffRow.id == id, StaffRow.deactivated_at.is_(None))
            await session.execute(closed.values(deactivated_at=self._clock()))
            if Role.ADMIN in roles:
                await _check_managed(session, town)
            await session.execute(delete(SessionRow).where(SessionRow.staff_id == id))
            await session.execute(delete(InvitationRow).where(InvitationRow.staff_id == id))

    async def reactivate(self, town: str, id: int, by: int | None) -> None:
        """Open it again, with the roles and the password it had. NotFound."""
        await self.get(town, id)
        async with self._sessions() as session, session.begin():
            await self._audit.append(session, Deed(Kind.REACTIVATED, town, by, id))
            await _row(session, town, id)
            await session.execute(update(StaffRow).where(StaffRow.id == id).values(deactivated_at=None))

    async def _colleague(self, session: AsyncSession, row: StaffRow) -> Colleague:
        step = await session.scalar(select(exists().where(SecondStepRow.staff_id == row.id)))
        open_ones = (SessionRow.staff_id == row.id, SessionRow.expires_at > self._clock(), SessionRow.waits.is_(False))
        seen = await session.scalar(select(func.max(SessionRow.seen_at)).where(*open_ones))
        return Colleague(await staff_of(session, row), row.deactivated_at is None, bool(step), row.created_at, seen)


async def _row(session: AsyncSession, town: str, id: int) -> StaffRow:
    row: Any = await session.scalar(select(StaffRow).where(StaffRow.id == id, StaffRow.town == town))
    if row is None:
        raise NotFound
    return row  # type: ignore[no-any-return]


async def _check_managed(session: AsyncSession, town: str) -> None:
    """LastManager, which takes everything of this transaction back, when nobody manages the town any more."""
    if (await session.scalars(managers(town))).first() is None:
        raise LastManager
