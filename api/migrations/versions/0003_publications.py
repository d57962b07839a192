"""Publications of the kaart: who changed what, when, and how to take it back; who is editing an entry."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("town", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("gate", sa.JSON(), nullable=False),
        sa.Column("commit", sa.String(length=64), nullable=True),
        sa.Column("undoes", sa.Integer(), sa.ForeignKey("publication.id"), nullable=True),
    )
    op.create_index("ix_publication_town", "publication", ["town", "id"])
    op.create_index("ix_publication_undoes", "publication", ["undoes"])
    op.create_table(
        "publication_file",
        sa.Column("publication_id", sa.Integer(), sa.ForeignKey("publication.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("path", sa.String(length=200), primary_key=True),
        sa.Column("entry_id", sa.String(length=60), nullable=True),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
    )
    op.create_index("ix_publication_file_entry_id", "publication_file", ["entry_id"])
    op.create_table(
        "editing",
        sa.Column("town", sa.String(length=60), primary_key=True),
        sa.Column("entry_id", sa.String(length=60), primary_key=True),
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    for table in ("editing", "publication_file", "publication"):
        op.drop_table(table)
