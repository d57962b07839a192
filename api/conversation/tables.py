"""The database: conversations, messages, what happened to them, and desk staff."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, Index, String, Text, TypeDecorator, UniqueConstraint, true
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Moment(TypeDecorator[dt.datetime]):
    """An aware moment, stored in UTC; SQLite would drop the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("moments in the database need a zone")
        return value and value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        return value and (value if value.tzinfo else value.replace(tzinfo=dt.UTC))


class Base(DeclarativeBase):
    """Base of all tables."""


class ConversationRow(Base):
    """A conversation; `key` is the hash of the secret in the newcomer's cookie."""

    __tablename__ = "conversation"
    __table_args__ = (Index("ix_conversation_queue", "state", "danger", "waiting_since"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    town: Mapped[str] = mapped_column(String(60), default="", server_default="")
    key: Mapped[str] = mapped_column(String(64), unique=True)
    sender: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[str | None] = mapped_column(String(3))
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(20))
    danger: Mapped[bool] = mapped_column(default=False)
    failures: Mapped[int] = mapped_column(default=0)
    entry_id: Mapped[str | None] = mapped_column(String(60))
    status: Mapped[str | None] = mapped_column(String(20))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    waiting_since: Mapped[dt.datetime | None] = mapped_column(Moment)
    created_at: Mapped[dt.datetime] = mapped_column(Moment)
    updated_at: Mapped[dt.datetime] = mapped_column(Moment, index=True)


class MessageRow(Base):
    """A message; `origin` is the sender's own id for it, so that a redelivery is the same message.

    `handled` is false for a newcomer's message until its answers are stored with it.
    """

    __tablename__ = "message"
    __table_args__ = (UniqueConstraint("conversation_id", "origin"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    origin: Mapped[str | None] = mapped_column(String(128))
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    speaker: Mapped[str] = mapped_column(String(10))
    name: Mapped[str | None] = mapped_column(String(80))
    language: Mapped[str | None] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    reply: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    handled: Mapped[bool] = mapped_column(default=True, server_default=true())
    at: Mapped[dt.datetime] = mapped_column(Moment)


class EventRow(Base):
    """What happened to a conversation: which step, by whom, when, why. Holds no message text."""

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    step: Mapped[str] = mapped_column(String(20))
    detail: Mapped[str | None] = mapped_column(String(60))
    actor: Mapped[str] = mapped_column(String(20))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[dt.datetime] = mapped_column(Moment)


class AskedRow(Base):
    """What came of a turn; goes with its conversation. `message_id` leads to the words, where they were typed."""

    __tablename__ = "asked"
    __table_args__ = (Index("ix_asked_town", "town", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), index=True)
    town: Mapped[str] = mapped_column(String(60))
    at: Mapped[dt.datetime] = mapped_column(Moment)
    language: Mapped[str | None] = mapped_column(String(3))
    channel: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str] = mapped_column(String(10))
    entry_id: Mapped[str | None] = mapped_column(String(60))
    probability: Mapped[float | None] = mapped_column()


class VerdictRow(Base):
    """What somebody said of one answer. It holds no words of theirs."""

    __tablename__ = "verdict"

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    payload: Mapped[str] = mapped_column(String(20))


class StaffRow(Base):
    """A desk worker."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    town: Mapped[str] = mapped_column(String(60), default="", server_default="")
    login: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[dt.datetime] = mapped_column(Moment)
    deactivated_at: Mapped[dt.datetime | None] = mapped_column(Moment)


class SessionRow(Base):
    """A desk login; `key` is the hash of the cookie's secret. It opens nothing while it `waits` for the second step.

    `device` says in one word what kind of browser and machine it is: no address and no version is kept.
    """

    __tablename__ = "staff_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(40), default="")
    waits: Mapped[bool] = mapped_column(default=False)
    tries: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[dt.datetime] = mapped_column(Moment)
    seen_at: Mapped[dt.datetime] = mapped_column(Moment)
    expires_at: Mapped[dt.datetime] = mapped_column(Moment)


class InvitationRow(Base):
    """A one-time link; `key` is the hash of its secret. It makes an account with `roles` (a comma between), or gives the
    account `staff_id` a new password."""

    __tablename__ = "invitation"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    town: Mapped[str] = mapped_column(String(60), default="", server_default="")
    roles: Mapped[str] = mapped_column(String(60), default="", server_default="")
    staff_id: Mapped[int | None] = mapped_column()
    expires_at: Mapped[dt.datetime] = mapped_column(Moment)
