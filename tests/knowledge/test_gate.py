"""The gate: what counts as right, and which questions got worse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from knowledge.evaluation import Outcome, Row
from knowledge.gate import Run, run, searching
from knowledge.search import Found, Hit

IDS = {"zwemles", "fiets", "tolk", "geld"}


def row(qid: str, kind: str = "in", *ids: str) -> Row:
    return Row(qid, "nl", kind, "", "", f"vraag {qid}", ids)  # type: ignore[arg-type]


def asked(rows: list[Row], **outcomes: tuple[str, str]) -> Run:
    """Every row, with the zone and the ranked ids that a test gives by qid."""

    def answers(asked: Sequence[Row]) -> Iterator[Outcome]:
        for zone, ids in (outcomes[row.qid] for row in asked):
            yield Outcome("nl", zone, entries=tuple(ids.split()))  # type: ignore[arg-type]

    return run(rows, answers, IDS)


@pytest.mark.parametrize(
    ("kind", "zone", "ranked", "right"),
    [
        ("in", "answer", "zwemles fiets", True),
        ("in", "answer", "fiets zwemles", False),
        ("in", "ask_back", "fiets tolk zwemles", True),
        ("in", "ask_back", "fiets tolk geld zwemles", False),
        ("in", "person", "zwemles", False),
        ("ood", "answer", "zwemles", False),
        ("ood", "ask_back", "zwemles", True),
        ("ood", "person", "zwemles", True),
    ],
)
def test_right_is_what_a_newcomer_sees(kind: str, zone: str, ranked: str, right: bool) -> None:
    ids = ("zwemles",) if kind == "in" else ()
    assert asked([row("a", kind, *ids)], a=(zone, ranked)).verdicts == {"a": right}


def test_what_a_person_takes_over_shows_nothing() -> None:
    assert asked([row("a", "in", "zwemles")], a=("person", "zwemles fiets")).judged[0].shown == ()


@pytest.mark.parametrize("kind", ["chat", "crisis", "notcrisis", "otherlang", "followup"])
def test_what_does_not_test_search_is_left_out(kind: str) -> None:
    assert asked([row("a", kind, "zwemles")]).judged == ()


def test_question_about_what_the_kaart_does_not_hold_is_left_out() -> None:
    assert asked([row("a", "in", "bibliotheek")]).judged == ()


def test_worse_and_better() -> None:
    rows = [row(qid, "in", "zwemles") for qid in "abcd"]
    right, wrong = ("answer", "zwemles"), ("answer", "fiets")
    before = asked(rows[:3], a=right, b=wrong, c=right)
    after = asked(rows, a=wrong, b=right, c=right, d=wrong)
    assert [judged.row.qid for judged in after.worse_than(before.verdicts)] == ["a"]
    assert [judged.row.qid for judged in after.better_than(before.verdicts)] == ["b"]
    assert (before.right, after.right) == (2, 2)


def test_a_new_question_cannot_have_got_worse() -> None:
    assert asked([row("a", "in", "zwemles")], a=("answer", "fiets")).worse_than({}) == ()


def test_search_is_asked_as_it_is() -> None:
    class OneHit:
        def find_all(self, questions: Sequence[tuple[str, str | None]]) -> list[Found]:
            return [Found((Hit("zwemles", 1.0, 1.0, 1.0, None),), "answer", 0.9) for _ in questions]  # type: ignore[arg-type]

    found = run([row("a", "in", "zwemles")], searching(OneHit()), IDS)  # type: ignore[arg-type]
    assert found.judged[0].shown == ("zwemles",)
