"""The database: the audit log, and its last line."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, ForeignKey, Index, Integer, String, event
from sqlalchemy.orm import Mapped, mapped_column

from api.conversation.tables import Base, Moment
from api.desk.audit.guard import FIRST_HEAD, GUARDS


class AuditRow(Base):
    """One line; `conversation` is no foreign key, because the number stays when the conversation is forgotten."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_town", "town", "id"),
        Index("ix_audit_actor", "actor_id", "id"),
        Index("ix_audit_subject", "subject_id", "id"),
        Index("ix_audit_conversation", "conversation", "id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime] = mapped_column(Moment)
    town: Mapped[str] = mapped_column(String(60))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[str] = mapped_column(String(30))
    conversation: Mapped[int | None] = mapped_column(Integer)
    thing: Mapped[str | None] = mapped_column(String(80))
    detail: Mapped[str | None] = mapped_column(String(80))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHeadRow(Base):
    """Number and hash of the last line: who writes takes this row first, so that lines come one after another."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))


@event.listens_for(AuditRow.__table__, "after_create")
def _guard(_table: object, connection: Connection, **_: object) -> None:
    for statement in GUARDS.get(connection.dialect.name, ()):
        connection.exec_driver_sql(statement)


@event.listens_for(AuditHeadRow.__table__, "after_create")
def _begin(_table: object, connection: Connection, **_: object) -> None:
    connection.exec_driver_sql(FIRST_HEAD)
