"""Questions become answer objects: names that stand for two things are asked back."""

from __future__ import annotations

import pytest
from stand_ins import FixedSearch

from api.answers.ask import Asker
from sociale_kaart.kaart import Kaart


@pytest.fixture
def asker(kaart: Kaart) -> Asker:
    return Asker(kaart, FixedSearch())


@pytest.mark.parametrize("text", ["entree", "wat is Entree?", "ik wil Entree", "що таке Entree"])
def test_a_name_of_two_things_is_asked_back(asker: Asker, text: str) -> None:
    answer = asker.ask(text, "nl")
    assert answer.kind == "ask_back"
    assert [ranked.id for ranked in answer.entries] == ["entree-opleiding", "entree-woonruimte"]


@pytest.mark.parametrize("text", ["entree opleiding", "Ik zoek een woning via Entree", "наша квартира через Entree"])
def test_a_telling_word_beside_it_leaves_it_to_search(asker: Asker, text: str) -> None:
    assert asker.ask(text, "nl").kind == "entry"


def test_the_name_inside_another_word_is_not_it(asker: Asker) -> None:
    assert asker.ask("ik kom voor de entreehal", "nl").kind == "entry"
