"""The database: referral cards."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from api.conversation.tables import Base, Moment
from api.volunteer.codes import LENGTH


class CardRow(Base):
    """Which entries somebody was referred to. Nothing about who made it or for whom; no words at all."""

    __tablename__ = "card"

    code: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    town: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(3))
    entries: Mapped[list[list[str]]] = mapped_column(JSON)
    """Pairs of an entry's id and the mark of what it said then."""
    created_at: Mapped[dt.datetime] = mapped_column(Moment)
    expires_at: Mapped[dt.datetime] = mapped_column(Moment, index=True)
