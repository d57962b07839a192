"""The numbers of a week, each person once in each table."""

from __future__ import annotations

import datetime as dt

from api.conversation.asked import Outcome
from api.signals.counting import MEDIAN, P90, Happened, Number, Part, Turn, numbers
from api.signals.weeks import bounds, complete, week_of
from api.signals.words import week_in_words

MONDAY = dt.date(2026, 11, 16)
START, END = bounds(MONDAY)
FEWEST = 3


def turn(person: int, outcome: Outcome = Outcome.ANSWER, entry: str | None = "zwemles", language: str = "nl") -> Turn:
    return Turn(person, language, "web", outcome, entry)


def counted(turns: list[Turn], happened: list[Happened] | None = None) -> dict[tuple[Part, str], int | None]:
    found = numbers(turns, happened or [], START, END, {"zwemles": "health", "geld": "money"}.get, FEWEST)
    return {(each.part, each.key): each.number for each in found}


def step(person: int, name: str, minutes: float, detail: str | None = None) -> Happened:
    return Happened(person, name, detail, START + dt.timedelta(minutes=minutes))


def test_a_person_counts_once_however_much_they_ask() -> None:
    rows = counted([turn(person) for person in (1, 2, 3, 3, 3)])
    assert rows[Part.TOTAL, ""] == 3
    assert rows[Part.LANGUAGE, "nl"] == 3
    assert rows[Part.THEME, "health"] == 3


def test_too_few_people_are_only_told_to_be_few() -> None:
    assert numbers([turn(1), turn(2)], [], START, END, lambda _: None, FEWEST) == [Number(Part.TOTAL, "", None)]
    assert numbers([], [], START, END, lambda _: None, FEWEST) == []


def test_the_heaviest_outcome_counts() -> None:
    answered = [turn(person) for person in (1, 2, 3)]
    none = [turn(person, outcome) for person in (4, 5, 6) for outcome in (Outcome.NONE, Outcome.ANSWER, Outcome.GOOD)]
    rows = counted([*answered, *none])
    assert rows[Part.OUTCOME, "answer"] == 3
    assert rows[Part.OUTCOME, "none"] == 3


def test_a_theme_is_what_somebody_was_told_most() -> None:
    rows = counted([turn(p, entry=entry) for p in (1, 2, 3) for entry in ("zwemles", "geld", "geld")])
    assert (Part.THEME, "money") in rows
    assert (Part.THEME, "health") not in rows


def test_feedback_is_counted_by_entry() -> None:
    rows = counted([turn(p) for p in range(4)] + [turn(p, Outcome.BAD, "geld") for p in range(4, 8)])
    assert rows[Part.FEEDBACK, "bad:geld"] == 4


def test_reasons_and_times() -> None:
    happened = [each for p in range(6) for each in (
        step(p, "ask_person", 0, "no_answer"), step(p, "claim", 10 + p), step(p, "close", 40 + p),
        step(p, "ask_person", 50, "asked"), step(p, "claim", 500),
    )]  # fmt: skip
    rows = counted([turn(p, Outcome.NONE, None) for p in range(6)], happened)
    assert rows[Part.REASON, "no_answer"] == 6
    assert rows[Part.WAITING, MEDIAN] == 12
    assert rows[Part.WAITING, P90] == 15
    assert rows[Part.HANDLING, MEDIAN] == 30


def test_times_of_too_few_people_are_not_told() -> None:
    happened = [each for p in range(5) for each in (step(p, "ask_person", 0), step(p, "claim", 10))]
    turns = [turn(p) for p in range(6)]
    assert (Part.WAITING, MEDIAN) not in counted(turns, happened[:4])
    assert (Part.WAITING, MEDIAN) in counted(turns, happened)
    assert (Part.WAITING, P90) not in counted(turns, happened)


def test_what_was_waited_in_another_week_is_not_of_this_one() -> None:
    happened = [each for p in range(3) for each in (step(p, "ask_person", -60), step(p, "claim", -30))]
    assert (Part.WAITING, MEDIAN) not in counted([turn(p) for p in range(3)], happened)


def test_weeks_are_local_and_complete() -> None:
    sunday_night = dt.datetime(2026, 11, 22, 23, 30, tzinfo=dt.UTC)  # past midnight in Amsterdam
    assert week_of(sunday_night) == dt.date(2026, 11, 23)
    assert list(complete(START, sunday_night)) == [MONDAY]
    assert list(complete(START, sunday_night - dt.timedelta(hours=1))) == []
    assert week_in_words(MONDAY) == "week 47, 16–22 nov. 2026"
    assert week_in_words(dt.date(2026, 12, 28)) == "week 53, 28 dec. – 3 jan. 2027"
