"""The writer: what is not changed stays byte for byte, what is written is read again, and no file is ever half there."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from sociale_kaart import writer
from sociale_kaart.errors import KaartInvalid
from sociale_kaart.schema import Review, Text
from sociale_kaart.writer import edit, put_text, read_document, write_atomically
from sociale_kaart.yaml12 import read_yaml

KAARTEN = Path(writer.__file__).parent
FILES = sorted(KAARTEN.rglob("*.yaml"))
LANGUAGES = ("nl", "en", "ar", "ti", "uk")

COMMENTED = """\
# About this entry.
id: bank   # the name of the file
themes: [money, housing]
contact: {phones: ["024 123", '06-1'], url: "https://example.org/a?b=c"}
verified: {on: 2026-01-31, by: redactie, against: source}
hours: 09:30

texts:
  # Dutch first
  nl:
    name: "Bank"
    answer:
      - Een lange regel die niet wordt afgebroken, ook al is hij veel en veel en veel en veel en veel langer dan tachtig tekens.
      # a word on the second
      - 'Nog een: met een dubbele punt.'
    questions: [a, b, c, d, e]
    review: {state: draft}
  uk:   # by hand
    name: Банк
    answer: [Речення.]
    questions: [a, b, c, d, e]   # kept
    review: {state: draft}
# the end
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "bank.yaml"
    path.write_text(COMMENTED, encoding="utf-8")
    return path


def text(**fields) -> Text:
    known = {
        "name": "Bank",
        "summary": "Dit is een bank.",
        "answer": ["Ja."],
        "questions": list("abcde"),
        "review": {"state": "machine"},
    }
    return Text.model_validate(known | fields)


