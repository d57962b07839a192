"""`kaart new`: a folder that passes the check, and next steps that work as they are printed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from hash_encoder import HashEncoder
from typer.testing import CliRunner

from api import cli
from api.cli import app
from api.settings import ROOT
from knowledge import build

pytestmark = pytest.mark.usefixtures("logs_as_before")
runner = CliRunner()


@pytest.fixture
def kaarten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Vught and the national entries, copied: what the commands use."""
    for name in ("vught", "landelijk"):
        shutil.copytree(ROOT / "sociale_kaart" / name, tmp_path / name)
    monkeypatch.setenv("KAART_KAART", str(tmp_path / "vught"))
    monkeypatch.setenv("KAART_OTHER_KAARTEN", "")
    monkeypatch.setenv("KAART_DATA", str(tmp_path / "var"))
    return tmp_path


def test_the_next_steps_work_as_they_are_printed(kaarten: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = runner.invoke(app, ["new", "ons-dorp"])
    assert made.exit_code == 0, made.stderr
    others = re.search(r"export KAART_OTHER_KAARTEN=(.+)", made.stdout)
    assert others
    monkeypatch.setenv("KAART_OTHER_KAARTEN", others[1])
    checked = runner.invoke(app, ["check"])
    assert "ons-dorp: 1 entries and 6 shared ones, 0 rule(s), no problems." in checked.stdout
    monkeypatch.setattr(build, "load_encoder", lambda _: HashEncoder())
    indexed = runner.invoke(app, ["index"])
    assert (indexed.exit_code, (kaarten / "var/index/ons-dorp/current/manifest.json").is_file()) == (0, True)
    assert "too few entries" not in indexed.stdout
    for command in re.findall(r"^kaart (\w+)", made.stdout, re.MULTILINE):
        assert runner.invoke(app, [command, "--help"]).exit_code == 0
    assert all((ROOT / path).is_file() for path in re.findall(r"sociale_kaart/\w+\.md", made.stdout))


def test_the_name_of_the_municipality(kaarten: Path) -> None:
    runner.invoke(app, ["new", "dorp", "--municipality", "Het Dorp"])
    assert 'name: "Het Dorp"' in (kaarten / "dorp/kaart.yaml").read_text(encoding="utf-8")
    runner.invoke(app, ["new", "ons-dorp"])
    assert 'name: "Ons Dorp"' in (kaarten / "ons-dorp/kaart.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Ons Dorp", "small letters"),
        ("vught", "is there already"),
        ("balie", "part of an address"),
        ("static", "part of an address"),
        ("ti", "part of an address"),
    ],
)
def test_a_name_that_cannot_be_is_a_sentence(kaarten: Path, name: str, why: str) -> None:
    before = sorted(kaarten.iterdir())
    result = runner.invoke(app, ["new", name])
    assert result.exit_code == 1
    assert why in result.stderr
    assert "Traceback" not in result.stderr
    assert sorted(kaarten.iterdir()) == before


def test_a_kaart_that_is_too_small_to_calibrate_is_said(kaarten: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(kaarten / "landelijk")
    runner.invoke(app, ["new", "dorp"])
    monkeypatch.setenv("KAART_KAART", str(kaarten / "dorp"))
    monkeypatch.setattr(build, "load_encoder", lambda _: HashEncoder())
    indexed = runner.invoke(cli.app, ["index"])
    assert indexed.exit_code == 0, indexed.stderr
    assert "too few entries" in indexed.stdout
