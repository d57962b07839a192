"""The database of before gets roles and an audit log, and what the code makes is what the migration makes."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect
from sqlalchemy.engine import Connection

from api.conversation.tables import Base
from api.database import MIGRATIONS, connect, migrate
from api.desk.audit.deeds import Deed, Kind
from api.desk.audit.guard import POSTGRESQL, SQLITE
from api.desk.audit.log import Audit
from api.desk.colleagues import Colleagues
from api.desk.roles import WORK, Role
from api.services import now
from api.settings import ROOT

BEFORE = "0004"
TABLES = ("staff", "staff_session", "invitation", "staff_role", "second_step", "recovery_code", "audit", "audit_head")


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'kaart.db'}"


def migrate_to(url: str, version: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    command.upgrade(config, version)


def write(url: str, *statements: str) -> None:
    with closing(sqlite3.connect(url.partition("///")[2])) as connection, connection:
        for statement in statements:
            connection.execute(statement)


async def test_every_account_keeps_its_work_and_the_first_of_each_town_manages(url: str) -> None:
    migrate_to(url, BEFORE)
    staff = "INSERT INTO staff (id, town, login, name, password_hash, created_at) VALUES ({}, '{}', '{}', 'x', '', '2026-01-01')"
    towns = ("nijmegen", "vught", "nijmegen", "vught")
    write(url, *(staff.format(id, town, f"login{id}") for id, town in enumerate(towns, 1)))
    session = "INSERT INTO staff_session (key, staff_id, csrf, expires_at) VALUES ('k', 1, 'c', '2099-01-01')"
    write(url, session)
    migrate(url)
    engine = connect(url)
    colleagues = Colleagues(engine, now)
    roles = {one.staff.id: one.staff.roles for town in ("nijmegen", "vught") for one in await colleagues.of(town)}
    assert roles == {1: set(Role), 2: set(Role), 3: WORK, 4: WORK}
    audit = Audit(engine, now)
    assert await audit.add(Deed(Kind.LOGIN, "nijmegen", 1)) == 1
    assert (await audit.verify()).lines == 1
    await engine.dispose()
    with pytest.raises(sqlite3.IntegrityError, match="audit log"):
        write(url, "DELETE FROM audit")


async def test_the_migration_makes_what_the_code_says(url: str, tmp_path: Path) -> None:
    migrate(url)
    other = f"sqlite+aiosqlite:///{tmp_path / 'other.db'}"
    made = connect(other)
    async with made.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await made.dispose()
    shapes = []
    for address in (url, other):
        engine = connect(address)
        async with engine.connect() as connection:
            shapes.append(await connection.run_sync(shape))
        await engine.dispose()
    assert shapes[0] == shapes[1]


async def test_the_migrations_know_every_table_that_they_make(url: str) -> None:
    """In a process of its own: here the other tests have imported them all."""
    script = "import sys; from api.database import migrate; migrate(sys.argv[1])"
    script += "; from api.conversation.tables import Base; print(*Base.metadata.tables)"
    told = subprocess.run([sys.executable, "-c", script, url], check=True, capture_output=True, text=True, cwd=ROOT)
    engine = connect(url)
    async with engine.connect() as connection:
        made = set(await connection.run_sync(lambda known: inspect(known).get_table_names()))
    await engine.dispose()
    assert set(told.stdout.split()) == made - {"alembic_version"}


def shape(connection: Connection) -> dict[str, object]:
    """Columns, indexes and triggers, without the ways they are written."""
    known = inspect(connection)
    tables = {
        table: (
            {column["name"]: (str(column["type"]), column["nullable"]) for column in known.get_columns(table)},
            {(index["name"], tuple(index["column_names"])) for index in known.get_indexes(table)},
        )
        for table in TABLES
    }
    triggers = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    return {"tables": tables, "triggers": {name: " ".join(sql.split()) for name, sql in triggers}}


def test_the_frozen_guard_is_the_code_s_guard() -> None:
    frozen = (MIGRATIONS / "versions/0007_accounts.py").read_text(encoding="utf-8")
    for statement in (*SQLITE, *POSTGRESQL):
        assert " ".join(statement.split()) in " ".join(frozen.split())
