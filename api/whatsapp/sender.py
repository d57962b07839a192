"""Sends bubbles: one at a time to each person, in order, no faster than allowed, and not at all while an operator must act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import structlog

from api.conversation.broadcast import Broadcast, topic
from api.conversation.store import Clock
from api.whatsapp.client import GraphClient
from api.whatsapp.contacts import Contact, Contacts
from api.whatsapp.errors import OPTED_OUT, WINDOW_CLOSED, GraphError, GraphSilent, Remedy
from api.whatsapp.metrics import HALTED
from api.whatsapp.outbox import OPERATOR_SECONDS, Failure, Outbox, Outgoing, RendererOf
from api.whatsapp.pace import Pace

log = structlog.get_logger(__name__)
UNDELIVERABLE = 131026


class Sender:
    """Sends what the outbox has for one conversation. `trouble` is the code for which everything waits, or None."""

    def __init__(
        self,
        outbox: Outbox,
        contacts: Contacts,
        client: GraphClient,
        renderer: RendererOf,
        pace: Pace,
        broadcast: Broadcast,
        clock: Clock,
    ) -> None:
        self._outbox, self._contacts, self._client = outbox, contacts, client
        self._renderer, self._pace, self._broadcast, self._clock = renderer, pace, broadcast, clock
        self._until: dt.datetime | None = None
        self._code: int | None = None

    @property
    def trouble(self) -> int | None:
        """Code of what an operator must mend; stays until a message gets through."""
        return self._code

    @property
    def halted(self) -> bool:
        """Whether nothing is sent now. After a while one message is tried."""
        return self._until is not None and self._clock() < self._until

    def halt(self, code: int) -> None:
        """An operator must act: send nothing for a while, and keep the queue."""
        self._code, self._until = code, self._clock() + dt.timedelta(seconds=OPERATOR_SECONDS)
        HALTED.set(1)
        log.error("whatsapp_halted", code=code)

    def heed(self, failure: Failure) -> None:
        """Wait for an operator where one must act; show open pages what was given up."""
        if failure.remedy is Remedy.OPERATOR:
            self.halt(failure.code)
        elif failure.remedy is Remedy.FINAL:
            self._broadcast.publish(topic(failure.conversation_id))

    async def send_all(self, conversation_id: int, later: Callable[[float], None]) -> None:
        """Send what is due in a conversation; `later` is told after how many seconds to come back for the rest."""
        while not self.halted and (bubble := await self._outbox.next_of(conversation_id)):
            wait = 0.0 if bubble.urgent else self._pace.wait(conversation_id)
            if wait > 0:
                later(wait)
                return
            await self._send(bubble)

    async def _send(self, bubble: Outgoing) -> None:
        contact = await self._contacts.of(bubble.conversation_id)
        reason = self._reason_not_to(contact, bubble)
        message = await self._message(bubble)
        if contact is None or reason or message is None:
            await self._outbox.fail(bubble, reason or UNDELIVERABLE)
            self._broadcast.publish(topic(bubble.conversation_id))
            return
        claimed = await self._outbox.claim(bubble)
        if claimed is None:
            return
        self._pace.take(bubble.conversation_id)
        try:
            wamid = await self._client.send(contact.address, message, claimed.callback)
        except GraphError as error:
            await self._refused(claimed, error)
        else:
            await self._outbox.sent(claimed, wamid)
            self._mended()

    def _reason_not_to(self, contact: Contact | None, bubble: Outgoing) -> int | None:
        """The code with which WhatsApp, or the newcomer, would refuse it."""
        if contact is None:
            return UNDELIVERABLE
        if contact.stopped_after is not None and bubble.message_id > contact.stopped_after:
            return OPTED_OUT
        if bubble.template is None and contact.closed(self._clock()):
            return WINDOW_CLOSED
        return None

    async def _message(self, bubble: Outgoing) -> dict[str, Any] | None:
        if bubble.template:
            name, _, code = bubble.template.partition("/")
            return {"type": "template", "template": {"name": name, "language": {"code": code}}}
        town, replies = await self._outbox.said_with(bubble.message_id)
        renderer = self._renderer(town)
        bubbles = renderer.turn(replies)
        return renderer.message(bubbles[bubble.part]) if bubble.part < len(bubbles) else None

    async def _refused(self, bubble: Outgoing, error: GraphError) -> None:
        if isinstance(error, GraphSilent):
            await (self._outbox.unsure(bubble) if error.sent else self._outbox.not_sent(bubble, error.code))
            return
        log.warning("whatsapp_refused", code=error.code, status=error.status, trace=error.trace, bubble=bubble.id)
        remedy = await self._outbox.not_sent(bubble, error.code, error.status)
        self.heed(Failure(remedy, error.code, bubble.conversation_id))

    def _mended(self) -> None:
        if self._code is not None:
            self._code = self._until = None
            HALTED.set(0)
