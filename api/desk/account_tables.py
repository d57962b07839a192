"""The database: the roles of desk workers, and the second step of their login."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from api.conversation.tables import Base, Moment


class StaffRoleRow(Base):
    """One role of one desk worker."""

    __tablename__ = "staff_role"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)


class SecondStepRow(Base):
    """A desk worker's app for codes. The app's secret is made from `nonce` and the installation's own: it is not stored."""

    __tablename__ = "second_step"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(32))
    last_used: Mapped[int] = mapped_column()
    """Number of the half minute whose code was used last: it and those before it do not work any more."""
    since: Mapped[dt.datetime] = mapped_column(Moment)


class RecoveryCodeRow(Base):
    """The hash of a code for who lost the app; used once, then it goes."""

    __tablename__ = "recovery_code"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
