"""A message that came in, as the inbox keeps it until it is handled: who, when, what. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from typing import Final

from pydantic import BaseModel, ConfigDict

from api.whatsapp.payloads import Contact, Envelope, Message, Status, read_message, read_status, read_value

WITH_MEDIA: Final = ("audio", "image", "video", "document", "sticker")
IGNORED: Final = frozenset({"reaction", "edit", "revoke"})
"""What needs no answer."""
NAME_LENGTH, MIME_LENGTH = 200, 100


class Letter(BaseModel):
    """One message. `kind` is `text`, `tap` (`text` is then the payload of our button, `title` its words), `system`, `ignored`, or
    a kind of `api.conversation.turn.Incoming`."""

    model_config = ConfigDict(frozen=True)

    key: str
    number_id: str
    sent_at: dt.datetime
    kind: str
    wa_id: str | None = None
    bsuid: str | None = None
    text: str = ""
    title: str = ""
    media_id: str | None = None
    mime: str = ""
    sha256: str | None = None
    filename: str | None = None
    new_wa_id: str | None = None
    new_bsuid: str | None = None

    @property
    def sender(self) -> str:
        """Whose letter it is, as well as it alone can tell: letters of one sender are handled in order."""
        return f"{self.number_id}:{self.wa_id or self.bsuid}"


def key_of(wamid: str) -> str:
    """What stands for a message's id: that itself holds the phone number."""
    return hashlib.sha256(wamid.encode()).hexdigest()


def letters(envelope: Envelope) -> Iterator[Letter]:
    """Every message of the body that somebody sent."""
    for change in _changes(envelope):
        value = read_value(change)
        for raw in value.messages:
            message = read_message(raw)
            if message:
                letter = _letter(message, value.metadata.phone_number_id, value.contacts)
                if letter.wa_id or letter.bsuid:
                    yield letter


def statuses(envelope: Envelope) -> Iterator[Status]:
    """Every status of the body."""
    for change in _changes(envelope):
        yield from filter(None, map(read_status, read_value(change).statuses))


def _changes(envelope: Envelope) -> Iterator[dict[str, object]]:
    """Values of the field `messages`; others (account, templates, quality) are not for us."""
    for entry in envelope.entry:
        yield from (change.value for change in entry.changes if change.field == "messages")


def _letter(message: Message, number_id: str, contacts: Sequence[Contact]) -> Letter:
    contact = _contact(message, contacts)
    who = {
        "key": key_of(message.id),
        "number_id": number_id,
        "sent_at": message.timestamp,
        "wa_id": message.wa_id or contact.wa_id,
        "bsuid": message.user_id or contact.user_id,
    }
    return Letter.model_validate(who | _content(message))


def _contact(message: Message, contacts: Sequence[Contact]) -> Contact:
    """The contact that wrote it: by id or number; a lone one needs neither."""
    for contact in contacts:
        if (message.wa_id and message.wa_id == contact.wa_id) or (message.user_id and message.user_id == contact.user_id):
            return contact
    nameless = message.wa_id is None and message.user_id is None
    return contacts[0] if nameless and len(contacts) == 1 else Contact()


def _content(message: Message) -> dict[str, str | None]:
    media, system = message.media, message.system
    if message.type == "text" and message.text:
        return {"kind": "text", "text": message.text.body}
    if message.type in ("interactive", "button"):
        return _tapped(message)
    if message.type in WITH_MEDIA and media:
        return {
            "kind": message.type,
            "text": media.caption,
            "media_id": media.id,
            "mime": media.mime_type[:MIME_LENGTH],
            "sha256": media.sha256,
            "filename": media.filename and media.filename[:NAME_LENGTH],
        }
    if message.type == "system" and system:
        return {"kind": "system", "new_wa_id": system.wa_id, "new_bsuid": system.user_id}
    if message.type in IGNORED:
        return {"kind": "ignored"}
    return {"kind": message.type if message.type in ("location", "contacts") else "unsupported"}


def _tapped(message: Message) -> dict[str, str | None]:
    interactive = message.interactive
    choice = (interactive.button_reply or interactive.list_reply) if interactive else None
    if choice and choice.id:
        return {"kind": "tap", "text": choice.id, "title": choice.title}
    button = message.button
    if button and button.payload.startswith("/"):
        return {"kind": "tap", "text": button.payload, "title": button.text}
    if button and button.text:
        # A button of a template that says something of its own.
        return {"kind": "text", "text": button.text}
    return {"kind": "unsupported"}