def nothing(_: object) -> None:
    """A change that changes nothing."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(KAARTEN)))
def test_every_file_stays_byte_for_byte(path, tmp_path):
    copy = Path(shutil.copy(path, tmp_path))
    edit(copy, nothing)
    assert copy.read_bytes() == path.read_bytes()


def test_a_list_over_several_lines_keeps_them_and_a_whole_rewrite_keeps_the_data(tmp_path):
    path = tmp_path / "list.yaml"
    path.write_text("# top\na: [one, two,\n  three]   # why\nb: 1\nc: [four,\n  five]\n", encoding="utf-8")
    edit(path, lambda document: document.update({"b": 2}))
    assert path.read_text(encoding="utf-8") == "# top\na: [one, two,\n  three]   # why\nb: 2\nc: [four,\n  five]\n"
    edit(path, lambda document: document["a"].append("six"))
    assert path.read_text(encoding="utf-8") == "# top\na: [one, two, three, six] # why\nb: 2\nc: [four,\n  five]\n"
    write_atomically(path, read_document(path))
    assert read_yaml(path) == {"a": ["one", "two", "three", "six"], "b": 2, "c": ["four", "five"]}
    assert "# why" in path.read_text(encoding="utf-8")


def test_a_question_between_brackets_is_quoted(file):
    edit(file, lambda document: document["texts"]["nl"]["questions"].append("waar is dat?"))
    assert '[a, b, c, d, e, "waar is dat?"]' in file.read_text(encoding="utf-8")
    assert read_yaml(file)["texts"]["nl"]["questions"][-1] == "waar is dat?"


def test_comments_quotes_and_layout_stay_byte_for_byte(file):
    edit(file, nothing)
    assert file.read_text(encoding="utf-8") == COMMENTED


def test_one_change_changes_one_line(file):
    edit(file, lambda document: document["verified"].update({"by": "balie"}))
    assert file.read_text(encoding="utf-8") == COMMENTED.replace("by: redactie", "by: balie")


def test_a_new_text_stands_in_the_order_of_the_languages(file):
    edit(file, lambda document: put_text(document, "ar", text(name="بنك", source_hash="123456789012"), LANGUAGES))
    written = file.read_text(encoding="utf-8")
    assert list(read_yaml(file)["texts"]) == ["nl", "ar", "uk"]
    assert read_yaml(file)["texts"]["ar"]["source_hash"] == "123456789012"
    assert "    review: {state: machine}\n" in written
    assert all(line in written for line in COMMENTED.splitlines())


def test_a_text_that_is_renewed_keeps_what_is_the_same(file):
    edit(file, lambda document: put_text(document, "uk", text(name="Новий банк", source_hash="0123456789ab"), LANGUAGES))
    written = file.read_text(encoding="utf-8")
    assert "  uk:   # by hand\n    name: Новий банк\n" in written
    assert "    questions: [a, b, c, d, e]   # kept\n" in written
    assert read_yaml(file)["texts"]["uk"] == text(name="Новий банк", source_hash="0123456789ab").model_dump(
        mode="json", exclude_defaults=True
    )


LINES = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co")), min_size=1, max_size=80).filter(
    lambda said: said.strip() and "\n" not in said
) | st.sampled_from(
    [
        "yes",
        "null",
        "~",
        "1e5",
        "0x1",
        "12:30",
        "2026-01-01",
        "- a",
        "# b",
        "a: b",
        "[c",
        "{d",
        "'e",
        '"f',
        "=",
        "<<",
        "!g",
        "%h",
        "@i",
        "&j *k",
        "true",
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(said=LINES)
def test_whatever_is_written_is_read_again(file, said):
    try:
        wanted = text(summary=said, answer=[said, "Ja."], for_status={"asylum_seeker": said})
    except ValueError:
        reject()  # not a line that the schema takes
    file.write_text(COMMENTED, encoding="utf-8")
    edit(file, lambda document: put_text(document, "ti", wanted, LANGUAGES))
    assert Text.model_validate(read_yaml(file)["texts"]["ti"]) == wanted


def test_what_the_reader_would_refuse_is_not_written(file):
    with pytest.raises(KaartInvalid, match="not be readable"):
        edit(file, lambda document: document.update({"id": "a\x08b"}))
    assert file.read_text(encoding="utf-8") == COMMENTED


def test_a_file_that_someone_else_changes_meanwhile_is_left_alone(file):
    def meanwhile(document) -> None:
        document["id"] = "mine"
        file.write_text("id: theirs\n", encoding="utf-8")

    with pytest.raises(KaartInvalid, match="changed by someone else"):
        edit(file, meanwhile)
    assert file.read_text(encoding="utf-8") == "id: theirs\n"


def test_a_failing_write_leaves_the_old_file_and_nothing_else(file, monkeypatch):
    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="no space"):
        edit(file, lambda document: document.update({"id": "new"}))
    assert file.read_text(encoding="utf-8") == COMMENTED
    assert [path.name for path in file.parent.iterdir()] == ["bank.yaml"]


def test_rights_and_links_stay(file, tmp_path):
    file.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(file)
    edit(link, lambda document: document.update({"id": "new"}))
    assert link.is_symlink()
    assert file.stat().st_mode & 0o777 == 0o640
    assert read_document(file)["id"] == "new"


@pytest.mark.parametrize(
    ("content", "line", "why"),
    [
        (b"id: a\nb: [\n", 3, "not valid YAML"),
        (b"id: a\nid: b\n", 2, "not valid YAML"),
        (b"id: a\nname: \xff\n", 2, "not UTF-8"),
        (b"- a\n", 1, "no fields"),
        (b"", 1, "no fields"),
        (None, 1, "is missing"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path, content, line, why):
    path = tmp_path / "bad.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(KaartInvalid) as caught:
        edit(path, nothing)
    [problem] = caught.value.problems
    assert (problem.file, problem.line) == (str(path), line)
    assert why in problem.why
    assert path.exists() == (content is not None)


def test_a_review_is_signed_in_place(file):
    signed = text(review=Review(state="reviewed", by="Moedertaalspreker", on="2026-02-01"))
    edit(file, lambda document: put_text(document, "uk", signed, LANGUAGES))
    assert "    review: {state: reviewed, by: Moedertaalspreker, on: '2026-02-01'}\n" in file.read_text(encoding="utf-8")
    assert Text.model_validate(read_yaml(file)["texts"]["uk"]) == signed
