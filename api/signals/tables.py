"""The database: what came of each turn, and the counts per week that stay when conversations are gone."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from api.conversation.tables import Base, Moment


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


class CountRow(Base):
    """One number of one week, of enough people to be shown; nothing leads back to a conversation.

    `part` is what is counted, `key` which of it. NULL: there were people, but fewer than may be shown.
    """

    __tablename__ = "signal_count"

    town: Mapped[str] = mapped_column(String(60), primary_key=True)
    week: Mapped[dt.date] = mapped_column(primary_key=True)
    part: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    number: Mapped[int | None] = mapped_column()
