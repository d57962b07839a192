"""Referral cards: made, found by their code, and deleted after their time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import CursorResult, delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from api.conversation.store import Clock
from api.services import Services, now
from api.volunteer.codes import new_code
from api.volunteer.marks import mark
from api.volunteer.tables import CardRow
from sociale_kaart.schema import Entry

MOST_ENTRIES = 8
"""More do not fit in one conversation, nor on a sheet that somebody reads."""
KEPT_AFTERWARDS = dt.timedelta(days=30)
"""So long an expired card is still known, to say that it expired rather than that it never was."""
_TRIES = 5


@dataclass(frozen=True)
class Card:
    """A card as it is kept: pairs of an entry's id and the mark of what it said when the card was made."""

    code: str
    town: str
    language: str
    entries: tuple[tuple[str, str], ...]
    created_at: dt.datetime
    expires_at: dt.datetime


class Cards:
    """The cards of all towns."""

    def __init__(self, engine: AsyncEngine, clock: Clock, days: int) -> None:
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._clock, self._valid = clock, dt.timedelta(days=days)

    async def make(self, town: str, language: str, entries: Iterable[Entry]) -> Card:
        """A new card for these entries, beside Dutch in `language`."""
        marks, at = [[entry.id, mark(entry, language)] for entry in entries], self._clock()
        for left in reversed(range(_TRIES)):
            row = CardRow(
                code=new_code(), town=town, language=language, entries=marks, created_at=at, expires_at=at + self._valid
            )
            try:
                async with self._sessions() as session, session.begin():
                    session.add(row)
            except IntegrityError:  # the code is taken: as likely as once in a billion
                if not left:
                    raise
            else:
                break
        return _card(row)

    async def find(self, code: str) -> Card | None:
        """The card with this code, also when it expired; None when there is none (any more)."""
        async with self._sessions() as session:
            row = await session.get(CardRow, code)
        return _card(row) if row else None

    def expired(self, card: Card) -> bool:
        """Whether its time is over."""
        return card.expires_at <= self._clock()

    async def sweep(self) -> int:
        """Delete cards that expired a while ago; returns how many."""
        async with self._sessions() as session, session.begin():
            gone = await session.execute(delete(CardRow).where(CardRow.expires_at <= self._clock() - KEPT_AFTERWARDS))
        return cast(CursorResult[Any], gone).rowcount


def build_cards(services: Services, clock: Clock = now) -> Cards:
    """For these services."""
    return Cards(services.engine, clock, services.settings.card_days)


def _card(row: CardRow) -> Card:
    entries = tuple((id, mark) for id, mark in row.entries)
    return Card(row.code, row.town, row.language, entries, row.created_at, row.expires_at)
