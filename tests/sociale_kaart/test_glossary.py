"""Glossary and phrasebook: the shipped ones are whole, and a wrong one names file, line and field."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from sociale_kaart.errors import KaartInvalid
from sociale_kaart.glossary import load_glossary, load_phrasebook
from sociale_kaart.schema import ReviewState

LANGUAGES = ("nl", "en", "ar", "ti", "uk")
SCRIPTS = {"nl": "LATIN", "en": "LATIN", "ar": "ARABIC", "ti": "ETHIOPIC", "uk": "CYRILLIC"}
GLOSSARY = """\
languages: [nl, en]
terms:
  - term: BSN
    forms: [burgerservicenummer]
    explanation:
      nl: {text: Uw nummer., review: {state: draft}}
      en: {text: Your number., review: {state: draft}}
  - term: huisarts
    explanation:
      nl: {text: Uw dokter., review: {state: draft}}
      en: {text: Your doctor., review: {state: draft}}
"""
PHRASES = """\
languages: [nl, en]
phrases:
  - id: wait
    group: waiting
    words:
      nl: {text: Wacht even., review: {state: draft}}
      en: {text: Please wait., review: {state: draft}}
"""


@pytest.fixture(scope="module")
def shipped():
    """Every shipped text: (language, text, review)."""
    said = [term.explanation for term in load_glossary().terms] + [phrase.words for phrase in load_phrasebook().phrases]
    return [(code, one.text, one.review) for words in said for code, one in words.items()]


def test_the_shipped_ones_are_of_use():
    glossary, book = load_glossary(), load_phrasebook()
    assert len(glossary.terms) >= 40
    assert len(book.phrases) >= 40
    assert glossary.languages == book.languages == LANGUAGES
    assert {"BSN", "DigiD", "DUO", "IND", "huisarts", "inburgering"} <= set(glossary.spellings)
    assert {"Wacht even, alstublieft.", "Neem uw brief mee."} <= {phrase.words["nl"].text for phrase in book.phrases}


def test_no_shipped_text_claims_a_review_it_did_not_have(shipped):
    assert {review.state for _, _, review in shipped} == {ReviewState.DRAFT}


def test_every_shipped_text_is_in_the_script_of_its_language(shipped):
    for code, text, _ in shipped:
        letters = [unicodedata.name(char).split()[0] for char in text if char.isalpha()]
        assert letters.count(SCRIPTS[code]) > 0.3 * len(letters), text
        assert set(letters) <= {SCRIPTS[code], "LATIN"}, text


def test_a_term_is_found_by_any_spelling():
    glossary = load_glossary()
    assert glossary.term("Burgerservicenummer").term == "BSN"
    assert glossary.term("huisartsen").term == "huisarts"
    assert glossary.term("fiets") is None


def problems(folder: Path, load, name: str, content: str) -> list[tuple[int, str, str]]:
    (folder / name).write_text(content, encoding="utf-8")
    with pytest.raises(KaartInvalid) as caught:
        load(folder)
    assert {problem.file for problem in caught.value.problems} == {str(folder / name)}
    return [(problem.line, problem.field, problem.why) for problem in caught.value.problems]


def test_small_ones_load(tmp_path):
    (tmp_path / "glossary.yaml").write_text(GLOSSARY, encoding="utf-8")
    (tmp_path / "phrasebook.yaml").write_text(PHRASES, encoding="utf-8")
    assert load_glossary(tmp_path).spellings == ("BSN", "burgerservicenummer", "huisarts")
    assert load_phrasebook(tmp_path).phrases[0].words["en"].text == "Please wait."


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "why"),
    [
        ("      en: {text: Your doctor., review: {state: draft}}\n", "", 9, "terms.1.explanation", "has no text in en"),
        ("term: huisarts", "term: bsn", 8, "terms.1.term", "stands here twice: bsn"),
        ("term: huisarts", "term: huisarts\n    forms: [dokter, Huisarts]", 9, "terms.1.forms.1", "stands here twice"),
        ("Your doctor., review: {state: draft}}", "A., review: {state: draft}}\n      fr: {text: B, review: {state: draft}}",
         12, "terms.1.explanation.fr", "not a language"),
        ("Uw dokter., review: {state: draft}", "A., review: {state: ok}", 10, "terms.1.explanation.nl.review.state", "'draft'"),
        ("Uw dokter., review: {state: draft}", "Uw dokter.", 10, "terms.1.explanation.nl.review", "required"),
        ("term: huisarts", "term: huisarts\n    kind: x", 9, "terms.1.kind", "Extra inputs"),
    ],
)  # fmt: skip
def test_a_wrong_glossary_names_line_and_field(tmp_path, old, new, line, field, why):
    assert old in GLOSSARY
    [(at, name, reason)] = problems(tmp_path, load_glossary, "glossary.yaml", GLOSSARY.replace(old, new))
    assert (at, name) == (line, field)
    assert why in reason


def test_a_wrong_phrasebook_names_line_and_field(tmp_path):
    twice = PHRASES + PHRASES.partition("phrases:\n")[2]
    assert problems(tmp_path, load_phrasebook, "phrasebook.yaml", twice) == [(8, "phrases.1.id", "stands here twice: wait")]


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(KaartInvalid, match=r"glossary\.yaml:1: \(file\): is missing"):
        load_glossary(tmp_path)
