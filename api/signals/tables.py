"""The database: the counts per week that stay when conversations are gone."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from api.conversation.tables import Base


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
