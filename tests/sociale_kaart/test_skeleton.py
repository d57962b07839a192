"""A new kaart: it passes every check, says that it is an example, and search on it works however small it is."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from hash_encoder import HashEncoder

from api.settings import ROOT
from knowledge.build import build, outside
from knowledge.evaluation import read_rows
from knowledge.ingest import passages
from knowledge.lexical import LexicalIndex
from knowledge.search import Search
from sociale_kaart.kaart import Kaart
from sociale_kaart.loader import load_kaart
from sociale_kaart.review import Standing, standing
from sociale_kaart.schema import State
from sociale_kaart.skeleton import EXAMPLE, SkeletonRefused, make_skeleton

TODAY = dt.date(2026, 11, 22)
LANGUAGES = ("nl", "en", "ar", "ti", "uk")


@pytest.fixture
def parent(tmp_path: Path) -> Path:
    """A folder of kaarten in which the national entries stand."""
    shutil.copytree(ROOT / "sociale_kaart/landelijk", tmp_path / "landelijk")
    return tmp_path


def search_of(kaart: Kaart) -> Search:
    pieces, encoder = passages(kaart), HashEncoder()
    letters = LexicalIndex([piece.text for piece in pieces])
    return Search(pieces, encoder, build(pieces, encoder).dense(), letters, outside(encoder), dense_share=0.5)


def test_a_new_kaart_loads_with_one_example_and_the_national_entries(parent):
    folder = make_skeleton(parent, "ons-dorp", "'s-Onsdorp (L)", TODAY)
    kaart = load_kaart(folder)
    assert (folder, kaart.municipality.id, kaart.municipality.name) == (parent / "ons-dorp", "ons-dorp", "'s-Onsdorp (L)")
    assert [entry.id for entry in kaart if kaart.is_own(entry.id)] == [EXAMPLE]
    assert {path.stem for path in (parent / "landelijk/entries").iterdir()} < {entry.id for entry in kaart}
    assert kaart.entry(EXAMPLE).verified.on == TODAY
    assert sorted(path.name for path in parent.iterdir()) == ["landelijk", "ons-dorp"]


def test_the_example_invents_nothing_and_says_what_it_is(parent):
    kaart = load_kaart(make_skeleton(parent, "dorp", "Dorp", TODAY))
    example = kaart.entry(EXAMPLE)
    assert example.state is State.PLANNED
    assert not any((example.organization, example.locations, example.schedules, example.contact.phones, example.contact.url))
    assert not kaart.municipality.desk.schedules
    for code, word in zip(LANGUAGES, ("voorbeeld", "example", "مثال", "ኣብነት", "приклад"), strict=True):
        text = example.texts[code]
        assert all(word in line.casefold() for line in (text.name, text.summary, text.answer[0], *text.questions[:3]))
        assert standing(example, code) is Standing.DRAFT


def test_the_question_set_is_empty_and_readable(parent):
    assert read_rows(make_skeleton(parent, "dorp", "Dorp", TODAY) / "questions.tsv") == []


def test_every_comment_line_of_the_settings_stays_a_comment(parent):
    """Who fills in the settings reads what is wanted for each of them."""
    text = (make_skeleton(parent, "dorp", "Dorp", TODAY) / "kaart.yaml").read_text(encoding="utf-8")
    assert "$" not in text
    for key in ("languages", "hosts", "homonyms", "desk", "schedules", "owners", "sources"):
        line = next(number for number, line in enumerate(text.splitlines()) if line.strip().startswith(f"{key}:"))
        assert "#" in text.splitlines()[line] or text.splitlines()[line - 1].strip().startswith("#"), key


def test_search_answers_from_a_new_kaart(parent):
    search = search_of(load_kaart(make_skeleton(parent, "dorp", "Dorp", TODAY)))
    found = search.find("laat me een voorbeeld zien", "nl")
    assert found.hits[0].entry_id == EXAMPLE
    assert found.zone in ("answer", "ask_back")


def test_search_on_the_example_alone_never_answers(tmp_path):
    kaart = load_kaart(make_skeleton(tmp_path, "dorp", "Dorp", TODAY))
    assert [entry.id for entry in kaart] == [EXAMPLE]
    assert kaart.municipality.extends is None
    search = search_of(kaart)
    for question in kaart.entry(EXAMPLE).texts["uk"].questions:
        found = search.find(question, "uk")
        assert (found.zone, found.hits[0].entry_id) == ("ask_back", EXAMPLE)


@pytest.mark.parametrize("id", ["", "Dorp", "ons dorp", "ons_dorp", "-dorp", "../dorp", "dorp/..", "dörp", "x" * 61, "a\nb"])
def test_a_bad_name_is_refused(parent, id):
    with pytest.raises(SkeletonRefused, match="small letters and digits"):
        make_skeleton(parent, id, "Dorp", TODAY)
    assert [path.name for path in parent.iterdir()] == ["landelijk"]


@pytest.mark.parametrize("id", ["2024", "true", "null", "on", "1e3"])
def test_a_name_that_looks_like_something_else_is_a_name(parent, id):
    assert load_kaart(make_skeleton(parent, id, id, TODAY)).municipality.name == id


@pytest.mark.parametrize("name", ["", " ", "Dorp\nid: stad", "Dorp\u202e"])
def test_a_bad_name_of_a_municipality_is_refused(parent, name):
    with pytest.raises(SkeletonRefused, match="one line of text"):
        make_skeleton(parent, "dorp", name, TODAY)


def test_nothing_is_written_over_what_is_there(parent):
    folder = make_skeleton(parent, "dorp", "Dorp", TODAY)
    (folder / "kaart.yaml").write_text("van ons", encoding="utf-8")
    with pytest.raises(SkeletonRefused, match="is there already"):
        make_skeleton(parent, "dorp", "Dorp", TODAY)
    assert (folder / "kaart.yaml").read_text(encoding="utf-8") == "van ons"


def test_names_that_mean_something_else_are_refused(parent):
    with pytest.raises(SkeletonRefused, match="part of an address"):
        make_skeleton(parent, "balie", "Balie", TODAY, {"balie"})


def test_a_folder_that_cannot_be_written_in_is_a_sentence(tmp_path):
    with pytest.raises(SkeletonRefused, match="No such file or directory"):
        make_skeleton(tmp_path / "weg", "dorp", "Dorp", TODAY)
