"""The database: who writes over WhatsApp, what came in and is not handled yet, and what goes out."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.conversation.tables import Base, Moment


class ContactRow(Base):
    """How to reach the person of a conversation: by phone number, by the id that WhatsApp gave us for them, or both."""

    __tablename__ = "whatsapp_contact"
    __table_args__ = (UniqueConstraint("number_id", "wa_id"), UniqueConstraint("number_id", "bsuid"))

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)
    number_id: Mapped[str] = mapped_column(String(40))
    wa_id: Mapped[str | None] = mapped_column(String(40))
    bsuid: Mapped[str | None] = mapped_column(String(160))
    last_inbound_at: Mapped[dt.datetime] = mapped_column(Moment)
    stopped_after: Mapped[int | None]
    """Id of the last message that may be sent: the newcomer wants no more after it."""


class InboxRow(Base):
    """A message that came in. `key` is a hash of its id, which itself would tell the phone number.

    What was written and by whom is emptied once it is handled; the hash stays as long as the same message may come again.
    """

    __tablename__ = "whatsapp_inbox"
    __table_args__ = (Index("ix_whatsapp_inbox_open", "done", "sent_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    sender: Mapped[str | None] = mapped_column(String(200))
    letter: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    sent_at: Mapped[dt.datetime] = mapped_column(Moment)
    received_at: Mapped[dt.datetime] = mapped_column(Moment)
    next_at: Mapped[dt.datetime] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    done: Mapped[bool] = mapped_column(default=False)


class SaidRow(Base):
    """A message that was given to the outbox: its words are in the bubbles of message `first_id`."""

    __tablename__ = "whatsapp_said"

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), index=True)


class BubbleRow(Base):
    """One WhatsApp message to send: part `part` of what message `message_id`, and those said with it, hold.

    Its words are not stored here: they are made from the messages each time. `template` is the name and language of an
    approved template that is sent instead of words.
    """

    __tablename__ = "whatsapp_bubble"
    __table_args__ = (
        UniqueConstraint("message_id", "part"),
        Index("ix_whatsapp_bubble_due", "state", "next_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    part: Mapped[int] = mapped_column(default=0)
    urgent: Mapped[bool] = mapped_column(default=False)
    template: Mapped[str | None] = mapped_column(String(160))
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[dt.datetime] = mapped_column(Moment)
    wamid: Mapped[str | None] = mapped_column(String(200))
    error: Mapped[int | None]


class AttachmentRow(Base):
    """What a newcomer sent beside words: where WhatsApp keeps it. We keep no copy."""

    __tablename__ = "whatsapp_attachment"

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    media_id: Mapped[str] = mapped_column(String(200))
    mime: Mapped[str] = mapped_column(String(100))
    sha256: Mapped[str | None] = mapped_column(String(100))
    filename: Mapped[str | None] = mapped_column(String(200))
    expires_at: Mapped[dt.datetime] = mapped_column(Moment, index=True)
