"""The command line: what machines read, and what people read when something is wrong."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from mail_server import free_port
from typer.testing import CliRunner

from api.cli import app
from api.settings import ROOT, Settings

pytestmark = pytest.mark.usefixtures("logs_as_before")
runner = CliRunner()


@pytest.fixture
def kaart_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the real kaart that the commands use."""
    folder = tmp_path / "nijmegen"
    shutil.copytree(ROOT / "sociale_kaart/nijmegen", folder)
    monkeypatch.setenv("KAART_KAART", str(folder))
    return folder


def test_list_tells_theme_audience_state_and_texts() -> None:
    rows = json.loads(runner.invoke(app, ["list", "--json"]).stdout)
    entry = next(row for row in rows if row["id"] == "inrichtingskrediet")
    assert (entry["theme"], entry["state"], entry["audience"]["statuses"]) == ("money", "active", ["status_holder"])
    assert entry["languages"]["ti"] == {"text": True, "review": "draft"}


def test_check_names_file_line_and_field(kaart_folder: Path) -> None:
    file = kaart_folder / "entries/fiets.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("kind: scheme", "kind: winkel\nkleur: rood"), encoding="utf-8")
    result = runner.invoke(app, ["check"])
    assert result.exit_code == 1
    assert f"{file}:2: kind:" in result.stderr
    assert f"{file}:3: kleur:" in result.stderr


def test_a_missing_model_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KAART_MODEL", str(tmp_path / "nowhere"))
    result = runner.invoke(app, ["ask", "hallo"])
    assert result.exit_code == 1
    assert "nowhere" in result.stderr


def test_a_missing_index_says_how_to_mend_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KAART_DATA", str(tmp_path))
    result = runner.invoke(app, ["ask", "hallo"])
    assert result.exit_code == 1
    assert "kaart index" in result.stderr


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAART_PORT", "abc")
    result = runner.invoke(app, ["check"])
    assert result.exit_code == 1
    assert "KAART_PORT" in result.stderr


def test_measuring_turns_where_nobody_serves_is_a_sentence_before_any_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAART_PORT", str(free_port()))
    result = runner.invoke(app, ["bench"])
    assert result.exit_code == 1
    assert "nobody serves http://127.0.0.1:" in result.stderr
    assert result.stdout == ""


@pytest.mark.skipif(not (Settings().index(Settings().kaart) / "current").exists(), reason="no index has been built: make setup")
def test_ask_gives_language_zone_emergency_and_ranked_entries() -> None:
    answer = json.loads(runner.invoke(app, ["ask", "--json", "Де можна навчитися плавати дорослим?"]).stdout)
    assert answer["language"] == "uk"
    assert answer["zone"] in ("answer", "ask_back")
    assert answer["emergency"] is None
    assert answer["entries"][0]["id"] == "zwemlessen"
    assert json.loads(runner.invoke(app, ["ask", "--json", "ik wil niet meer leven"]).stdout)["emergency"] == "suicide"


@pytest.mark.skipif(not (Settings().index(Settings().kaart) / "current").exists(), reason="no index has been built: make setup")
def test_eval_prints_every_measure(tmp_path: Path) -> None:
    file = tmp_path / "questions.tsv"
    rows = ["qid\tlang\tkind\twho\tstyle\ttext\tids\tnote", "q1\tnl\tin\tvolunteer\tshort\twaar is zwemles\tzwemlessen\t"]
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    measured = json.loads(runner.invoke(app, ["eval", str(file), "--json"]).stdout)["languages"]["nl"]
    assert measured["rows"] == 1
    assert measured["recall_at_3"] == 1.0
    assert measured["emergency_recall"] is None
    file.write_text(rows[0] + "\nq1\tnl\tonbekend\n", encoding="utf-8")
    result = runner.invoke(app, ["eval", str(file)])
    assert result.exit_code == 1
    assert f"{file}:2" in result.stderr
