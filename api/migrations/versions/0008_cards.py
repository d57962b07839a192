"""Referral cards: entries, a language, and until when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "card",
        sa.Column("code", sa.String(8), primary_key=True),
        sa.Column("town", sa.String(60), nullable=False),
        sa.Column("language", sa.String(3), nullable=False),
        sa.Column("entries", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
    )
    op.create_index("ix_card_expires_at", "card", ["expires_at"])


def downgrade() -> None:
    op.drop_index("ix_card_expires_at", "card")
    op.drop_table("card")
