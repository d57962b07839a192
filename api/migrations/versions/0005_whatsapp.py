"""WhatsApp: contacts, inbox, outbox, attachments; and which messages of newcomers have their answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def to(table: str, column: str = "id") -> sa.ForeignKey:
    return sa.ForeignKey(f"{table}.{column}", ondelete="CASCADE")


def upgrade() -> None:
    with op.batch_alter_table("message") as message:
        message.add_column(sa.Column("handled", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_table(
        "whatsapp_contact",
        sa.Column("conversation_id", sa.Integer(), to("conversation"), primary_key=True),
        sa.Column("number_id", sa.String(40), nullable=False),
        sa.Column("wa_id", sa.String(40)),
        sa.Column("bsuid", sa.String(160)),
        sa.Column("last_inbound_at", MOMENT, nullable=False),
        sa.Column("stopped_after", sa.Integer()),
        sa.UniqueConstraint("number_id", "wa_id"),
        sa.UniqueConstraint("number_id", "bsuid"),
    )
    op.create_table(
        "whatsapp_inbox",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(64), nullable=False, unique=True),
        sa.Column("sender", sa.String(200)),
        sa.Column("letter", sa.JSON()),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_whatsapp_inbox_open", "whatsapp_inbox", ["done", "sent_at"])
    op.create_table(
        "whatsapp_said",
        sa.Column("message_id", sa.Integer(), to("message"), primary_key=True),
        sa.Column("first_id", sa.Integer(), to("message"), nullable=False),
    )
    op.create_index("ix_whatsapp_said_first_id", "whatsapp_said", ["first_id"])
    op.create_table(
        "whatsapp_bubble",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("conversation_id", sa.Integer(), to("conversation"), nullable=False),
        sa.Column("message_id", sa.Integer(), to("message"), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("template", sa.String(160)),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("wamid", sa.String(200)),
        sa.Column("error", sa.Integer()),
        sa.UniqueConstraint("message_id", "part"),
    )
    op.create_index("ix_whatsapp_bubble_conversation_id", "whatsapp_bubble", ["conversation_id"])
    op.create_index("ix_whatsapp_bubble_due", "whatsapp_bubble", ["state", "next_at"])
    op.create_table(
        "whatsapp_attachment",
        sa.Column("message_id", sa.Integer(), to("message"), primary_key=True),
        sa.Column("conversation_id", sa.Integer(), to("conversation"), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("media_id", sa.String(200), nullable=False),
        sa.Column("mime", sa.String(100), nullable=False),
        sa.Column("sha256", sa.String(100)),
        sa.Column("filename", sa.String(200)),
        sa.Column("expires_at", MOMENT, nullable=False),
    )
    op.create_index("ix_whatsapp_attachment_conversation_id", "whatsapp_attachment", ["conversation_id"])
    op.create_index("ix_whatsapp_attachment_expires_at", "whatsapp_attachment", ["expires_at"])


def downgrade() -> None:
    for table in ("attachment", "bubble", "said", "inbox", "contact"):
        op.drop_table(f"whatsapp_{table}")
    with op.batch_alter_table("message") as message:
        message.drop_column("handled")
