"""`kaart publish`, `rollback` and `history`, on a small kaart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hash_encoder import HashEncoder
from small_kaart import publish_first
from typer.testing import CliRunner

from api import cli_publish
from api.cli_publish import app
from api.publishing.folder import read_files
from api.settings import Settings

pytestmark = pytest.mark.usefixtures("logs_as_before")


@pytest.fixture
def kaart(settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an installation whose index was built."""
    monkeypatch.setenv("KAART_KAART", str(folder))
    monkeypatch.setenv("KAART_OTHER_KAARTEN", "")
    monkeypatch.setenv("KAART_DATA", str(settings.data))
    monkeypatch.setattr(cli_publish, "encoder_once", lambda _: HashEncoder())
    publish_first(settings)
    return folder


def run(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code == code, done.output
    return done.output


def test_by_hand_there_and_back(kaart: Path) -> None:
    before = read_files(kaart)
    assert "nothing changed" in run("publish", code=1)
    path = kaart / "entries/zwemles.yaml"
    path.write_text(path.read_text().replace("water duiken badpak", "elke dinsdag"))
    told = run("publish", "-m", "dinsdag")
    assert "Publication 1: dinsdag. 1 file(s). 4 question(s) asked, 4 right, none got worse." in told
    assert "Publication 2: Terug: dinsdag." in run("rollback")
    assert read_files(kaart) == before
    newest, first = json.loads(run("history", "zwemles", "--json"))
    assert (newest["undoes"], first["undone"], first["by"]) == (1, True, "beheer")
    assert "taken back" in run("history")
    assert json.loads(run("history", "fiets", "--json")) == []


def test_refusals_are_sentences(kaart: Path) -> None:
    path = kaart / "entries/zwemles.yaml"
    good = path.read_text()
    knitting = good
    for old, new in (("zwem", "brei"), ("id: breiles", "id: zwemles"), ("water", "wol"), ("swim", "knit"), ("pool", "yarn")):
        knitting = knitting.replace(old, new)
    path.write_text(knitting)
    told = run("publish", code=1)
    assert "nl: zwembad water zwemmen: zwemles is right, it would be" in told
    assert "question(s) got worse: not published." in told
    path.write_text(good.replace("state: active", "state: weg"))
    assert "entries/zwemles.yaml:6: state:" in run("publish", code=1)
    path.write_text(good)
    assert "there is no such publication" in run("rollback", "7", code=1)
