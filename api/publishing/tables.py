"""The database: publications, the files they changed, and who is editing what."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.conversation.tables import Base, Moment


class PublicationRow(Base):
    """A publication; `by` is the name of who did it, `commit` empty when git refused."""

    __tablename__ = "publication"
    __table_args__ = (Index("ix_publication_town", "town", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    town: Mapped[str] = mapped_column(String(60))
    at: Mapped[dt.datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(String(200))
    gate: Mapped[dict[str, Any]] = mapped_column(JSON)
    commit: Mapped[str | None] = mapped_column(String(64))
    undoes: Mapped[int | None] = mapped_column(ForeignKey("publication.id"), index=True)


class PublicationFileRow(Base):
    """One file of a publication, whole: before (NULL: there was none) and after (NULL: it went)."""

    __tablename__ = "publication_file"

    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id", ondelete="CASCADE"), primary_key=True)
    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    entry_id: Mapped[str | None] = mapped_column(String(60), index=True)
    before: Mapped[str | None] = mapped_column(Text)
    after: Mapped[str | None] = mapped_column(Text)


class EditingRow(Base):
    """Somebody has the form of an entry open, since `at`."""

    __tablename__ = "editing"

    town: Mapped[str] = mapped_column(String(60), primary_key=True)
    entry_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(Moment)
