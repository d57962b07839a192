"""What the database itself refuses: to change a line of the audit log, to delete a young one, to put one in between.

The same statements stand in the migration, which is frozen.
"""

from __future__ import annotations

KEPT_DAYS = 180
"""No line younger than this can be deleted by anybody; retention (`KAART_AUDIT_DAYS`) keeps them at least as long."""
FIRST_HEAD = "INSERT INTO audit_head (id, number, hash) VALUES (1, 0, '')"

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
    f"""
    CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
    WHEN OLD.at > strftime('%Y-%m-%d %H:%M:%S', 'now', '-{KEPT_DAYS} days')
    BEGIN SELECT RAISE(ABORT, 'the audit log keeps this line'); END
    """,
)
POSTGRESQL = (
    f"""
    CREATE FUNCTION audit_guard() RETURNS trigger AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        IF EXISTS (SELECT 1 FROM audit_head WHERE id = 1 AND number = NEW.id AND hash = NEW.previous)
           AND NOT EXISTS (SELECT 1 FROM audit WHERE id >= NEW.id) THEN RETURN NEW; END IF;
        RAISE EXCEPTION 'the audit log takes lines in order';
      END IF;
      IF TG_OP = 'DELETE' THEN
        IF OLD.at <= now() - interval '{KEPT_DAYS} days' THEN RETURN OLD; END IF;
        RAISE EXCEPTION 'the audit log keeps this line';
      END IF;
      RAISE EXCEPTION 'the audit log does not change';
    END $$ LANGUAGE plpgsql
    """,
    "CREATE TRIGGER audit_guard BEFORE INSERT OR UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_guard()",
    "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_guard()",
)
GUARDS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
