"""What people reported about entries, and when owners were last reminded."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("town", sa.String(60), nullable=False),
        sa.Column("entry_id", sa.String(60), nullable=False),
        sa.Column("what", sa.String(10), nullable=False),
        sa.Column("text", sa.String(500)),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("handled_at", MOMENT),
        sa.Column("handled_by", sa.Integer(), sa.ForeignKey("staff.id")),
    )
    op.create_index("ix_report_open", "report", ["town", "handled_at"])
    op.create_table(
        "reminder",
        sa.Column("town", sa.String(60), primary_key=True),
        sa.Column("entry_id", sa.String(60), primary_key=True),
        sa.Column("sent_at", MOMENT, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("reminder")
    op.drop_index("ix_report_open", "report")
    op.drop_table("report")
