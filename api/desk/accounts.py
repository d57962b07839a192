"""Accounts of desk workers: made with a one-time link, opened with a password."""

from __future__ import annotations

import asyncio
import datetime as dt
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import delete, exists, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from api.conversation.store import Clock, hashed
from api.conversation.tables import InvitationRow, SessionRow, StaffRow
from api.desk.account_tables import StaffRoleRow
from api.desk.audit.deeds import Deed, Kind
from api.desk.audit.log import Audit
from api.desk.errors import InvitationNotValid, LoginNotValid, LoginTaken, WrongLogin, WrongPassword
from api.desk.passwords import MAX_LENGTH, check_password, clean_login, clean_name
from api.desk.roles import WORK, Permission, Role, ordered, permitted

INVITATION_LASTS = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Staff:
    """A desk worker; `name` is what newcomers see."""

    id: int
    login: str
    name: str
    town: str
    roles: frozenset[Role] = frozenset()

    def may(self, permission: str) -> bool:
        """Whether one of the roles permits this."""
        return Permission(permission) in permitted(self.roles)


@dataclass(frozen=True)
class Invitation:
    """What a link is for: an account in `town` with `roles` (empty: not said), or a new password for the account `staff_id`."""

    town: str
    roles: frozenset[Role]
    staff_id: int | None


class Accounts:
    """Makes and checks accounts. Hashing runs one at a time: each needs 64 MiB and a moment of a core."""

    def __init__(self, engine: AsyncEngine, clock: Clock, hasher: PasswordHasher | None = None) -> None:
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._clock = clock
        self._hasher = hasher or PasswordHasher()
        self._hashing = asyncio.Lock()
        self._audit = Audit(engine, clock)

    async def any(self) -> bool:
        """Whether there is an account already."""
        async with self._sessions() as session:
            return bool(await session.scalar(select(exists().where(StaffRow.id.is_not(None)))))

    async def invite(self, town: str, roles: Iterable[Role] = (), by: int | None = None, staff_id: int | None = None) -> str:
        """A new secret that works once within an hour; only its hash is kept.

        It makes an account at the desk of `town` with `roles`; without roles one for all work, that also manages the others
        as long as nobody does. With `staff_id` it gives that account a new password instead. `by` is who asked, None the
        command line.
        """
        token, now, named = secrets.token_urlsafe(32), self._clock(), ",".join(ordered(roles))
        kind = Kind.INVITED if staff_id is None else Kind.LINK_MADE
        async with self._sessions() as session, session.begin():
            await self._audit.append(session, Deed(kind, town, by, staff_id, detail=named or None))
            await session.execute(delete(InvitationRow).where(InvitationRow.expires_at <= now))
            row = InvitationRow(key=hashed(token), town=town, roles=named, staff_id=staff_id, expires_at=now + INVITATION_LASTS)
            session.add(row)
        return token

    async def check_invitation(self, token: str) -> Invitation:
        """What `token` is for. InvitationNotValid when it opens nothing."""
        valid = (InvitationRow.key == hashed(token), InvitationRow.expires_at > self._clock())
        async with self._sessions() as session:
            row = await session.scalar(select(InvitationRow).where(*valid))
        if row is None:
            raise InvitationNotValid
        return Invitation(row.town, frozenset(Role(name) for name in row.roles.split(",") if name), row.staff_id)

    async def create(self, token: str, login: str, name: str, password: str) -> Staff:
        """Make an account. The invitation is used up by success only.

        Raises:
            InvitationNotValid: used before, too old, never given, or for an account that exists.
            AccountRefused: one of its kinds says which field is wrong and how.
        """
        invitation = await self.check_invitation(token)
        if invitation.staff_id is not None:
            raise InvitationNotValid
        login, name = clean_login(login), clean_name(name)
        check_password(password, login, name)
        password_hash = await self._hash(password)
        row = StaffRow(town=invitation.town, login=login, name=name, password_hash=password_hash, created_at=self._clock())
        try:
            async with self._sessions() as session, session.begin():
                await _use(session, token)
                roles = invitation.roles or await _usual_roles(session, invitation.town)
                session.add(row)
                await session.flush()
                session.add_all(StaffRoleRow(staff_id=row.id, role=role) for role in roles)
        except IntegrityError:
            raise LoginTaken from None
        await self._audit.add(Deed(Kind.ACCOUNT_MADE, row.town, row.id, detail=",".join(ordered(roles))))
        return Staff(row.id, row.login, row.name, row.town, frozenset(roles))

    async def renew(self, token: str, password: str) -> Staff:
        """Give the account of the link a new password, and end its logins. Errors as in `create`."""
        invitation = await self.check_invitation(token)
        staff = await self._find(StaffRow.id == invitation.staff_id) if invitation.staff_id is not None else None
        if staff is None:
            raise InvitationNotValid
        check_password(password, staff.login, staff.name)
        password_hash = await self._hash(password)
        async with self._sessions() as session, session.begin():
            await _use(session, token)
            await self._replace(session, staff, password_hash)
            await session.execute(delete(SessionRow).where(SessionRow.staff_id == staff.id))
        await self._audit.add(Deed(Kind.PASSWORD_CHANGED, staff.town, staff.id, detail="link"))
        return staff

    async def change_password(self, staff: Staff, current: str, new: str, session_id: int) -> None:
        """Replace the password of `staff`, and end all their logins but `session_id`.

        Raises:
            WrongPassword: `current` is not the password.
            AccountRefused: the new one may not be used.
        """
        await self.confirm(staff, current)
        check_password(new, staff.login, staff.name)
        password_hash = await self._hash(new)
        others = (SessionRow.staff_id == staff.id, SessionRow.id != session_id)
        async with self._sessions() as session, session.begin():
            await self._audit.append(session, Deed(Kind.PASSWORD_CHANGED, staff.town, staff.id))
            await self._replace(session, staff, password_hash)
            await session.execute(delete(SessionRow).where(*others))

    async def confirm(self, staff: Staff, password: str) -> None:
        """WrongPassword unless this is the password of `staff`."""
        async with self._sessions() as session:
            known = await session.scalar(select(StaffRow.password_hash).where(StaffRow.id == staff.id))
        if known is None or len(password) > MAX_LENGTH or not await self._fits(known, password):
            raise WrongPassword

    async def log_in(self, login: str, password: str) -> Staff:
        """The account behind login and password. WrongLogin otherwise, after the same work for every login."""
        async with self._sessions() as session:
            row = await session.scalar(select(StaffRow).where(StaffRow.login == _looked_up(login)))
        if row is None or len(password) > MAX_LENGTH:
            # Hashing and writing cost what checking and writing cost, so the time does not tell whether the login exists.
            await self._hash(password[:MAX_LENGTH])
            await self._audit.pretend(Deed(Kind.LOGIN_FAILED, "", None))
            raise WrongLogin
        fits = await self._fits(row.password_hash, password)
        if not fits or row.deactivated_at is not None:
            await self._audit.add(Deed(Kind.LOGIN_FAILED, row.town, None, row.id))
            raise WrongLogin
        if self._hasher.check_needs_rehash(row.password_hash):
            await self._set_hash(row.id, await self._hash(password))
        return await self._staff(row)

    async def _fits(self, password_hash: str, password: str) -> bool:
        try:
            async with self._hashing:
                return await asyncio.to_thread(self._hasher.verify, password_hash, password)
        except VerifyMismatchError:
            return False

    async def _hash(self, password: str) -> str:
        async with self._hashing:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def _set_hash(self, id: int, password_hash: str) -> None:
        async with self._sessions() as session, session.begin():
            await session.execute(update(StaffRow).where(StaffRow.id == id).values(password_hash=password_hash))

    async def _replace(self, session: AsyncSession, staff: Staff, password_hash: str) -> None:
        """A new password; links for one that were given before end with the old one."""
        await session.execute(update(StaffRow).where(StaffRow.id == staff.id).values(password_hash=password_hash))
        await session.execute(delete(InvitationRow).where(InvitationRow.staff_id == staff.id))

    async def _find(self, *where: Any) -> Staff | None:
        """An account that is active, or None."""
        async with self._sessions() as session:
            row = await session.scalar(select(StaffRow).where(*where, StaffRow.deactivated_at.is_(None)))
        return await self._staff(row) if row else None

    async def _staff(self, row: StaffRow) -> Staff:
        async with self._sessions() as session:
            return await staff_of(session, row)


