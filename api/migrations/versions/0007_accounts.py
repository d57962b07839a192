"""Roles, the second step of a login, what a login is called in a list, and the audit log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
STAFF = sa.table("staff", sa.column("id", sa.Integer()), sa.column("town", sa.String()))
WORK = ("desk", "editor", "reviewer")
SQLITE = (
    """
    CREATE TRIGGER audit_in_order BEFORE INSERT ON audit
    WHEN NEW.id IS NOT (SELECT number FROM audit_head WHERE id = 1)
      OR NEW.previous IS NOT (SELECT hash FROM audit_head WHERE id = 1)
      OR EXISTS (SELECT 1 FROM audit WHERE id >= NEW.id)
    BEGIN SELECT RAISE(ABORT, 'the audit log takes lines in order'); END
    """,
    """
    CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log does not change'); END
    """,
    """
    CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
    WHEN OLD.at > strftime('%Y-%m-%d %H:%M:%S', 'now', '-180 days')
    BEGIN SELECT RAISE(ABORT, 'the audit log keeps this line'); END
    """,
)
POSTGRESQL = (
    """
    CREATE FUNCTION audit_guard() RETURNS trigger AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        IF EXISTS (SELECT 1 FROM audit_head WHERE id = 1 AND number = NEW.id AND hash = NEW.previous)
           AND NOT EXISTS (SELECT 1 FROM audit WHERE id >= NEW.id) THEN RETURN NEW; END IF;
        RAISE EXCEPTION 'the audit log takes lines in order';
      END IF;
      IF TG_OP = 'DELETE' THEN
        IF OLD.at <= now() - interval '180 days' THEN RETURN OLD; END IF;
        RAISE EXCEPTION 'the audit log keeps this line';
      END IF;
      RAISE EXCEPTION 'the audit log does not change';
    END $$ LANGUAGE plpgsql
    """,
    "CREATE TRIGGER audit_guard BEFORE INSERT OR UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_guard()",
    "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_guard()",
)


def upgrade() -> None:
    op.add_column("staff", sa.Column("deactivated_at", MOMENT))
    op.add_column("invitation", sa.Column("roles", sa.String(60), nullable=False, server_default=""))
    op.add_column("invitation", sa.Column("staff_id", sa.Integer()))
    _logins(sa.Column("id", sa.Integer(), primary_key=True), sa.Column("key", sa.String(64), nullable=False, unique=True))
    op.create_table(
        "staff_role",
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("role", sa.String(20), primary_key=True),
    )
    op.create_table(
        "second_step",
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("nonce", sa.String(32), nullable=False),
        sa.Column("last_used", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
    )
    op.create_table(
        "recovery_code",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
    )
    op.create_index("ix_recovery_code_staff_id", "recovery_code", ["staff_id"])
    _give_roles()
    _audit()


def _logins(*key: sa.Column[object]) -> None:
    """Everybody logs in anew: the old logins do not say when and where they began."""
    op.drop_table("staff_session")
    op.create_table(
        "staff_session",
        *key,
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("device", sa.String(40), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
    )
    op.create_index("ix_staff_session_staff_id", "staff_session", ["staff_id"])


def _give_roles() -> None:
    """Every account keeps what it could do; the first one of each town also manages the others."""
    roles = sa.table("staff_role", sa.column("staff_id", sa.Integer()), sa.column("role", sa.String()))
    for role in WORK:
        op.execute(roles.insert().from_select(["staff_id", "role"], sa.select(STAFF.c.id, sa.literal(role))))
    first = sa.select(sa.func.min(STAFF.c.id)).group_by(STAFF.c.town)
    op.execute(
        roles.insert().from_select(["staff_id", "role"], sa.select(STAFF.c.id, sa.literal("admin")).where(STAFF.c.id.in_(first)))
    )


def _audit() -> None:
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.execute("INSERT INTO audit_head (id, number, hash) VALUES (1, 0, '')")
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("town", sa.String(60), nullable=False),
        sa.Column("actor_id", sa.Integer(), sa.ForeignKey("staff.id")),
        sa.Column("subject_id", sa.Integer(), sa.ForeignKey("staff.id")),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("conversation", sa.Integer()),
        sa.Column("thing", sa.String(80)),
        sa.Column("detail", sa.String(80)),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    for name, column in (("town", "town"), ("actor", "actor_id"), ("subject", "subject_id"), ("conversation", "conversation")):
        op.create_index(f"ix_audit_{name}", "audit", [column, "id"])
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}.get(op.get_context().dialect.name, ()):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("audit")
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_guard()")
    op.drop_table("audit_head")
    for table in ("recovery_code", "second_step", "staff_role", "staff_session"):
        op.drop_table(table)
    op.drop_column("invitation", "staff_id")
    op.drop_column("invitation", "roles")
    op.drop_column("staff", "deactivated_at")
    op.create_table(
        "staff_session",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
    )
