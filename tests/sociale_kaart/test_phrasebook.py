"""A town's own phrasebook over the shared one, as the loader of a kaart reads and checks it."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_kaart import write_small_kaart

from sociale_kaart.errors import KaartInvalid
from sociale_kaart.glossary import load_phrasebook
from sociale_kaart.loader import load_kaart
from sociale_kaart.phrasebook import PhraseGroup


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_small_kaart(tmp_path / "kaarten")


def test_a_kaart_without_phrases_has_none(folder: Path) -> None:
    assert load_kaart(folder).phrasebook is None


def test_the_shipped_one_has_enough_for_a_chat_in_every_group() -> None:
    groups = dict(load_phrasebook().grouped())
    assert set(groups) == set(PhraseGroup)
    assert sum(len(phrases) for group, phrases in groups.items() if group is not PhraseGroup.COUNTER) >= 40


@pytest.mark.parametrize(("text", "told"), [("Bel {nummer}.", "fills in {nummer}"), ("Bel.", "fills in nothing")])
def test_every_language_fills_in_the_same(tmp_path: Path, text: str, told: str) -> None:
    phrase = (
        _phrase("call", "Bel {number}.").replace("Later.", f"'{text}'").replace("words:", "fields: {number: phone}\n    words:")
    )
    (tmp_path / "phrasebook.yaml").write_text("languages: [nl, en]\nphrases:\n" + phrase, encoding="utf-8")
    with pytest.raises(KaartInvalid) as refused:
        load_phrasebook(tmp_path)
    [problem] = refused.value.problems
    assert (problem.line, problem.field) == (8, "phrases.0.words.en.text")
    assert told in problem.why


def test_a_towns_own_phrases_go_before_the_shared_ones_and_are_checked(folder: Path) -> None:
    shared = "languages: [nl, en]\nphrases:\n" + _phrase("wait", "Wacht even.") + _phrase("bye", "Dag.")
    (folder.parent / "samen" / "phrasebook.yaml").write_text(shared, encoding="utf-8")
    (folder / "phrasebook.yaml").write_text("languages: [nl, en]\nphrases:\n" + _phrase("wait", "Momentje."), encoding="utf-8")
    book = load_kaart(folder).phrasebook
    assert book is not None
    assert [phrase.words["nl"].text for phrase in book.phrases] == ["Momentje.", "Dag."]
    (folder / "phrasebook.yaml").write_text("languages: [nl]\nphrases:\n" + _phrase("wait", "Bel {number}."), encoding="utf-8")
    with pytest.raises(KaartInvalid) as refused:
        load_kaart(folder)
    assert {(problem.field, problem.line) for problem in refused.value.problems} == {
        ("languages", 1),
        ("phrases.0.words.en", 7),
        ("phrases.0.words.nl.text", 6),
    }


def _phrase(id: str, dutch: str) -> str:
    said = f"      nl: {{text: '{dutch}', review: {{state: draft}}}}\n      en: {{text: Later., review: {{state: draft}}}}\n"
    return f"  - id: {id}\n    group: waiting\n    words:\n{said}"
