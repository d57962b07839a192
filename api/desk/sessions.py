"""Desk logins: a secret in a cookie, its hash in the database, until it expires or is ended."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from api.conversation.store import Clock, hashed
from api.conversation.tables import SessionRow, StaffRow
from api.desk.account_tables import SecondStepRow
from api.desk.accounts import Staff, staff_of

WAITS = dt.timedelta(minutes=10)
"""How long somebody has for the second step."""
TRIES = 5
"""How many wrong codes a login bears before it begins with the password again."""
FRESH = dt.timedelta(minutes=15)
SEEN_EVERY = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class StaffSession:
    """Who is logged in, and the value every form must send back."""

    staff: Staff
    csrf: str
    expires_at: dt.datetime
    seen_at: dt.datetime
    id: int = 0
    fresh: bool = False
    """Whether the password was given just now."""
    step_due: bool = False
    """Whether nothing else may be done before a second step is set up."""


@dataclass(frozen=True)
class OpenLogin:
    """One login in the list that its owner reads."""

    id: int
    device: str
    started_at: dt.datetime
    seen_at: dt.datetime


class Sessions:
    """Starts, finds and ends logins. `second_step` says whether everybody needs one."""

    def __init__(self, engine: AsyncEngine, clock: Clock, hours: int, second_step: bool = False) -> None:
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._clock = clock
        self._lasts = dt.timedelta(hours=hours)
        self._second_step = second_step

    async def start(self, staff: Staff, device: str = "", *, waits: bool = False) -> str:
        """A new login for `staff`; returns the secret for the cookie. Expired logins are removed.

        One that `waits` for the second step lasts ten minutes and opens nothing; the second step starts another one.
        """
        secret, now = secrets.token_urlsafe(32), self._clock()
        row = SessionRow(
            key=hashed(secret),
            staff_id=staff.id,
            csrf=secrets.token_urlsafe(32),
            device=device[:40],
            waits=waits,
            tries=0,
            started_at=now,
            seen_at=now,
            expires_at=now + (WAITS if waits else self._lasts),
        )
        async with self._sessions() as session, session.begin():
            await session.execute(delete(SessionRow).where(SessionRow.expires_at <= now))
            session.add(row)
        return secret

    async def find(self, secret: str, *, waits: bool = False) -> StaffSession | None:
        """The login behind `secret`, unless it expired or ended or its account was deactivated."""
        now = self._clock()
        valid = (SessionRow.key == hashed(secret), SessionRow.expires_at > now, SessionRow.waits.is_(waits))
        query = select(SessionRow, StaffRow, SecondStepRow.staff_id).join(StaffRow, StaffRow.id == SessionRow.staff_id)
        query = query.outerjoin(SecondStepRow, SecondStepRow.staff_id == StaffRow.id)
        async with self._sessions() as session:
            found = (await session.execute(query.where(*valid, StaffRow.deactivated_at.is_(None)))).first()
            if found is None:
                return None
            row, staff, step = found
            known = await staff_of(session, staff)
        due = self._second_step and step is None
        return StaffSession(known, row.csrf, row.expires_at, row.seen_at, row.id, now - row.started_at < FRESH, due)

    async def try_code(self, id: int) -> bool:
        """Count one try of the second step; False when there were too many, and then the login is gone."""
        async with self._sessions() as session, session.begin():
            counted = update(SessionRow).where(SessionRow.id == id, SessionRow.tries < TRIES).values(tries=SessionRow.tries + 1)
            result: CursorResult[Any] = await session.execute(counted)  # type: ignore[assignment]
            if result.rowcount == 1:
                return True
            await session.execute(delete(SessionRow).where(SessionRow.id == id))
        return False

    async def seen(self, found: StaffSession) -> None:
        """Remember that a login is in use, once a minute."""
        now = self._clock()
        if found.seen_at > now - SEEN_EVERY:
            return
        async with self._sessions() as session, session.begin():
            await session.execute(update(SessionRow).where(SessionRow.id == found.id).values(seen_at=now))

    async def of(self, staff_id: int) -> list[OpenLogin]:
        """The logins of one worker, the one used last first."""
        valid = (SessionRow.staff_id == staff_id, SessionRow.expires_at > self._clock(), SessionRow.waits.is_(False))
        async with self._sessions() as session:
            rows = await session.scalars(
                select(SessionRow).where(*valid).order_by(SessionRow.seen_at.desc(), SessionRow.id.desc())
            )
            return [OpenLogin(row.id, row.device, row.started_at, row.seen_at) for row in rows]

    async def end(self, secret: str) -> None:
        """Forget one login."""
        await self._delete(SessionRow.key == hashed(secret))

    async def end_one(self, staff_id: int, id: int) -> bool:
        """Forget the login `id` if it is this worker's; whether it was there."""
        return await self._delete(SessionRow.staff_id == staff_id, SessionRow.id == id) == 1

    async def end_all(self, staff_id: int, but: int = 0) -> int:
        """Forget the logins of one worker, all or all `but` one; how many."""
        return await self._delete(SessionRow.staff_id == staff_id, SessionRow.id != but)

    async def _delete(self, *which: Any) -> int:
        async with self._sessions() as session, session.begin():
            result: CursorResult[Any] = await session.execute(delete(SessionRow).where(*which))  # type: ignore[assignment]
        return result.rowcount
