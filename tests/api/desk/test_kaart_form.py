"""The form of an entry: what it shows and what it changes, on data alone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from api.desk.kaart import convert
from api.desk.kaart.convert import NotRead
from api.desk.kaart.document import plain, put
from api.desk.kaart.fields import all_fields
from api.desk.kaart.form import changing, faults, merged, read, shown
from api.desk.kaart.words import why_in_words
from api.publishing.model import Mistake
from sociale_kaart.kaart import Kaart
from sociale_kaart.schema import Entry
from sociale_kaart.writer import read_document, write_atomically
from sociale_kaart.yaml12 import read_yaml


def document(data: Any) -> Any:
    """Plain data as a document of ruamel."""
    if isinstance(data, dict):
        return CommentedMap({key: document(value) for key, value in data.items()})
    return CommentedSeq(map(document, data)) if isinstance(data, list) else data


def test_every_entry_comes_out_of_its_form_as_it_went_in(kaart: Kaart) -> None:
    fields = all_fields(kaart)
    for entry in kaart:
        data = entry.model_dump(mode="json", exclude_defaults=True)
        values, errors = read(fields, shown(fields, data))
        made = document(data)
        changing(fields, values)(made)
        assert (errors, plain(made)) == ({}, data), entry.id


def test_the_form_has_every_field_of_an_entry(kaart: Kaart) -> None:
    """A field that is added to the schema must come into the form too."""
    known = {field.path[0] for field in all_fields(kaart)}
    assert set(Entry.model_fields) - known == {"id"}
    parts = {field.path[2] for field in all_fields(kaart) if field.path[:2] == ("texts", "ar")}
    assert set(Entry.model_json_schema()["$defs"]["Text"]["properties"]) - parts == {"review", "source_hash"}


@pytest.mark.parametrize(
    ("line", "block"),
    [
        ("ma 9:00-17:00", {"byday": ["MO"], "opens_at": "9:00", "closes_at": "17:00"}),
        ("Ma, di, do 09.00 tot 12.30", {"byday": ["MO", "TU", "TH"], "opens_at": "09:00", "closes_at": "12:30"}),
        (
            "za zo 10:00–16:00 vanaf 2026-01-01 t/m 2026-02-01",
            {
                "byday": ["SA", "SU"], "opens_at": "10:00", "closes_at": "16:00",
                "valid_from": dt.date(2026, 1, 1), "valid_to": dt.date(2026, 2, 1),
            },
        ),
    ],
)  # fmt: skip
def test_opening_hours_as_people_write_them(line: str, block: dict[str, Any]) -> None:
    assert convert.SCHEDULES.read([line]) == [block]


@pytest.mark.parametrize(
    ("converter", "typed"),
    [
        (convert.SCHEDULES, "altijd open"),
        (convert.SCHEDULES, "ma 09:00-17:00 vanaf morgen"),
        (convert.NUMBER, "twaalf"),
        (convert.DATE, "23-11-2026"),
        (convert.DATES, "2026-13-01"),
        (convert.SOURCES, "a | b | c"),
    ],
)
def test_what_cannot_be_read_is_said(converter: convert.Converter, typed: str) -> None:
    with pytest.raises(NotRead):
        converter.read([typed])


LINES = st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=5), max_size=6)


@given(LINES, LINES)
def test_a_list_becomes_what_was_typed_and_comments_stay_beside_lines_that_stay(old: list[str], new: list[str]) -> None:
    made = document({"texts": {"nl": {"steps": old}}})
    items = made["texts"]["nl"]["steps"]
    for place, line in enumerate(old):
        items.yaml_add_eol_comment(f"bij {line}", place)
    put(made, ("texts", "nl", "steps"), new, [])
    assert plain(made)["texts"]["nl"].get("steps", []) == new
    if new and old != new and len(set(old)) == len(old) and len(set(new)) == len(new):
        kept = {items[place]: token[0].value.strip() for place, token in items.ca.items.items() if place < len(items)}
        first = next((line for line in new if line in old), None)
        assert first is None or len([line for line in new if line in old]) > 1 or kept.get(first) == f"# bij {first}"


STEPS = """steps:
  # bovenaan
  - een  # bij een
  - twee
  # tussen twee en drie
  - drie  # bij drie
  # onder drie
