"""Handles the letters of one sender: finds out what they mean and hands them to the flow, which answers."""

from __future__ import annotations

import datetime as dt
from typing import Final

import structlog

from api.conversation.broadcast import Broadcast, topic
from api.conversation.flow import Flow
from api.conversation.model import Conversation, Message, State
from api.conversation.store import Clock, ConversationStore
from api.conversation.turn import DEFAULT_LANGUAGE, Incoming, Turn
from api.conversation.wishes import stop_said
from api.errors import MessageEmpty, MessageTooLong, NotOffered
from api.towns import Towns
from api.whatsapp.attachments import Attachments
from api.whatsapp.choice import last_options, typed_choice
from api.whatsapp.client import Address, GraphClient
from api.whatsapp.contacts import Contact, Contacts
from api.whatsapp.errors import GraphError
from api.whatsapp.inbox import MAX_ATTEMPTS, Inbox
from api.whatsapp.letter import Letter
from api.whatsapp.metrics import SET_ASIDE
from api.whatsapp.outbox import RendererOf

log = structlog.get_logger(__name__)
FORGET: Final = "/forget_confirmed"


class Receiver:
    """From letters to turns. Handling a letter a second time, after a crash, changes nothing."""

    def __init__(
        self,
        inbox: Inbox,
        contacts: Contacts,
        attachments: Attachments,
        store: ConversationStore,
        flow: Flow,
        towns: Towns,
        client: GraphClient,
        renderer: RendererOf,
        broadcast: Broadcast,
        clock: Clock,
        stale_hours: int,
    ) -> None:
        self._inbox, self._contacts, self._attachments = inbox, contacts, attachments
        self._store, self._flow, self._towns, self._client = store, flow, towns, client
        self._renderer, self._broadcast = renderer, broadcast
        self._clock, self._stale = clock, dt.timedelta(hours=stale_hours)

    async def handle_all(self, sender: str, town: str) -> None:
        """Handle every letter of a sender, oldest first; their number belongs to `town`."""
        while pending := await self._inbox.begin(sender):
            if pending.attempts > MAX_ATTEMPTS:
                SET_ASIDE.inc()
                log.error("letter_set_aside", letter=pending.id, kind=pending.letter.kind)
            else:
                await self._handle(pending.letter, town)
            await self._inbox.finish(pending.id)

    async def _handle(self, letter: Letter, town: str) -> None:
        if letter.kind == "ignored":
            return
        if letter.kind == "system":
            await self._contacts.moved(letter)
            return
        if letter.text == FORGET and await self._contacts.find(letter) is None:
            # It was done, and we crashed before we could say so.
            await self._goodbye(Address(letter.number_id, letter.wa_id, letter.bsuid), DEFAULT_LANGUAGE, town)
            return
        contact = await self._contacts.writes(letter, town)
        conversation = await self._store.get(contact.conversation_id)
        turn, kind = await self._received(conversation, letter)
        if turn.forgotten:
            await self._goodbye(contact.address, conversation.language or DEFAULT_LANGUAGE, town)
        elif turn.message and letter.media_id and letter.kind != "sticker":
            await self._attachments.add(turn.message, letter)
            self._tell_pages(contact)
        elif kind == "stop":
            await self._contacts.stop(contact.conversation_id, max(answer.id for answer in turn.answers))
            self._tell_pages(contact)

    def _tell_pages(self, contact: Contact) -> None:
        """The flow told them of the message before what belongs to it was stored."""
        self._broadcast.publish(topic(contact.conversation_id))

    async def _received(self, conversation: Conversation, letter: Letter) -> tuple[Turn, str | None]:
        """The turn, and the kind of message it was about; what the flow refuses gets a kind answer instead."""
        messages = await self._store.messages(conversation.id)
        introduce = not any(message.reply and not message.reply.urgent for message in messages)
        incoming = self._incoming(conversation, letter, messages, introduce=introduce)
        try:
            return await self._flow.receive(conversation, incoming), incoming.kind
        except (NotOffered, MessageTooLong, MessageEmpty) as refusal:
            kinds = {NotOffered: "button", MessageTooLong: "long", MessageEmpty: "unsupported"}
            instead = Incoming(letter.key, "", kind=kinds[type(refusal)], introduce=introduce)
            return await self._flow.receive(conversation, instead), instead.kind

    def _incoming(self, conversation: Conversation, letter: Letter, messages: list[Message], *, introduce: bool) -> Incoming:
        late = self._clock() - letter.sent_at > self._stale
        if letter.kind == "text":
            kind = "stop" if self._stops(conversation, letter, messages) else "late" if late else None
            payload = None if kind else self._chosen(conversation, letter, messages)
            return Incoming(letter.key, payload or letter.text, tapped=payload is not None, kind=kind, introduce=introduce)
        if letter.kind == "tap":
            if late and letter.text != FORGET:
                return Incoming(letter.key, letter.title, kind="late", introduce=introduce)
            return Incoming(letter.key, letter.text, tapped=True, introduce=introduce)
        return Incoming(letter.key, letter.text, kind=letter.kind, introduce=introduce)

    def _stops(self, conversation: Conversation, letter: Letter, messages: list[Message]) -> bool:
        """Whether the person wants no more messages, and does not only choose a button that is called 'Stop'."""
        return stop_said(letter.text) and self._chosen(conversation, letter, messages) is None

    def _chosen(self, conversation: Conversation, letter: Letter, messages: list[Message]) -> str | None:
        """The payload of the button that was typed; a person of the desk reads numbers as they are."""
        if conversation.state is State.HUMAN:
            return None
        return typed_choice(letter.text, last_options(messages, self._renderer(conversation.town)))

    async def _goodbye(self, address: Address, language: str, town: str) -> None:
        """The last message: nothing of it is stored, so it is sent once and never again."""
        said = self._towns.of(town).composer.text(language, "forget.done").model_copy(update={"buttons": ()})
        try:
            renderer = self._renderer(town)
            await self._client.send(address, renderer.message(renderer.turn([said])[0]))
        except GraphError as error:
            log.warning("goodbye_not_sent", code=error.code)
