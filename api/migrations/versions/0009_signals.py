"""What came of each turn, and counts per week."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    conversation = sa.ForeignKey("conversation.id", ondelete="CASCADE")
    op.create_table(
        "asked",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("conversation_id", sa.Integer(), conversation, nullable=False),
        sa.Column("message_id", sa.Integer(), sa.ForeignKey("message.id", ondelete="CASCADE")),
        sa.Column("town", sa.String(60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.String(3)),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("entry_id", sa.String(60)),
        sa.Column("probability", sa.Float()),
    )
    op.create_index("ix_asked_town", "asked", ["town", "at"])
    op.create_index("ix_asked_conversation_id", "asked", ["conversation_id"])
    op.create_index("ix_asked_message_id", "asked", ["message_id"])
    op.create_table(
        "signal_count",
        sa.Column("town", sa.String(60), primary_key=True),
        sa.Column("week", sa.Date(), primary_key=True),
        sa.Column("part", sa.String(20), primary_key=True),
        sa.Column("key", sa.String(80), primary_key=True),
        sa.Column("number", sa.Integer()),
    )


def downgrade() -> None:
    op.drop_table("signal_count")
    for column in ("message_id", "conversation_id"):
        op.drop_index(f"ix_asked_{column}", "asked")
    op.drop_index("ix_asked_town", "asked")
    op.drop_table("asked")
