"""The second step of a login: codes of an app (TOTP, RFC 6238), and recovery codes for who lost it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from typing import Any

import pyotp
from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from api.conversation.store import Clock, hashed
from api.desk.account_tables import RecoveryCodeRow, SecondStepRow
from api.desk.accounts import Staff
from api.desk.audit.deeds import Deed, Kind
from api.desk.audit.log import Audit
from api.desk.errors import FormNotValid, WrongCode

SECONDS = 30
WINDOW = (-1, 0, 1)
"""Half minutes before and after now whose code is taken as well: clocks differ."""
SECRET_BYTES = 20
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
"""80 bits: a hash of them cannot be guessed back, so one quick hash is enough."""
CODE = re.compile(r"[0-9]{6}")
NONCE = re.compile(r"[0-9a-f]{32}")


class SecondSteps:
    """The apps and recovery codes of all workers.

    The secret of an app is not stored: it is made from a random nonce, which is, and the installation's own secret (as RFC 4226,
    7.5, describes). Who reads the database alone can make no codes; who loses the installation's secret loses the apps.
    """

    def __init__(self, engine: AsyncEngine, clock: Clock, key: str) -> None:
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._clock, self._key = clock, key.encode()
        self._audit = Audit(engine, clock)

    async def active(self, staff_id: int) -> bool:
        """Whether this worker has set up an app."""
        async with self._sessions() as session:
            return bool(await session.scalar(select(exists().where(SecondStepRow.staff_id == staff_id))))

    async def codes_left(self, staff_id: int) -> int:
        """How many recovery codes were not used yet."""
        async with self._sessions() as session:
            return await session.scalar(select(func.count()).where(RecoveryCodeRow.staff_id == staff_id)) or 0

    def new_nonce(self) -> str:
        """Where a new app's secret will come from."""
        return secrets.token_hex(16)

    def secret(self, staff_id: int, nonce: str) -> str:
        """What the app must know, as it is typed: base32. FormNotValid when `nonce` is none of ours."""
        if not NONCE.fullmatch(nonce):
            raise FormNotValid
        made = hmac.digest(self._key, f"second step|{staff_id}|{nonce}".encode(), hashlib.sha256)
        return base64.b32encode(made[:SECRET_BYTES]).decode()

    def address(self, staff: Staff, nonce: str, issuer: str) -> str:
        """What the QR code holds."""
        return pyotp.TOTP(self.secret(staff.id, nonce)).provisioning_uri(name=staff.login, issuer_name=issuer)

    async def set_up(self, staff: Staff, nonce: str, code: str) -> list[str]:
        """Begin with a new app once it shows a right code; the recovery codes, which are never shown again. WrongCode if not."""
        step = self._matching(self.secret(staff.id, nonce), code)
        if step is None:
            raise WrongCode
        async with self._sessions() as session, session.begin():
            await self._audit.append(session, Deed(Kind.SECOND_STEP_ON, staff.town, staff.id))
            await session.execute(delete(SecondStepRow).where(SecondStepRow.staff_id == staff.id))
            session.add(SecondStepRow(staff_id=staff.id, nonce=nonce, last_used=step, since=self._clock()))
            return await _new_codes(session, staff.id)

    async def check(self, staff: Staff, code: str) -> None:
        """Take a code of the app, once. WrongCode when it is wrong, too old, or was used before."""
        async with self._sessions() as session:
            row = await session.get(SecondStepRow, staff.id)
        step = self._matching(self.secret(staff.id, row.nonce), code) if row else None
        if step is not None:
            unused = update(SecondStepRow).where(SecondStepRow.staff_id == staff.id, SecondStepRow.last_used < step)
            async with self._sessions() as session, session.begin():
                # Of two forms with the same code at once, one changes the row.
                result: CursorResult[Any] = await session.execute(unused.values(last_used=step))  # type: ignore[assignment]
                if result.rowcount == 1:
                    return
        await self._audit.add(Deed(Kind.CODE_FAILED, staff.town, None, staff.id))
        raise WrongCode

    async def recover(self, staff: Staff, code: str) -> None:
        """Take a recovery code, once. WrongCode otherwise."""
        typed = "".join(character for character in code.lower() if character.isalnum())
        used = delete(RecoveryCodeRow).where(RecoveryCodeRow.key == _key(staff.id, typed), RecoveryCodeRow.staff_id == staff.id)
        async with self._sessions() as session, session.begin():
            result: CursorResult[Any] = await session.execute(used)  # type: ignore[assignment]
        kind = Kind.RECOVERY_USED if result.rowcount == 1 else Kind.CODE_FAILED
        await self._audit.add(Deed(kind, staff.town, staff.id if kind is Kind.RECOVERY_USED else None, staff.id))
        if kind is Kind.CODE_FAILED:
            raise WrongCode

    async def renew_codes(self, staff: Staff) -> list[str]:
        """New recovery codes; the old ones do not work any more."""
        async with self._sessions() as session, session.begin():
            await self._audit.append(session, Deed(Kind.RECOVERY_RENEWED, staff.town, staff.id))
            return await _new_codes(session, staff.id)

    async def remove(self, staff_id: int, deed: Deed) -> None:
        """Forget app and recovery codes; `deed` says who wanted that."""
        async with self._sessions() as session, session.begin():
            await self._audit.append(session, deed)
            for table in (SecondStepRow, RecoveryCodeRow):
                await session.execute(delete(table).where(table.staff_id == staff_id))

    def _matching(self, secret: str, code: str) -> int | None:
        """Number of the half minute that this code is of; every candidate is compared, in constant time."""
        typed = "".join(code.split())
        if not CODE.fullmatch(typed):
            return None
        now = int(self._clock().timestamp()) // SECONDS
        app = pyotp.TOTP(secret)
        fits = [now + off for off in WINDOW if hmac.compare_digest(app.generate_otp(now + off), typed)]
        return fits[-1] if fits else None


async def _new_codes(session: AsyncSession, staff_id: int) -> list[str]:
    made = [base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower() for _ in range(RECOVERY_CODES)]
    await session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.staff_id == staff_id))
    session.add_all(RecoveryCodeRow(key=_key(staff_id, code), staff_id=staff_id) for code in made)
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in made]


def _key(staff_id: int, code: str) -> str:
    return hashed(f"{staff_id}|{code}")
