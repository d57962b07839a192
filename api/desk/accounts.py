"""Accounts of desk workers: made with a one-time link, opened with a password."""

from __future__ import annotations

import asyncio
import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import delete, exists, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from api.conversation.store import Clock, hashed
from api.conversation.tables import InvitationRow, StaffRow
from api.desk.errors import InvitationNotValid, LoginNotValid, LoginTaken, WrongLogin
from api.desk.passwords import MAX_LENGTH, check_password, clean_login, clean_name

INVITATION_LASTS = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Staff:
    """A desk worker; `name` is what newcomers see."""

    id: int
    login: str
    name: str
    town: str


class Accounts:
    """Makes and checks accounts. Hashing runs one at a time: each needs 64 MiB and a moment of a core."""

    def __init__(self, engine: AsyncEngine, clock: Clock, hasher: PasswordHasher | None = None) -> None:
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._clock = clock
        self._hasher = hasher or PasswordHasher()
        self._hashing = asyncio.Lock()

    async def any(self) -> bool:
        """Whether there is an account already."""
        async with self._sessions() as session:
            return bool(await session.scalar(select(exists().where(StaffRow.id.is_not(None)))))

    async def invite(self, town: str) -> str:
        """A new secret that makes one account at the desk of `town` within an hour; only its hash is kept."""
        token, now = secrets.token_urlsafe(32), self._clock()
        async with self._sessions() as session, session.begin():
            await session.execute(delete(InvitationRow).where(InvitationRow.expires_at <= now))
            session.add(InvitationRow(key=hashed(token), town=town, expires_at=now + INVITATION_LASTS))
        return token

    async def check_invitation(self, token: str) -> str:
        """The town that `token` makes an account for. InvitationNotValid when it cannot make one."""
        valid = (InvitationRow.key == hashed(token), InvitationRow.expires_at > self._clock())
        async with self._sessions() as session:
            town = await session.scalar(select(InvitationRow.town).where(*valid))
        if town is None:
            raise InvitationNotValid
        return town

    async def create(self, token: str, login: str, name: str, password: str) -> Staff:
        """Make an account. The invitation is used up by success only.

        Raises:
            InvitationNotValid: used before, too old, or never given.
            AccountRefused: one of its kinds says which field is wrong and how.
        """
        town = await self.check_invitation(token)
        login, name = clean_login(login), clean_name(name)
        check_password(password, login, name)
        password_hash = await self._hash(password)
        row = StaffRow(town=town, login=login, name=name, password_hash=password_hash, created_at=self._clock())
        try:
            async with self._sessions() as session, session.begin():
                used = delete(InvitationRow).where(InvitationRow.key == hashed(token))
                result: CursorResult[Any] = await session.execute(used)  # type: ignore[assignment]
                if result.rowcount != 1:
                    # Two forms with the same link at once: the other one was first.
                    raise InvitationNotValid
                session.add(row)
        except IntegrityError:
            raise LoginTaken from None
        return Staff(row.id, row.login, row.name, row.town)

    async def log_in(self, login: str, password: str) -> Staff:
        """The account behind login and password. WrongLogin otherwise, after the same work for every login."""
        async with self._sessions() as session:
            row = await session.scalar(select(StaffRow).where(StaffRow.login == _looked_up(login)))
        if row is None or len(password) > MAX_LENGTH:
            # Hashing costs what checking costs, so the time does not tell whether the login exists.
            await self._hash(password[:MAX_LENGTH])
            raise WrongLogin
        await self._verify(row.password_hash, password)
        if self._hasher.check_needs_rehash(row.password_hash):
            await self._set_hash(row.id, await self._hash(password))
        return Staff(row.id, row.login, row.name, row.town)

    async def _verify(self, password_hash: str, password: str) -> None:
        try:
            async with self._hashing:
                await asyncio.to_thread(self._hasher.verify, password_hash, password)
        except VerifyMismatchError:
            raise WrongLogin from None

    async def _hash(self, password: str) -> str:
        async with self._hashing:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def _set_hash(self, id: int, password_hash: str) -> None:
        async with self._sessions() as session, session.begin():
            await session.execute(update(StaffRow).where(StaffRow.id == id).values(password_hash=password_hash))


def _looked_up(login: str) -> str:
    try:
        return clean_login(login)
    except LoginNotValid:
        return ""
