"""Desk logins: a secret in a cookie, its hash in the database, until it expires."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from api.conversation.store import Clock, hashed
from api.conversation.tables import SessionRow, StaffRow
from api.desk.accounts import Staff


@dataclass(frozen=True)
class StaffSession:
    """Who is logged in, and the value every form must send back."""

    staff: Staff
    csrf: str
    expires_at: dt.datetime


class Sessions:
    """Starts, finds and ends logins."""

    def __init__(self, engine: AsyncEngine, clock: Clock, hours: int) -> None:
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._clock = clock
        self._lasts = dt.timedelta(hours=hours)

    async def start(self, staff: Staff) -> str:
        """A new login for `staff`; returns the secret for the cookie. Expired logins are removed."""
        secret, now = secrets.token_urlsafe(32), self._clock()
        row = SessionRow(key=hashed(secret), staff_id=staff.id, csrf=secrets.token_urlsafe(32), expires_at=now + self._lasts)
        async with self._sessions() as session, session.begin():
            await session.execute(delete(SessionRow).where(SessionRow.expires_at <= now))
            session.add(row)
        return secret

    async def find(self, secret: str) -> StaffSession | None:
        """The login behind `secret`, unless it expired or ended."""
        query = select(SessionRow, StaffRow).join(StaffRow, StaffRow.id == SessionRow.staff_id)
        valid = (SessionRow.key == hashed(secret), SessionRow.expires_at > self._clock())
        async with self._sessions() as session:
            found = (await session.execute(query.where(*valid))).first()
        if found is None:
            return None
        row, staff = found
        return StaffSession(Staff(staff.id, staff.login, staff.name, staff.town), row.csrf, row.expires_at)

    async def end(self, secret: str) -> None:
        """Forget one login."""
        async with self._sessions() as session, session.begin():
            await session.execute(delete(SessionRow).where(SessionRow.key == hashed(secret)))
