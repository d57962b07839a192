"""Whether an answer helped: tied to the answer, gone with its conversation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "verdict",
        sa.Column(
            "message_id", sa.Integer(), sa.ForeignKey("message.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
        ),
        sa.Column("payload", sa.String(20), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("verdict")
