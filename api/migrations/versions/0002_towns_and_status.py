"""Which town a conversation, a desk worker and an invitation belong to; the residence status told in a conversation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("conversation", "staff", "invitation")


def upgrade() -> None:
    for table in TABLES:
        # Empty: stored before there were more towns, so of the first one.
        op.add_column(table, sa.Column("town", sa.String(length=60), nullable=False, server_default=""))
    op.add_column("conversation", sa.Column("status", sa.String(length=20), nullable=True))


def downgrade() -> None:
    op.drop_column("conversation", "status")
    for table in TABLES:
        op.drop_column(table, "town")
