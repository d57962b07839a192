"""The handbook at the desk: it is the file, and what it names is there: pages, buttons, commands, fields."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import httpx
import pytest
import yaml
from desk_house import Worker, words_in
from typer.testing import CliRunner

from api.cli import app as command_line
from api.desk.handbook import HANDBOOK, read_handbook
from api.desk.kaart.fields import all_fields
from api.freshness.words import STANDINGS
from api.pages import HERE
from api.settings import ROOT
from sociale_kaart.kaart import Kaart
from sociale_kaart.schema import Entry, Text

TEXT = HANDBOOK.read_text(encoding="utf-8")
PAGE = "/balie/handleiding"
CHAPTERS = ("toevoegen", "vertalen", "nakijken", "publiceren", "vragen", "versheid", "stoppen", "nooit")


async def test_the_handbook_is_a_page_of_the_desk(sanne: Worker) -> None:
    page = await sanne.get(PAGE)
    assert page.status_code == 200
    assert page.text.count("<h1>") == 1
    assert re.search(rf'<a href="{PAGE}" aria-current="page">Handleiding</a>', page.text)
    plain = words_in(page)
    assert all(unescape(line.lstrip("# ")) in plain for line in TEXT.splitlines() if line.startswith("#"))


async def test_only_who_is_logged_in_reads_it_at_the_desk(browser) -> None:
    answer = await browser().get(PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/balie/login?verder={PAGE}")


async def test_every_chapter_can_be_jumped_to(sanne: Worker) -> None:
    page = (await sanne.get(PAGE)).text
    anchors = re.findall(r'<li><a href="#([^"]+)">', page)
    assert len(set(anchors)) == len(anchors) == TEXT.count("\n## ")
    assert all(f'<h2 id="{anchor}">' in page for anchor in anchors)
    assert all(any(word in anchor for anchor in anchors) for word in CHAPTERS)


def test_html_in_the_file_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "handbook.md"
    path.write_text("# Titel\n\n## Deel <b>een</b>\n\n<script>alert(1)</script> [x](javascript:alert(1))\n", encoding="utf-8")
    handbook = read_handbook(path)
    assert handbook.title == "Titel"
    assert "<script" not in handbook.body
    assert "<a " not in handbook.body
    assert handbook.chapters == (("deel-b-een-b", "Deel <b>een</b>"),)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\((/[^)]*)\)", TEXT))))
async def test_every_page_that_it_names_is_there(sanne: Worker, path: str) -> None:
    answer: httpx.Response = await sanne.get(path)
    assert answer.status_code == 200


@pytest.mark.parametrize("command", sorted(set(re.findall(r"`kaart (\w+)", TEXT))))
def test_every_command_that_it_names_is_there(command: str) -> None:
    assert CliRunner().invoke(command_line, [command, "--help"]).exit_code == 0


def test_every_file_that_it_names_is_there() -> None:
    for path in re.findall(r"`(sociale_kaart/[\w./-]+)`", TEXT):
        assert (ROOT / path).is_file()
    for name in re.findall(r"`(\w+\.(?:tsv|yaml))`", TEXT):
        assert (ROOT / "sociale_kaart/nijmegen" / name).is_file()


def test_every_button_and_field_in_bold_is_on_a_page(kaart: Kaart) -> None:
    """Bold at the beginning of a point is stress; elsewhere it is a name on the screen."""
    templates = "".join(path.read_text(encoding="utf-8") for path in sorted((HERE / "templates/desk").glob("*.html")))
    words = {line.strip() for line in re.sub(r"{%.*?%}|{{.*?}}|<[^>]*>", "\n", templates).split("\n")}
    fields = {field.label for field in all_fields(kaart)} | {name for field in all_fields(kaart) for _, name in field.options}
    bold = {found[1] for found in re.finditer(r"\*\*([^*]+)\*\*", TEXT) if not TEXT[: found.start()].endswith("\n- ")}
    assert bold - words - fields - set(STANDINGS.values()) == set()
    assert len(bold) > 20


def test_the_standings_and_what_newcomers_read_are_those_of_the_assistant() -> None:
    catalogue = yaml.safe_load((ROOT / "api/i18n/locales/nl.yaml").read_text(encoding="utf-8"))["texts"]
    for key in ("answer.label.draft", "answer.label.machine"):
        assert f"‘{catalogue[key]}’" in TEXT
    for label in ("Concept", "Door een machine vertaald", "Nagekeken"):
        assert f"**{label}**" in TEXT
        assert label in STANDINGS.values()


def test_every_field_of_the_examples_is_a_field() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    assert blocks
    for block in blocks:
        assert set(yaml.safe_load(block)) <= {*Entry.model_fields, *Text.model_fields}
