"""Where texts stand, what changed in the Dutch, and what signing leaves in a file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sociale_kaart.review import Change, Standing, beside, counts, differences, standing, to_review, what_changed
from sociale_kaart.schema import Entry, Review, ReviewState
from sociale_kaart.signing import doubt, hash_of, sign, stamp_all, verify
from sociale_kaart.writer import edit, read_document

BANK = "entries/bank.yaml"
DAY = dt.date(2026, 11, 23)


def with_text(entry: Entry, language: str, **changes: object) -> Entry:
    text = entry.texts[language].model_copy(update=changes)
    return entry.model_copy(update={"texts": entry.texts | {language: text}})


@pytest.fixture
def bank(folder) -> Entry:
    return folder.load().entry("bank")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Standing.DRAFT),
        ({"review": Review(state=ReviewState.MACHINE)}, Standing.MACHINE),
        ({"review": Review(state=ReviewState.REVIEWED, by="Selam", on=DAY)}, Standing.REVIEWED),
        ({"source_hash": "0" * 12}, Standing.OUTDATED),
        ({"source_hash": "0" * 12, "review": Review(state=ReviewState.REVIEWED, by="Selam", on=DAY)}, Standing.OUTDATED),
    ],
)
def test_standing(bank, changes, expected):
    assert standing(with_text(bank, "en", **changes), "en") is expected


def test_a_hash_of_the_present_dutch_is_not_outdated(bank):
    assert standing(with_text(bank, "en", source_hash=bank.texts["nl"].hash), "en") is Standing.DRAFT


def test_questions_and_signatures_do_not_outdate_a_translation(bank):
    made = with_text(bank, "en", source_hash=bank.texts["nl"].hash)
    asked = with_text(made, "nl", questions=("a", "b", "c", "d", "e"), review=Review(state=ReviewState.REVIEWED, by="x", on=DAY))
    assert standing(asked, "en") is Standing.DRAFT
    assert standing(with_text(asked, "nl", summary="Iets anders."), "en") is Standing.OUTDATED


def test_counts_name_every_standing(bank):
    other = bank.model_copy(update={"texts": {"nl": bank.texts["nl"]}})
    found = counts([bank, other], "en")
    assert list(found) == list(Standing)
    assert (found[Standing.DRAFT], found[Standing.MISSING], found[Standing.REVIEWED]) == (1, 1, 0)


def test_to_review_puts_outdated_first_and_leaves_out_signed_and_missing(bank):
    def called(id: str, **changes: object) -> Entry:
        return with_text(bank.model_copy(update={"id": id}), "en", **changes)

    entries = [
        called("draft"),
        called("signed", review=Review(state=ReviewState.REVIEWED, by="x", on=DAY)),
        called("machine", review=Review(state=ReviewState.MACHINE)),
        called("old", source_hash="0" * 12),
        bank.model_copy(update={"id": "none", "texts": {"nl": bank.texts["nl"]}}),
    ]
    assert [entry.id for entry, _ in to_review(entries, "en")] == ["old", "machine", "draft"]


def test_lines_stand_side_by_side_in_the_order_of_reading(bank):
    dutch = bank.texts["nl"].model_copy(update={"steps": ("Ga erheen.", "Vraag het.")})
    english = bank.texts["en"].model_copy(update={"answer": ("You can go there.", "Today.")})
    rows = [(pair.field, pair.dutch is None, pair.words is None) for pair in beside(dutch, english)]
    assert rows == [
        ("name", False, False),
        ("summary", False, False),
        ("answer.0", False, False),
        ("answer.1", True, False),
        ("steps.0", False, True),
        ("steps.1", False, True),
    ]


def test_the_tenth_step_comes_after_the_second(bank):
    then = bank.texts["nl"]
    now = then.model_copy(update={"steps": tuple(f"Stap {number}." for number in range(12))})
    fields = [pair.field for pair in beside(now, then) if pair.field.startswith("steps")]
    assert fields == [f"steps.{number}" for number in range(12)]


def test_what_changed_names_only_the_words(bank):
    then = bank.texts["nl"].model_copy(update={"summary": "Open op maandag."})
    now = then.model_copy(update={"summary": "Open op dinsdag."})
    [(field, pieces)] = what_changed(then, now)
    assert field == "summary"
    assert [(piece.change, piece.words) for piece in pieces] == [
        (Change.SAME, "Open op "),
        (Change.GONE, "maandag"),
        (Change.NEW, "dinsdag"),
        (Change.SAME, "."),
    ]


@given(st.text(), st.text())
def test_the_pieces_make_up_both_lines(then, now):
    pieces = differences(then, now)
    assert "".join(piece.words for piece in pieces if piece.change is not Change.NEW) == then
    assert "".join(piece.words for piece in pieces if piece.change is not Change.GONE) == now


def lines_of(folder) -> list[str]:
    return (folder.path / BANK).read_text(encoding="utf-8").splitlines()


def test_stamping_adds_one_line_per_translation_and_nothing_else(folder):
    before = lines_of(folder)
    edit(folder.path / BANK, stamp_all)
    hash = folder.load().entry("bank").texts["nl"].hash
    assert [line for line in lines_of(folder) if line not in before] == [f"    source_hash: {hash}"]
    assert [line for line in lines_of(folder) if "source_hash" not in line] == before
    assert lines_of(folder)[-2:] == ["    review: {state: draft}", f"    source_hash: {hash}"]


@pytest.mark.parametrize(
    "tail",
    [
        "    review: {state: draft}  # zelf gelezen\n\n# tot hier\n",
        "    review: {state: draft}\n\n# tot hier\n",
        "    review:\n      state: draft  # zelf gelezen\n    # tot hier\n",
        "    review: {state: draft}\n    # daarna\n    steps: [Go.]\n",
    ],
)
def test_stamping_keeps_comments_where_they_were(folder, tail):
    text = (folder.path / BANK).read_text(encoding="utf-8")
    folder.write(BANK, text.rpartition("    review")[0] + tail)
    before = lines_of(folder)
    edit(folder.path / BANK, stamp_all)
    after = lines_of(folder)
    assert [line for line in after if "source_hash" not in line] == before
    at = next(place for place, line in enumerate(after) if "source_hash" in line)
    assert "state: draft" in after[at - 1]


def test_a_stamp_that_is_there_stays(folder):
    folder.change(BANK, '    questions: ["where', '    source_hash: aaaaaaaaaaaa\n    questions: ["where')
    edit(folder.path / BANK, stamp_all)
    assert folder.load().entry("bank").texts["en"].source_hash == "aaaaaaaaaaaa"


def test_a_signature_names_who_when_and_which_dutch(folder):
    edit(folder.path / BANK, lambda document: doubt(document, "en", "Spelling"))
    edit(folder.path / BANK, lambda document: sign(document, "en", "Selam Teklu", DAY))
    entry = folder.load().entry("bank")
    assert entry.texts["en"].review == Review(state=ReviewState.REVIEWED, by="Selam Teklu", on=DAY)
    assert entry.texts["en"].source_hash == entry.texts["nl"].hash
    assert standing(entry, "en") is Standing.REVIEWED
    folder.change(BANK, "Je kunt er terecht.", "Je kunt er niet terecht.")
    assert standing(folder.load().entry("bank"), "en") is Standing.OUTDATED


def test_signed_dutch_has_no_source(folder):
    edit(folder.path / BANK, lambda document: sign(document, "nl", "Selam", DAY))
    dutch = folder.load().entry("bank").texts["nl"]
    assert (dutch.review.state, dutch.source_hash) == (ReviewState.REVIEWED, None)


@pytest.mark.parametrize(
    ("state", "after"), [("draft", "draft"), ("machine", "machine"), ("reviewed, by: x, on: 2026-01-01", "draft")]
)
def test_a_doubt_takes_the_signature_away_and_keeps_the_label_of_a_machine(folder, state, after):
    head, _, tail = (folder.path / BANK).read_text(encoding="utf-8").rpartition("state: draft")
    folder.write(BANK, f"{head}state: {state}{tail}")
    edit(folder.path / BANK, lambda document: doubt(document, "en", "Niet: zo, 'maar' {zo}"))
    assert folder.load().entry("bank").texts["en"].review == Review(state=ReviewState(after), note="Niet: zo, 'maar' {zo}")


def test_comparing_facts_changes_one_line(folder):
    before = lines_of(folder)
    edit(folder.path / BANK, lambda document: verify(document, DAY, "het loket", "organisation"))
    changed = [line for line in lines_of(folder) if line not in before]
    assert changed == ["verified: {on: 2026-11-23, by: het loket, against: organisation}"]
    assert folder.load().entry("bank").verified.on == DAY


def test_the_hash_of_a_document_is_that_of_its_text(folder):
    document = read_document(Path(folder.path / BANK))
    entry = folder.load().entry("bank")
    assert [hash_of(document, code) for code in ("nl", "en")] == [entry.texts[code].hash for code in ("nl", "en")]
