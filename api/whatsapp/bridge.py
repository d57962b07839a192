"""The bridge as a whole: takes what WhatsApp posts, and runs what handles it and what sends the answers."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import structlog
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from api.conversation.broadcast import QUEUE, Broadcast
from api.whatsapp.attachments import Attachments
from api.whatsapp.client import GraphClient
from api.whatsapp.contacts import Contacts
from api.whatsapp.inbox import Inbox
from api.whatsapp.lanes import Lanes
from api.whatsapp.letter import letters, statuses
from api.whatsapp.metrics import UNREADABLE
from api.whatsapp.outbox import Outbox
from api.whatsapp.pace import Pace
from api.whatsapp.payloads import Envelope
from api.whatsapp.receiver import Receiver
from api.whatsapp.sender import Sender
from api.workers import keep_going, woken

log = structlog.get_logger(__name__)
LOOK_SECONDS: Final = 2.0
"""How often the workers look by themselves: for what is due again, and for what another process took in."""
SWEEP_SECONDS: Final = 3600.0
HANDLED_AT_ONCE, SENT_AT_ONCE = 4, 4


@dataclass(frozen=True)
class Parts:
    """What the bridge is built from."""

    inbox: Inbox
    outbox: Outbox
    contacts: Contacts
    attachments: Attachments
    receiver: Receiver
    sender: Sender
    client: GraphClient
    pace: Pace


class Bridge:
    """One for each application that has a WhatsApp number. `town_of` tells whose number it is."""

    def __init__(self, engine: AsyncEngine, parts: Parts, broadcast: Broadcast, towns: dict[str, str], first_town: str) -> None:
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._parts, self._broadcast, self._towns, self._first = parts, broadcast, towns, first_town
        self._arrived = asyncio.Event()

    @property
    def contacts(self) -> Contacts:
        return self._parts.contacts

    @property
    def outbox(self) -> Outbox:
        return self._parts.outbox

    @property
    def attachments(self) -> Attachments:
        return self._parts.attachments

    @property
    def client(self) -> GraphClient:
        return self._parts.client

    @property
    def trouble(self) -> int | None:
        """WhatsApp's code for what an operator must mend before anything is sent; None when all is well."""
        return self._parts.sender.trouble

    async def accept(self, raw: bytes) -> None:
        """Store everything in a signed body, at once or not at all. What is no webhook of a known shape is counted and left."""
        try:
            envelope = Envelope.model_validate(_clean(json.loads(raw)))
        except (ValueError, ValidationError, RecursionError):
            UNREADABLE.inc()
            log.warning("webhook_unreadable", bytes=len(raw))
            return
        async with self._sessions() as session, session.begin():
            await self._parts.inbox.add(session, letters(envelope))
            told = [await self._parts.outbox.apply(session, status) for status in statuses(envelope)]
        self._arrived.set()
        for failure in filter(None, told):
            self._parts.sender.heed(failure)

    async def run(self) -> None:
        """Handle and send, until cancelled."""
        work = {"receive": self._receiving, "send": self._sending, "sweep": self._sweeping}
        async with asyncio.TaskGroup() as group:
            for name, worker in work.items():
                group.create_task(keep_going(name, worker))

    def _town(self, sender: str) -> str:
        return self._towns.get(sender.partition(":")[0], self._first)

    async def _receiving(self) -> None:
        lanes = Lanes("receive", HANDLED_AT_ONCE)
        lanes.wake = self._arrived
        try:
            while True:
                self._arrived.clear()
                for sender in await self._parts.inbox.senders():
                    lanes.start(sender, partial(self._parts.receiver.handle_all, sender, self._town(sender)))
                await woken(self._arrived, LOOK_SECONDS)
        finally:
            await lanes.close()

    async def _sending(self) -> None:
        lanes = Lanes("send", SENT_AT_ONCE)
        async with self._broadcast.listen(QUEUE) as news:
            lanes.wake = news
            later = partial(_come_back, news)
            await self._parts.outbox.recover()
            try:
                while True:
                    news.clear()
                    await self._parts.outbox.plan()
                    for id in [] if self._parts.sender.halted else await self._parts.outbox.due():
                        lanes.start(id, partial(self._parts.sender.send_all, id, later))
                    await woken(news, LOOK_SECONDS)
            finally:
                await lanes.close()

    async def _sweeping(self) -> None:
        while True:
            await self._parts.inbox.sweep()
            await self._parts.attachments.sweep()
            self._parts.pace.sweep()
            self._parts.outbox.look_everywhere()
            await asyncio.sleep(SWEEP_SECONDS)


def _come_back(event: asyncio.Event, seconds: float) -> None:
    asyncio.get_running_loop().call_later(seconds, event.set)


def _clean(value: Any) -> Any:
    """The same without what no database stores: half characters and nulls."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "")
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {_clean(key): _clean(item) for key, item in value.items()}
    return value