next: x  # bij next
"""


@pytest.mark.parametrize(
    ("steps", "gone"),
    [
        (["een", "twee"], ["# bij drie"]),
        (["een", "drie"], []),
        (["twee", "drie"], ["# bij een"]),
        (["een", "twee", "drie", "vier"], []),
        (["nul", "een", "twee", "drie"], []),
        (["anders", "twee", "drie"], []),
    ],
)
def test_comments_of_lines_that_stay_stay(tmp_path: Path, steps: list[str], gone: list[str]) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(STEPS, encoding="utf-8")
    made = read_document(file)
    put(made, ("steps",), steps, [])
    write_atomically(file, made)
    text = file.read_text(encoding="utf-8")
    assert read_yaml(file) == {"steps": steps, "next": "x"}
    comments = [line.partition("#")[2] for line in STEPS.splitlines() if "#" in line]
    assert [comment for comment in comments if f"#{comment}" not in text] == [line[1:] for line in gone], text


def test_new_keys_stand_where_the_schema_has_them() -> None:
    made = document({"id": "x", "kind": "service", "state": "active", "texts": {"nl": {"name": "n", "review": {}}}})
    put(made, ("organization",), "Org", None)
    put(made, ("contact", "url"), "https://x.nl", None)
    put(made, ("contact", "phones"), ["112"], [])
    put(made, ("texts", "nl", "facts", "cost"), "niets", None)
    assert list(made) == ["id", "kind", "organization", "state", "contact", "texts"]
    assert list(made["contact"]) == ["phones", "url"]
    assert list(made["texts"]["nl"]) == ["name", "facts", "review"]


def test_merge_keeps_mine_where_i_typed_and_theirs_elsewhere() -> None:
    base = {"a": ["1"], "b": ["1"], "c": ["1"], "d": ["1\n2"]}
    mine = {"a": ["2"], "b": ["1"], "c": ["2"], "d": ["1\r\n2\r\n"]}
    theirs = {"a": ["1"], "b": ["3"], "c": ["3"], "d": ["9"]}
    both = merged(base, mine, theirs)
    assert both.sheet == {"a": ["2"], "b": ["3"], "c": ["2"], "d": ["9"]}
    assert both.clashes == ("c",)


def test_faults_find_their_fields(kaart: Kaart) -> None:
    fields, file = all_fields(kaart), "entries/zwemlessen.yaml"
    places = {
        "texts.ar.answer.1": "ar.answer",
        "texts.ti.for_status": "ti.for_status.status_holder",
        "sources.0.document": "sources",
        "themes.0": "theme",
        "audience.minimum_age": "minimum_age",
        "verified.by": "verified_by",
        "(file)": "",
    }
    for place, field in places.items():
        assert list(faults(fields, "zwemlessen", [Mistake(file, 3, place, "Field required")])) == [field], place
    other = faults(fields, "zwemlessen", [Mistake("entries/fiets.yaml", 7, "related.0", "names x, which is not in the kaart")])
    assert other == {"": ["entries/fiets.yaml, regel 7, related.0: x staat niet in de kaart."]}


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("String should have at most 600 characters", "Te lang: ten hoogste 600 tekens."),
        ("has 2, and needs at least 5", "Hier staan 2 regels; er zijn er ten minste 5 nodig."),
        ("is also a question of fiets", "Deze vraag staat ook bij fiets. Een vraag hoort bij één onderwerp."),
        ("something new", "Dit past niet: something new"),
    ],
)
def test_refusals_in_words(why: str, words: str) -> None:
    assert why_in_words(why) == words
