"""Links with which an owner says, without an account, that one entry is still true or changed. Signed; they end by themselves."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass

from itsdangerous import BadData, TimestampSigner

from api.conversation.store import Clock
from api.freshness.errors import LinkNotValid

LASTS = dt.timedelta(days=30)
_PURPOSE = "confirm an entry"
_SHAPE = re.compile(r"(?P<town>[a-z0-9-]+)~(?P<entry>[a-z0-9-]+)~(?P<owner>[a-z0-9-]+)~(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})")


@dataclass(frozen=True)
class Claim:
    """What a link is about. `verified_on` is the day that the entry then showed: with a newer one, somebody looked already."""

    town: str
    entry_id: str
    owner: str
    verified_on: dt.date


class Confirmations:
    """Makes and reads the tokens in links."""

    def __init__(self, secret: str, clock: Clock) -> None:
        self._signer = _Signer(secret, clock)

    def token(self, claim: Claim) -> str:
        """What stands in the link: readable, and signed with the present moment."""
        said = f"{claim.town}~{claim.entry_id}~{claim.owner}~{claim.verified_on.isoformat()}"
        return self._signer.sign(said).decode("ascii")

    def read(self, token: str) -> Claim:
        """What the token says. LinkNotValid when we did not sign it so, or longer ago than links last."""
        try:
            said = self._signer.unsign(token, max_age=int(LASTS.total_seconds())).decode("ascii")
        except (BadData, UnicodeError):
            raise LinkNotValid from None
        found = _SHAPE.fullmatch(said)
        if found is None:
            raise LinkNotValid
        return Claim(found["town"], found["entry"], found["owner"], dt.date.fromisoformat(found["day"]))


class _Signer(TimestampSigner):
    """Takes the time from the clock it is given."""

    def __init__(self, secret: str, clock: Clock) -> None:
        super().__init__(secret, salt=_PURPOSE, key_derivation="hmac", digest_method=hashlib.sha256)
        self._clock = clock

    def get_timestamp(self) -> int:
        return int(self._clock().timestamp())
