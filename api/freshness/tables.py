"""The database: what people reported about entries, and when owners were last reminded."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from api.conversation.tables import Base, Moment

TEXT_LIMIT = 500
"""Longest explanation of an owner, in characters."""


class ReportRow(Base):
    """Somebody says that an entry is not right (any more). Nothing leads back to who said it or to a conversation."""

    __tablename__ = "report"
    __table_args__ = (Index("ix_report_open", "town", "handled_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    town: Mapped[str] = mapped_column(String(60))
    entry_id: Mapped[str] = mapped_column(String(60))
    what: Mapped[str] = mapped_column(String(10))
    text: Mapped[str | None] = mapped_column(String(TEXT_LIMIT))
    at: Mapped[dt.datetime] = mapped_column(Moment)
    handled_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    handled_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class ReminderRow(Base):
    """When the owner of an entry last got a mail about it."""

    __tablename__ = "reminder"

    town: Mapped[str] = mapped_column(String(60), primary_key=True)
    entry_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    sent_at: Mapped[dt.datetime] = mapped_column(Moment)
