"""Which questions count as not answered."""

from __future__ import annotations

import pytest

from api.conversation.asked import Outcome
from api.signals.questions import Said, Why, questions

A, B, R, N, P, GOOD, BAD = (
    Outcome.ANSWER, Outcome.ASK_BACK, Outcome.REJECTED, Outcome.NONE, Outcome.PERSON, Outcome.GOOD, Outcome.BAD
)  # fmt: skip
TYPED = (A, B, N)


@pytest.mark.parametrize(
    ("outcomes", "found"),
    [
        ([A], {}),
        ([N], {0: Why.NONE}),
        ([B], {}),
        ([B, A], {}),
        ([B, R], {0: Why.UNSURE}),
        ([B, P], {0: Why.UNSURE}),
        ([B, B], {0: Why.UNSURE, 1: Why.UNSURE}),
        ([B, R, A], {0: Why.UNSURE}),
        ([A, BAD], {0: Why.BAD}),
        ([A, GOOD], {}),
        ([A, A, BAD], {1: Why.BAD}),
        ([A, P], {}),
        ([P], {}),
        ([N, BAD], {0: Why.NONE}),
    ],
)
def test_by_what_came_of_the_turns(outcomes: list[Outcome], found: dict[int, Why]) -> None:
    said = [
        Said(1, outcome, place + 1 if outcome in TYPED else None, "waar is dat" if outcome in TYPED else "", "nl")
        for place, outcome in enumerate(outcomes)
    ]
    assert {question.id - 1: question.why for question in questions(said, 10, ())} == found


def test_only_the_newest_are_taken_and_none_without_words() -> None:
    said = [Said(number, N, number, text, "nl") for number, text in enumerate(("oude vraag", "0612345678", "nieuwe vraag"), 1)]
    assert [question.text for question in questions(said, 2, ())] == ["nieuwe vraag"]
    assert [question.text for question in questions(said, 3, ())] == ["oude vraag", "nieuwe vraag"]


def test_conversations_do_not_mix() -> None:
    said = [Said(1, B, 1, "eerste", "nl"), Said(2, R, None, "", "nl"), Said(1, A, 3, "tweede", "nl")]
    assert questions(said, 10, ()) == []