async def staff_of(session: AsyncSession, row: StaffRow) -> Staff:
    """The account with its roles; a role that a newer version knows is left out."""
    names = await session.scalars(select(StaffRoleRow.role).where(StaffRoleRow.staff_id == row.id))
    return Staff(row.id, row.login, row.name, row.town, frozenset(Role(name) for name in names if name in set(Role)))


def managers(town: str) -> Any:
    """The ids of the active accounts that manage the others of `town`."""
    query = select(StaffRow.id).join(StaffRoleRow, StaffRoleRow.staff_id == StaffRow.id)
    return query.where(StaffRoleRow.role == Role.ADMIN, StaffRow.town == town, StaffRow.deactivated_at.is_(None))


async def _usual_roles(session: AsyncSession, town: str) -> frozenset[Role]:
    managed = (await session.scalars(managers(town))).first() is not None
    return WORK if managed else frozenset(Role)


async def _use(session: AsyncSession, token: str) -> None:
    """Use the link up. InvitationNotValid when another form with the same link was first."""
    result: CursorResult[Any] = await session.execute(delete(InvitationRow).where(InvitationRow.key == hashed(token)))  # type: ignore[assignment]
    if result.rowcount != 1:
        raise InvitationNotValid


def _looked_up(login: str) -> str:
    try:
        return clean_login(login)
    except LoginNotValid:
        return ""
