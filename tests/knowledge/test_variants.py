"""Question variants: read strictly, part of the index, and split by entry and style."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hash_encoder import TOPICS

from knowledge import ingest
from knowledge.errors import VariantsInvalid
from knowledge.ingest import passages, remember
from knowledge.lexical import LexicalIndex
from knowledge.passages import Passage
from knowledge.search import development_scores
from knowledge.variants import COLUMNS, FOLDER, STYLES, Variant, fits, mark, read_beside, read_variants
from sociale_kaart.loader import load_kaart

HEADER = "\t".join(COLUMNS)
KAARTEN = Path(__file__).parents[2] / "sociale_kaart"
LANGUAGES = ("nl", "en", "ar", "ti", "uk")


def write(folder: Path, *lines: str, header: str = HEADER) -> Path:
    (folder / "dorp").mkdir()
    (folder / "dorp" / "nl.tsv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return folder


def test_rows_are_read(tmp_path):
    write(tmp_path, "fiets\tshort\t\tfiets lenen", "fiets\tnear\tzwemles\tfietsles, geen zwemles")
    assert read_variants("dorp", tmp_path) == (
        Variant("fiets", "nl", "short", "", "fiets lenen"),
        Variant("fiets", "nl", "near", "zwemles", "fietsles, geen zwemles"),
    )


def test_a_kaart_without_variants_has_none(tmp_path):
    assert read_variants("nergens", tmp_path) == ()


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("fiets\tshort\tfiets lenen", "nl.tsv:2: text: a row needs 4 columns"),
        ("fiets\tshort\t\t ", "nl.tsv:2: text"),
        ("\tshort\t\tfiets", "nl.tsv:2: text"),
        ("fiets\tloud\t\tfiets", "nl.tsv:2: style: 'loud' is none of short"),
        ("fiets\tnear\t\tfiets", "nl.tsv:2: against"),
        ("fiets\tfull\tzwemles\tfiets", "nl.tsv:2: against"),
    ],
)
def test_a_bad_row_is_named(tmp_path, row, why):
    with pytest.raises(VariantsInvalid, match=why):
        read_variants("dorp", write(tmp_path, row))


def test_a_bad_header_is_named(tmp_path):
    with pytest.raises(VariantsInvalid, match=r"nl.tsv:1: header"):
        read_variants("dorp", write(tmp_path, header="entry\ttext"))


def test_variants_of_entries_and_languages_that_the_kaart_has_are_passages(small_kaart, monkeypatch):
    rows = [
        Variant("fiets", "nl", "short", "", "een rijwiel"),
        Variant("fiets", "uk", "short", "", "велосипед"),
        Variant("weg", "nl", "full", "", "iets anders"),
    ]
    monkeypatch.setattr(ingest, "read_variants", lambda kaart: rows if kaart == small_kaart.municipality.id else ())
    found = passages(small_kaart)
    assert [p for p in found if p.style] == [Passage("fiets", "nl", "question", "een rijwiel", "short")]


def test_variants_of_shared_entries_are_those_of_the_shared_folder(small_kaart, monkeypatch):
    kaart = replace(
        small_kaart,
        municipality=small_kaart.municipality.model_copy(update={"extends": "samen"}),
        own=frozenset(entry.id for entry in small_kaart) - {"tolk"},
    )
    rows = {
        "dorp": [Variant("tolk", "nl", "short", "", "niet deze"), Variant("fiets", "nl", "short", "", "deze")],
        "samen": [Variant("tolk", "nl", "short", "", "en deze"), Variant("fiets", "nl", "short", "", "ook niet")],
    }
    monkeypatch.setattr(ingest, "read_variants", lambda name: rows[name])
    assert [p.text for p in passages(kaart) if p.style] == ["deze", "en deze"]


def test_a_style_of_an_entry_is_on_one_side_in_every_language():
    sides = {
        (entry, style): {Passage(entry, language, "question", f"{language} {entry}", style).development for language in LANGUAGES}
        for entry in (f"entry-{number}" for number in range(200))
        for style in STYLES
    }
    assert all(len(side) == 1 for side in sides.values())
    assert 0.17 < sum(side == {True} for side in sides.values()) / len(sides) < 0.23


def test_a_development_variant_is_judged_without_the_others_of_its_cell(pieces, encoder):
    every = (Passage(id, "nl", "question", "vraag nl", style) for id in TOPICS for style in STYLES)
    first = next(passage for passage in every if passage.development)
    cell = [first, replace(first, language="en", text="vraag en")]
    all_pieces = [*pieces, *cell]
    texts = [piece.text for piece in all_pieces]
    rows = development_scores(all_pieces, encoder.encode(texts), encoder, LexicalIndex(texts))
    judged = {passage.text: dense for passage, dense, _ in rows}
    for passage in cell:
        assert (judged[passage.text][-2:] == -1).all()
        assert (judged[passage.text][:-2] > -1).all()


def test_variants_rest_when_the_entry_has_become_another_one(small_kaart, monkeypatch):
    rows = [Variant("fiets", "nl", "short", "", "een rijwiel")]
    monkeypatch.setattr(ingest, "read_variants", lambda _: rows)
    questions = small_kaart.entry("fiets").texts["nl"].questions
    for there, used in ((questions, True), (questions[: len(questions) // 2], True), (questions[:1], False), ((), True)):
        beside = {"fiets": frozenset(map(mark, there)) | {f"gone{n}" for n in range(len(questions) - len(there)) if there}}
        monkeypatch.setattr(ingest, "read_beside", lambda _, beside=beside: beside)
        assert any(p.style for p in passages(small_kaart)) is used


def test_what_is_remembered_is_read_again(small_kaart, tmp_path):
    write(tmp_path, "fiets\tshort\t\tfiets lenen")
    remember(small_kaart, tmp_path)
    assert fits(read_beside("dorp", tmp_path)["fiets"], small_kaart.entry("fiets").texts["nl"].questions)
    assert not fits(read_beside("dorp", tmp_path)["fiets"], ["iets heel anders"])
    assert "zwemles" not in read_beside("dorp", tmp_path)


def test_every_entry_of_the_kaart_is_remembered():
    kaart = load_kaart(KAARTEN / "nijmegen")
    assert {*read_beside("nijmegen"), *read_beside("landelijk")} == {entry.id for entry in kaart}


@pytest.mark.parametrize("kaart", sorted(path.name for path in FOLDER.iterdir() if path.is_dir()))
def test_what_is_written_fits_the_kaart(kaart):
    ids = {path.stem for path in (KAARTEN / kaart / "entries").glob("*.yaml")}
    rows = read_variants(kaart)
    assert {row.entry_id for row in rows} == ids
    everything = {path.stem for path in KAARTEN.glob("*/entries/*.yaml")}
    assert {row.against for row in rows if row.against} <= everything
    for language in LANGUAGES:
        texts = [row.text.casefold() for row in rows if row.language == language]
        assert len(texts) == len(set(texts))
        counts = {id: sum(row.entry_id == id and row.language == language and row.style != "near" for row in rows) for id in ids}
        assert min(counts.values()) >= 12, min(counts, key=counts.__getitem__)


def test_the_kaart_of_nijmegen_is_searched_with_its_variants():
    styles = {passage.style for passage in passages(load_kaart(KAARTEN / "nijmegen"))}
    assert styles >= set(STYLES)
