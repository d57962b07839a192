"""What was chosen of a group, and what may go into the kaart of it. Names and numbers are invented."""

from __future__ import annotations

import pytest
from starlette.datastructures import FormData

from api.signals.adding import LONGEST, Form, adding, read_form
from api.signals.cleaning import MARKS
from api.signals.errors import StillPersonal
from api.signals.groups import Group
from api.signals.questions import Question, Why
from sociale_kaart.kaart import Kaart

GROUP = Group(7, 5, (Question(7, 1, "waar leer ik gitaar", "nl", Why.NONE), Question(8, 2, "gitaarles", "nl", Why.BAD)), (), None)
LONG = f"{'Ik wil Jan en An ' * 11}"[: LONGEST - 18] + " nummer 0612345678"


def form(text: str) -> Form:
    return Form("zwemlessen", frozenset({7}), {7: ("nl", text)})


def test_what_was_edited_is_read_of_the_questions_of_the_group() -> None:
    sent = FormData([("vraag", "8"), ("vraag", "9"), ("tekst-8", " gitaar  leren "), ("tekst-9", "x"), ("onderwerp", "stips")])
    assert read_form(sent, GROUP) == Form("stips", frozenset({8}), {7: ("nl", "waar leer ik gitaar"), 8: ("nl", "gitaar leren")})


@pytest.mark.parametrize("id", ["", "x", "-7", "٧", pytest.param("9" * 5000, id="endless")])
def test_what_is_no_question_of_the_group_chooses_nothing(id: str) -> None:
    assert read_form(FormData([("vraag", id)]), GROUP).chosen == frozenset()


def test_a_question_goes_to_its_entry(kaart: Kaart) -> None:
    plan = adding(form("Waar leert Piet gitaar?"), kaart)
    assert [(case.text, *plan.changes) for case in plan.cases] == [("Waar leert Piet gitaar?", "zwemlessen")]


@pytest.mark.parametrize(
    "text", [pytest.param(LONG, id="long"), "0612345678", "mail piet@voorbeeld.nl over gitaar", *sorted(MARKS)]
)
def test_what_is_personal_goes_nowhere(kaart: Kaart, text: str) -> None:
    assert len(text) <= LONGEST
    with pytest.raises(StillPersonal):
        adding(form(text), kaart)
