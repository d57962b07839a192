"""`kaart export` and `kaart import` in the terminal."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.settings import ROOT
from sociale_kaart.loader import load_kaart

pytestmark = pytest.mark.usefixtures("logs_as_before")
runner = CliRunner()


@pytest.fixture
def kaarten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copies of Vught and the national entries, where the commands look."""
    for name in ("vught", "landelijk"):
        shutil.copytree(ROOT / "sociale_kaart" / name, tmp_path / name)
    monkeypatch.setenv("KAART_KAART", str(tmp_path / "vught"))
    monkeypatch.setenv("KAART_OTHER_KAARTEN", "")
    return tmp_path


def test_export_to_the_terminal_and_to_a_file(kaarten: Path) -> None:
    vught = load_kaart(kaarten / "vught")
    services = json.loads(runner.invoke(app, ["export"]).stdout_bytes)
    assert [one["x_entry"] for one in services] == [entry.id for entry in vught]
    target = kaarten / "vught.csv"
    assert runner.invoke(app, ["export", str(target), "--format", "csv", "--bom", "--kaart", "vught"]).exit_code == 0
    assert target.read_bytes().startswith(b"\xef\xbb\xbfentry,language,")
    lines = runner.invoke(app, ["export", "--format", "ndjson"]).stdout_bytes.splitlines()
    assert [json.loads(line) for line in lines] == services


def test_import_makes_a_kaart_and_tells_what_was_lost(kaarten: Path) -> None:
    file = kaarten / "export.json"
    runner.invoke(app, ["export", str(file)])
    result = runner.invoke(app, ["import", str(file), "den-bosch", "--source", "Kaart van Vught"])
    assert result.exit_code == 0, result.output
    kaart = load_kaart(kaarten / "den-bosch")
    assert kaart.municipality.name == "Den Bosch"
    assert kaart.municipality.sources["IMPORT"].title == "Kaart van Vught"
    own = [entry.id for entry in kaart if kaart.is_own(entry.id)]
    assert f"den-bosch: {len(own)} entries of its own, no problems." in result.stdout
    assert "dropped: x_texts.ti: a new kaart begins with Dutch alone" in result.stdout


def test_import_as_json_and_what_is_still_to_do(kaarten: Path) -> None:
    file = kaarten / "lijst.csv"
    file.write_text("name,description\nLoket,Hulp bij brieven.\nLeeg,\n", encoding="utf-8")
    result = runner.invoke(app, ["import", str(file), "dorp", "--theme", "money", "--json"])
    report = json.loads(result.stdout)
    assert (report["records"], report["entries"], len(report["left_out"])) == (2, 1, 1)
    result = runner.invoke(app, ["import", str(file), "stad", "--theme", "money"])
    assert "1 of them need example questions: search asks for 5 of each" in result.stdout


def test_import_refuses_in_a_sentence(kaarten: Path) -> None:
    file = kaarten / "lijst.csv"
    file.write_text("name,description\nLoket,Hulp.\n", encoding="utf-8")
    for arguments, says in (
        ([str(file), "vught", "--theme", "money"], "vught is there already"),
        ([str(file), "Vught"], "id: "),
        ([str(file), "dorp"], "themes: Field required"),
    ):
        result = runner.invoke(app, ["import", *arguments])
        assert result.exit_code == 1
        assert result.stderr.startswith("lijst.csv: ")
        assert says in result.stderr
    assert sorted(path.name for path in kaarten.iterdir()) == ["landelijk", "lijst.csv", "vught"]


@pytest.mark.usefixtures("kaarten")
def test_a_mark_is_for_csv_alone() -> None:
    assert runner.invoke(app, ["export", "--bom"]).exit_code == 2
