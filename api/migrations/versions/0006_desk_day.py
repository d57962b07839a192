"""Notes of the desk, who looks at what, and which escalations were warned about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def _conversation(key: bool) -> sa.Column[int]:
    parent = sa.ForeignKey("conversation.id", ondelete="CASCADE")
    return sa.Column("conversation_id", sa.Integer(), parent, nullable=False, primary_key=key)


def upgrade() -> None:
    op.create_table(
        "desk_note",
        sa.Column("id", sa.Integer(), primary_key=True),
        _conversation(key=False),
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("staff.id", ondelete="SET NULL")),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("ix_desk_note_conversation_id", "desk_note", ["conversation_id"])
    op.create_table(
        "desk_viewing",
        _conversation(key=True),
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "desk_warning",
        _conversation(key=True),
        sa.Column("since", MOMENT, primary_key=True),
        sa.Column("danger", sa.Boolean(), primary_key=True),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT),
    )


def downgrade() -> None:
    op.drop_table("desk_warning")
    op.drop_table("desk_viewing")
    op.drop_index("ix_desk_note_conversation_id", "desk_note")
    op.drop_table("desk_note")
