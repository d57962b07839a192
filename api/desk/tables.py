"""The database: notes of the desk, who looks at what, and which escalations were warned about."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.conversation.tables import Base, Moment


class NoteRow(Base):
    """What a desk worker wrote down for colleagues. Goes with its conversation; no newcomer ever sees it."""

    __tablename__ = "desk_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[dt.datetime] = mapped_column(Moment)


class ViewingRow(Base):
    """Somebody had the page of a conversation open at `at`."""

    __tablename__ = "desk_viewing"

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(Moment)


class WarningRow(Base):
    """A warning about somebody who waits too long. One process takes it (`taken_at`), sends it and says so (`sent_at`).

    A waiting time begins at `since`; when it turns out to be about danger, that is a warning of its own.
    """

    __tablename__ = "desk_warning"

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)
    since: Mapped[dt.datetime] = mapped_column(Moment, primary_key=True)
    danger: Mapped[bool] = mapped_column(primary_key=True)
    taken_at: Mapped[dt.datetime] = mapped_column(Moment)
    sent_at: Mapped[dt.datetime | None] = mapped_column(Moment)
