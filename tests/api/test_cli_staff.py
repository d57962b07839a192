"""`kaart staff` and `kaart audit` in the terminal."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from desk_house import CHEAP, PASSWORD
from typer.testing import CliRunner

from api.cli import app
from api.database import connect
from api.desk.accounts import Accounts
from api.desk.roles import Role
from api.services import now
from api.settings import Settings

pytestmark = pytest.mark.usefixtures("logs_as_before")
runner = CliRunner()


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a database in which Sanne and Omar have accounts; Sanne manages."""
    monkeypatch.setenv("KAART_DATA", str(tmp_path))
    for name, options in (("sanne", []), ("omar", ["--role", "desk", "--role", "reviewer"])):
        link = runner.invoke(app, ["invite", *options]).stdout.strip()
        asyncio.run(make(link.partition("token=")[2], name))
    return tmp_path


async def make(token: str, name: str) -> None:
    engine = connect(Settings().database)
    await Accounts(engine, now, CHEAP).create(token, name, name.title(), PASSWORD)
    await engine.dispose()


def accounts() -> dict[str, dict[str, object]]:
    return {row["login"]: row for row in json.loads(runner.invoke(app, ["staff", "list", "--json"]).stdout)}


@pytest.mark.usefixtures("data")
def test_invite_and_change_roles() -> None:
    before = accounts()
    assert before["sanne"]["roles"] == [*Role]
    assert before["omar"]["roles"] == ["desk", "reviewer"]
    assert runner.invoke(app, ["staff", "roles", "omar", "--role", "editor"]).exit_code == 0
    assert accounts()["omar"]["roles"] == ["editor"]
    assert "omar" in runner.invoke(app, ["staff", "list"]).stdout


@pytest.mark.usefixtures("data")
def test_a_mistake_in_the_kaart_stops_no_work_on_accounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "nijmegen"
    folder.mkdir()
    (folder / "kaart.yaml").write_text("id: [", encoding="utf-8")
    monkeypatch.setenv("KAART_KAART", str(folder))
    assert set(accounts()) == {"sanne", "omar"}
    for command in (["audit", "export"], ["audit", "prune"], ["invite"]):
        assert runner.invoke(app, command).exit_code == 0


@pytest.mark.usefixtures("data")
def test_close_and_open() -> None:
    assert runner.invoke(app, ["staff", "deactivate", "omar"]).exit_code == 0
    assert accounts()["omar"]["active"] is False
    assert runner.invoke(app, ["staff", "activate", "omar"]).exit_code == 0
    assert accounts()["omar"]["active"] is True
    refused = runner.invoke(app, ["staff", "deactivate", "sanne"])
    assert (refused.exit_code, accounts()["sanne"]["active"]) == (1, True)
    assert "nobody would be left" in refused.stderr
    assert "no account niemand" in runner.invoke(app, ["staff", "deactivate", "niemand"]).stderr


@pytest.mark.usefixtures("data")
def test_the_second_step_is_taken_away() -> None:
    assert runner.invoke(app, ["staff", "reset-second-step", "omar"]).exit_code == 0
    assert "second_step_reset" in runner.invoke(app, ["audit", "export"]).stdout


def test_verify_says_what_is_wrong_and_knows_what_was_noted_down(data: Path) -> None:
    whole = runner.invoke(app, ["audit", "verify"])
    noted = whole.stdout.strip().rsplit(" ", 1)[-1]
    assert (whole.exit_code, noted.partition(":")[0]) == (0, "4")
    assert runner.invoke(app, ["audit", "verify", "--expect", noted]).exit_code == 0
    assert runner.invoke(app, ["audit", "verify", "--expect", f"3{noted[1:]}"]).exit_code == 1
    assert runner.invoke(app, ["audit", "verify", "--expect", "onzin"]).exit_code == 1
    with closing(sqlite3.connect(data / "kaart.db")) as connection, connection:
        connection.execute("DROP TRIGGER audit_no_update")
        connection.execute("UPDATE audit SET detail = 'admin' WHERE id = 2")
    broken = runner.invoke(app, ["audit", "verify"])
    assert broken.exit_code == 1
    assert "line 2: it was changed" in broken.stderr
    assert json.loads(runner.invoke(app, ["audit", "verify", "--json"]).stdout)["broken_at"] == 2


@pytest.mark.usefixtures("data")
def test_prune_keeps_what_is_young() -> None:
    assert "0 line(s)" in runner.invoke(app, ["audit", "prune"]).stdout
