"""What the desk sees of WhatsApp in a conversation: until when it may write, what did not arrive, what can be opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from api.conversation.model import Conversation
from api.conversation.store import Clock
from api.desk.words import LANGUAGES
from api.services import Services
from api.whatsapp.attachments import Attachment
from api.whatsapp.contacts import Contact
from api.whatsapp.errors import OPTED_OUT, WINDOW_CLOSED, OptedOut, WindowClosed
from api.whatsapp.outbox import FAILED_STATE, RANKS
from api.whatsapp.tables import BubbleRow, SaidRow
from api.whatsapp.templates import Choice, choice

KINDS: Final = {"audio": "Spraakbericht", "image": "Foto", "video": "Video", "document": "Document"}
_STATES: Final = {
    "queued": "Wacht op verzenden via WhatsApp",
    "sending": "Wordt verzonden via WhatsApp",
    "sent": "Verzonden via WhatsApp, nog niet bezorgd",
}
_REASONS: Final = {
    WINDOW_CLOSED: "de nieuwkomer schreef langer dan 24 uur geleden",
    OPTED_OUT: "de nieuwkomer wil geen berichten meer",
    131026: "deze nieuwkomer is niet te bereiken via WhatsApp",
    131021: "deze nieuwkomer is niet te bereiken via WhatsApp",
    131030: "dit nummer staat niet op de testlijst van WhatsApp",
}


@dataclass(frozen=True)
class Delivery:
    """What is known about one message that did not arrive (yet), in Dutch; for one that `failed`, why."""

    words: str
    failed: bool


@dataclass(frozen=True)
class Reach:
    """Whether and until when the desk may write; `deliveries` and `attachments` by message."""

    open_until: dt.datetime
    closed: bool
    opted_out: bool
    template: Choice
    deliveries: Mapping[int, Delivery]
    attachments: Mapping[int, Attachment]

    @property
    def blocked(self) -> bool:
        """Whether free text would not arrive."""
        return self.closed or self.opted_out

    @property
    def template_languages(self) -> str:
        """In which languages the template is, in Dutch."""
        return " en het ".join(LANGUAGES.get(code, code) for code in self.template.languages)

    @property
    def failures(self) -> int:
        return sum(delivery.failed for delivery in self.deliveries.values())

    @property
    def signature(self) -> str:
        """Changes when an open page must show something else."""
        return f"{int(self.closed)}{int(self.opted_out)}-{self.failures}-{len(self.attachments)}"


async def reach_of(services: Services, conversation: Conversation, clock: Clock) -> Reach | None:
    """How the newcomer is reached; None when that is not over WhatsApp."""
    bridge = services.whatsapp
    contact = await bridge.contacts.of(conversation.id) if bridge else None
    if bridge is None or contact is None:
        return None
    return Reach(
        contact.open_until,
        contact.closed(clock()),
        contact.stopped_after is not None,
        choice(services.settings.whatsapp_templates, conversation.language),
        await deliveries(services.engine, conversation.id),
        await bridge.attachments.of(conversation.id),
    )


async def check_open(services: Services, conversation: Conversation, clock: Clock) -> None:
    """WindowClosed or OptedOut when what the desk writes would not arrive. Other channels are always open."""
    bridge = services.whatsapp
    contact: Contact | None = await bridge.contacts.of(conversation.id) if bridge else None
    if contact is None:
        return
    if contact.stopped_after is not None:
        raise OptedOut
    if contact.closed(clock()):
        raise WindowClosed


async def deliveries(engine: AsyncEngine, conversation_id: int) -> dict[int, Delivery]:
    """Messages that did not arrive, or of which that is not known yet. Of several bubbles the worst counts."""
    query = select(SaidRow.message_id, BubbleRow.state, BubbleRow.error).join(BubbleRow, BubbleRow.message_id == SaidRow.first_id)
    async with async_sessionmaker(engine)() as session:
        rows = (await session.execute(query.where(BubbleRow.conversation_id == conversation_id))).all()
    worst: dict[int, tuple[int, Delivery | None]] = {}
    for message_id, state, code in rows:
        badness = len(RANKS) if state == FAILED_STATE else -RANKS.get(state, 0)
        if badness > worst.get(message_id, (-len(RANKS), None))[0]:
            worst[message_id] = badness, _in_words(state, code)
    return {id: delivery for id, (_, delivery) in worst.items() if delivery}


def _in_words(state: str, code: int | None) -> Delivery | None:
    if state == FAILED_STATE:
        reason = _REASONS.get(code or 0, f"WhatsApp geeft fout {code}")
        return Delivery(reason, failed=True)
    words = _STATES.get(state)
    return Delivery(words, failed=False) if words else None
