"""How many example questions a text needs is said by the kaart: five, until someone imports one that has none yet."""

from __future__ import annotations

import pytest

from sociale_kaart.errors import KaartInvalid

QUESTIONS = "questions: [waar is bank, wat is bank, wanneer open bank, wat kost bank, voor wie bank]"


def problems(folder) -> list[str]:
    with pytest.raises(KaartInvalid) as refused:
        folder.load()
    return [f"{problem.field}: {problem.why}" for problem in refused.value.problems]


def test_five_without_a_word_about_it(folder) -> None:
    folder.change("entries/bank.yaml", QUESTIONS, "questions: [waar is bank]")
    assert problems(folder) == ["texts.nl.questions: has 1, and needs at least 5"]


def test_as_many_as_the_kaart_says(folder) -> None:
    folder.change("kaart.yaml", "name: Dorp", "name: Dorp\nminimum_questions: 0")
    folder.change("entries/bank.yaml", QUESTIONS, "questions: []")
    assert folder.load().entry("bank").texts["nl"].questions == ()
    folder.change("kaart.yaml", "minimum_questions: 0", "minimum_questions: 1")
    assert problems(folder) == ["texts.nl.questions: has 0, and needs at least 1"]


def test_the_field_is_still_needed(folder) -> None:
    folder.change("entries/bank.yaml", QUESTIONS, "steps: []")
    assert problems(folder) == ["texts.nl.questions: Field required"]


@pytest.mark.parametrize("number", ["-1", "6"])
def test_no_kaart_asks_for_less_than_none_or_more_than_five(folder, number: str) -> None:
    folder.change("kaart.yaml", "name: Dorp", f"name: Dorp\nminimum_questions: {number}")
    assert problems(folder)[0].startswith("minimum_questions: ")
