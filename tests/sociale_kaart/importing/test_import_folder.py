"""The folder of a new kaart: beside the others, never over one, and with the shared entries that stand there."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest

from sociale_kaart.importing.folder import NewKaart, import_file
from sociale_kaart.importing.report import ImportRefused, Loss, Report
from sociale_kaart.loader import load_kaart
from sociale_kaart.schema import Theme

HERE = Path(__file__).parents[3] / "sociale_kaart"
SERVICE = {"name": "Loket", "description": "Hulp bij brieven.", "status": "active"}
TODAY = dt.date(2026, 11, 22)


def make(parent: Path, id: str = "tilburg", name: str = "Tilburg", services: list[dict[str, str]] | None = None) -> Report:
    content = json.dumps(services or [SERVICE]).encode()
    return import_file(content, NewKaart(id, name, "Open data", Theme.MONEY), parent, TODAY)


def test_it_takes_over_the_national_entries(tmp_path: Path) -> None:
    shutil.copytree(HERE / "landelijk", tmp_path / "landelijk")
    report = make(tmp_path, services=[SERVICE, SERVICE | {"x_entry": "spoed-112"}])
    kaart = load_kaart(tmp_path / "tilburg")
    assert kaart.municipality.languages == ("nl",)
    assert kaart.municipality.sources["IMPORT"].title == "Open data"
    assert not kaart.is_own("spoed-112")
    assert [loss.why for loss in report.left_out] == ["is a shared entry, which the kaart has already"]


def test_without_them_it_stands_alone(tmp_path: Path) -> None:
    make(tmp_path)
    assert [entry.id for entry in load_kaart(tmp_path / "tilburg")] == ["loket"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tilburg"]
    assert (tmp_path / "tilburg").stat().st_mode & 0o777 == 0o755


def test_it_never_writes_over_a_kaart(tmp_path: Path) -> None:
    make(tmp_path)
    before = (tmp_path / "tilburg/kaart.yaml").read_bytes()
    with pytest.raises(ImportRefused, match="is there already"):
        make(tmp_path, name="Anders")
    assert (tmp_path / "tilburg/kaart.yaml").read_bytes() == before


@pytest.mark.parametrize("id", ["../weg", "Tilburg", "", ".", "a/b"])
def test_a_name_that_is_no_folder_of_ours_is_refused(tmp_path: Path, id: str) -> None:
    with pytest.raises(ImportRefused, match="id: "):
        make(tmp_path, id=id)
    assert list(tmp_path.iterdir()) == []


def test_the_report_as_text_and_as_data() -> None:
    losses = [Loss(f"{n} (A)", "alert", "no place") for n in range(1, 8)]
    report = Report(
        9, 7, (*losses, Loss("8 (B)", "email", "is wrong"), Loss("8 (B)", "", "has no name"), Loss("9", "", "has no name"))
    )
    assert report.as_text().splitlines() == [
        "9 records read, 7 entries made, 2 left out.",
        "  left out: 8 (B): has no name",
        "  left out: 9: has no name",
        "  dropped: alert: no place (1 (A), 2 (A), 3 (A), 4 (A), 5 (A) and 2 more: see --json)",
    ]
    plain = report.as_plain()
    assert (plain["records"], plain["entries"], len(plain["dropped"])) == (9, 7, 7)
    assert plain["left_out"][0] == {"record": "8 (B)", "why": "has no name"}
