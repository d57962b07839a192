"""Mails to owners about entries that need a new look, each with a link per entry; not more often than every 14 days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from api.conversation.store import Clock
from api.freshness.confirmation import LASTS, Claim, Confirmations
from api.freshness.errors import MailNotSent
from api.freshness.mail import Mailer
from api.freshness.tables import ReminderRow
from api.pages import templates
from sociale_kaart.freshness import Due, due, owner_key
from sociale_kaart.kaart import Kaart
from sociale_kaart.municipality import Owner

PAUSE = dt.timedelta(days=14)
TEMPLATE = "mail/remind.txt"


@dataclass(frozen=True)
class Letter:
    """One mail: to which owner, about which entries."""

    key: str
    owner: Owner
    dues: tuple[Due, ...]


@dataclass(frozen=True)
class Sent:
    """What became of one letter; `problem` is why it was not sent."""

    letter: Letter
    problem: str | None


class Reminders:
    """Remembers when owners were last reminded of an entry."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._clock = clock

    async def recent(self, town: str) -> frozenset[str]:
        """Ids of the entries that owners were reminded of less than 14 days ago."""
        since = self._clock() - PAUSE
        async with self._sessions() as session:
            query = select(ReminderRow.entry_id).where(ReminderRow.town == town, ReminderRow.sent_at > since)
            return frozenset((await session.execute(query)).scalars())

    async def remember(self, town: str, ids: Iterable[str]) -> None:
        """Owners were reminded of these entries just now."""
        async with self._sessions() as session, session.begin():
            for id in ids:
                await session.merge(ReminderRow(town=town, entry_id=id, sent_at=self._clock()))


def letters(kaart: Kaart, today: dt.date, recent: Collection[str]) -> list[Letter]:
    """One letter per owner with an e-mail address, about what is due and was not written about recently."""
    keyed = [(owner_key(kaart, item.entry), item) for item in due(kaart, today) if item.entry.id not in recent]
    reachable = [(key, item) for key, item in keyed if key and item.owner and item.owner.email]
    reachable.sort(key=lambda pair: pair[0])  # stable: the longest overdue stay first
    return [
        Letter(key, kaart.municipality.owners[key], tuple(item for _, item in pairs))
        for key, pairs in groupby(reachable, key=lambda pair: pair[0])
    ]


def unreachable(kaart: Kaart, today: dt.date) -> list[Due]:
    """What is due while nobody can be written to about it."""
    return [item for item in due(kaart, today) if item.owner is None or item.owner.email is None]


class Postman:
    """Writes and sends the letters of one kaart."""

    def __init__(self, reminders: Reminders, confirmations: Confirmations, mailer: Mailer, address: str) -> None:
        """`address` is where the assistant is found, without a slash at the end."""
        self._reminders, self._confirmations, self._mailer, self._address = reminders, confirmations, mailer, address

    async def deliver(self, kaart: Kaart, found: Iterable[Letter]) -> list[Sent]:
        """Send each letter. What was sent is remembered at once; what the server refused is tried again the next time."""
        return [await self._deliver(kaart, letter) for letter in found]

    async def _deliver(self, kaart: Kaart, letter: Letter) -> Sent:
        place = kaart.municipality
        links = list(self._links(place.id, letter))
        text = templates.get_template(TEMPLATE).render(town=place.name, links=links, days=LASTS.days)
        try:
            await self._mailer.send(str(letter.owner.email), f"Klopt dit nog? De sociale kaart van {place.name}", text)
        except MailNotSent as error:
            return Sent(letter, str(error))
        await self._reminders.remember(place.id, (item.entry.id for item in letter.dues))
        return Sent(letter, None)

    def _links(self, town: str, letter: Letter) -> Iterator[tuple[str, dt.date, str]]:
        """Per entry its Dutch name, when it was last compared, and the link."""
        for item in letter.dues:
            token = self._confirmations.token(Claim(town, item.entry.id, letter.key, item.entry.verified.on))
            yield item.entry.texts["nl"].name, item.entry.verified.on, f"{self._address}/{town}/bevestig/{token}"
