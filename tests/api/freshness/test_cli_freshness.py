"""`kaart review`, `stale`, `remind` and `links`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from click.testing import Result
from freshness_house import MAIL_ADDRESS, add
from mail_server import Inbox
from typer.testing import CliRunner

from api.cli_freshness import app
from sociale_kaart.loader import load_kaart

pytestmark = pytest.mark.usefixtures("logs_as_before")
DAY_LONG_AGO = "on: 2020-01-31"


@pytest.fixture(autouse=True)
def _settings(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands work on the small kaart; its entries were compared in 2020."""
    for file in (folder / "entries").iterdir():
        file.write_text(file.read_text().replace("on: 2026-01-31", DAY_LONG_AGO))
    for name, value in {"KAART": folder, "OTHER_KAARTEN": "", "DATA": tmp_path / "data"}.items():
        monkeypatch.setenv(f"KAART_{name}", str(value))


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def told(*words: str) -> Any:
    result = run(*words)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_review_counts_every_standing_per_language() -> None:
    counted = told("review", "--json")
    assert counted["en"] == {"missing": 0, "outdated": 0, "machine": 0, "draft": 7, "reviewed": 0}
    assert "draft" in run("review").stdout


def test_review_lists_what_is_open_in_a_language(folder: Path) -> None:
    add_hash(folder, "school", "0" * 12)
    rows = told("review", "--language", "en", "--json")
    assert rows[0] == {"id": "school", "standing": "outdated", "note": None}
    assert len(rows) == 7
    assert run("review", "-l", "en").stdout.splitlines()[0] == "outdated  school"


def add_hash(folder: Path, id: str, hash: str) -> None:
    file = folder / f"entries/{id}.yaml"
    file.write_text(file.read_text() + f"    source_hash: '{hash}'\n")


def test_review_shows_a_text_beside_its_dutch(folder: Path) -> None:
    add_hash(folder, "fiets", "0" * 12)
    shown = run("review", "fiets", "-l", "en").stdout
    assert shown.startswith("fiets en: outdated")
    assert "summary\n  nl: fiets trappen wiel\n  en: bicycle pedal wheel" in shown
    assert "What changed in the Dutch is not known" in shown


@pytest.mark.parametrize("words", [["fiets"], ["-l", "xx"], ["weg", "-l", "en"]])
def test_review_says_what_it_does_not_understand(words: list[str]) -> None:
    assert run("review", *words).exit_code == 2


def test_stamp_writes_the_dutch_hash_once(folder: Path) -> None:
    add_hash(folder, "school", "0" * 12)
    before = {file.name: file.read_text().splitlines() for file in (folder / "entries").iterdir()}
    assert run("review", "--stamp").stdout.startswith("6 of 7 files stamped.")
    kaart = load_kaart(folder)
    for entry in kaart:
        wanted = "0" * 12 if entry.id == "school" else entry.texts["nl"].hash
        assert (entry.texts["nl"].source_hash, entry.texts["en"].source_hash) == (None, wanted)
    for file in (folder / "entries").iterdir():
        lines = file.read_text().splitlines()
        assert [line for line in lines if "source_hash" not in line or file.stem == "school"] == before[file.name]
    assert run("review", "--stamp").stdout.startswith("0 of 7 files stamped.")


def test_stale_tells_owner_and_days() -> None:
    found = told("stale", "--json")
    row = next(row for row in found["due"] if row["id"] == "fiets")
    assert {key: row[key] for key in ("state", "verified", "owner", "mail")} == {
        "state": "stale", "verified": "2020-01-31", "owner": "team sport", "mail": True
    }  # fmt: skip
    assert row["days"] > 2000
    assert found["reported"] == []
    assert "fiets" in run("stale").stdout


def test_remind_mails_the_owner_once(server: Controller, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"HOST": "127.0.0.1", "PORT": str(server.port), "FROM": "kaart@example.org", "STARTTLS": "false"}
    for name, value in values.items():
        monkeypatch.setenv(f"KAART_SMTP_{name}", value)
    assert "loket: fiets, huisarts, school, tolk, zwemles" in run("remind", "--dry-run").stdout
    assert inbox.mails == []
    result = run("remind")
    assert result.exit_code == 0
    assert "geld: nobody to write to" in result.stderr
    assert "loket: 5 entries, sent" in result.stdout
    assert [mail["to"] for mail in inbox.mails] == [MAIL_ADDRESS]
    assert "0 mail(s)" in run("remind").stdout
    assert len(inbox.mails) == 1


def test_remind_without_a_mail_server_says_which_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KAART_SMTP_HOST", raising=False)
    result = run("remind")
    assert result.exit_code == 1
    assert "KAART_SMTP_HOST" in result.stderr


def test_remind_tells_that_the_server_refused(server: Controller, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox.refusal = "550 no"
    values = {"HOST": "127.0.0.1", "PORT": str(server.port), "FROM": "kaart@example.org", "STARTTLS": "false"}
    for name, value in values.items():
        monkeypatch.setenv(f"KAART_SMTP_{name}", value)
    result = run("remind")
    assert result.exit_code == 1
    assert "loket: the mail server did not take it: SMTPRecipientsRefused 550" in result.stderr
    assert MAIL_ADDRESS not in result.output


def test_links_that_cannot_be_reached_are_a_failure(folder: Path) -> None:
    assert run("links").stdout == "0 of 0 addresses work.\n"
    add(folder / "entries/fiets.yaml", "contact: {url: http://127.0.0.1:9/}\n")
    result = run("links")
    assert result.exit_code == 1
    assert result.stdout.startswith("unreachable: http://127.0.0.1:9/ (ConnectError), used by fiets\n")
