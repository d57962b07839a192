"""Warns that somebody waits too long, by mail, by webhook, or both. Neither tells more than numbers and a link."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict

import httpx
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conversation.store import Clock
from api.desk.escalation import Alert, Escalations, alert, overdue
from api.freshness.errors import MailNotSent
from api.freshness.mail import SmtpMailer
from api.pages import templates
from api.settings import Settings
from api.towns import Town, Towns
from sociale_kaart.hours import Hours

log = structlog.get_logger(__name__)
EVERY_SECONDS = 30.0
TRIES, PAUSE_SECONDS, TIMEOUT_SECONDS = 3, 2.0, 10.0
Way = Callable[[Alert, str], Awaitable[None]]
"""Sends an alert of the town with this name. NotDelivered, with a reason that holds no address, when it cannot."""


class NotDelivered(Exception):
    """A warning did not arrive; the message says why, without an address."""


class Alarm:
    """Looks at every queue, and warns about who waits too long."""

    def __init__(self, escalations: Escalations, towns: Towns, ways: Mapping[str, Way], minutes: int, clock: Clock) -> None:
        """`ways` by the name that logs give them; without any, nothing is looked at."""
        self._escalations, self._towns, self._ways = escalations, towns, ways
        self._limit, self._clock = dt.timedelta(minutes=minutes), clock

    async def run(self) -> int:
        """Look once; how many towns were warned."""
        return sum([await self._look(town) for town in self._towns]) if self._ways else 0

    async def keep_running(self) -> None:
        """Look again and again, until cancelled or until a look fails."""
        while self._ways:
            await self.run()
            await asyncio.sleep(EVERY_SECONDS)

    async def _look(self, town: Town) -> bool:
        desk, now = town.kaart.municipality.desk, self._clock()
        waiting = await self._escalations.waiting(town.id)
        late = overdue(waiting, Hours(desk.schedules, desk.closed_on), now, self._limit)
        taken = [one for one in late if await self._escalations.take(one)]
        if not taken or not await self._send(alert(town.id, waiting, now), town.kaart.municipality.name):
            return False
        await self._escalations.sent(taken)
        log.info("escalation_warned", town=town.id, conversations=[one.conversation_id for one in taken])
        return True

    async def _send(self, warning: Alert, name: str) -> bool:
        """Every way is tried; one that works is enough: people are warned."""
        delivered = False
        for way, send in self._ways.items():
            try:
                await send(warning, name)
                delivered = True
            except NotDelivered as error:
                log.error("escalation_not_sent", way=way, why=str(error))
        return delivered


def by_mail(mailer: SmtpMailer, to: str, link: str) -> Way:
    """Mails to `to`."""

    async def send(warning: Alert, name: str) -> None:
        text = templates.get_template("mail/escalation.txt").render(warning=warning, town=name, link=link)
        subject = f"{'Gevaar: er' if warning.danger else 'Er'} wacht iemand bij de balie van {name}"
        try:
            await mailer.send(to, subject, text)
        except MailNotSent as error:
            raise NotDelivered(str(error)) from None

    return send


def by_webhook(http: httpx.AsyncClient, address: str, link: str, pause: float = PAUSE_SECONDS) -> Way:
    """Posts JSON to `address`, which may hold a secret and is never told to anyone; tries again when it fails."""

    async def send(warning: Alert, _name: str) -> None:
        body, why = {"kind": "escalation", **asdict(warning), "link": link}, ""
        for again in range(TRIES):
            await asyncio.sleep(pause * again)
            try:
                answer = await http.post(address, json=body)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                why = type(error).__name__
                continue
            if answer.is_success:
                return
            why = f"status {answer.status_code}"
        raise NotDelivered(f"{why}, {TRIES} times")

    return send


def build_alarm(settings: Settings, engine: AsyncEngine, towns: Towns, clock: Clock, http: httpx.AsyncClient) -> Alarm:
    """The alarm with the ways that are set. MailNotConfigured when a mail address is set and no mail server."""
    link, ways = f"{settings.address}/balie", dict[str, Way]()
    if settings.escalation_mail:
        ways["mail"] = by_mail(SmtpMailer(settings), settings.escalation_mail, link)
    if settings.escalation_webhook.get_secret_value():
        ways["webhook"] = by_webhook(http, settings.escalation_webhook.get_secret_value(), link)
    return Alarm(Escalations(engine, clock), towns, ways, settings.escalation_minutes, clock)
