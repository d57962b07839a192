"""Decision tables: three truth values, what is missing, and the rule that the project ships."""

from __future__ import annotations

from itertools import product

import pytest

from sociale_kaart.errors import KaartInvalid
from sociale_kaart.rules import UNKNOWN, decide, failing_cases


def ids(items) -> list[str]:
    return [item.id for item in items]


@pytest.fixture
def rule(folder):
    return folder.load().rule("geld")


@pytest.mark.parametrize(
    ("given", "rows", "missing"),
    [
        ({"rich": "no", "alone": "no"}, ["ask", "more", "keep"], []),
        ({"rich": "no", "alone": "yes"}, ["ask", "keep"], []),
        ({"rich": "no", "alone": "unknown"}, ["ask", "keep"], ["alone"]),
        ({"rich": "yes"}, ["keep"], []),  # whether they live alone no longer matters
        ({"alone": "yes"}, ["find_out", "keep"], ["rich"]),
        ({"alone": "no"}, ["find_out", "keep"], ["rich"]),
        ({}, ["find_out", "keep"], ["rich", "alone"]),
        ({"rich": "unknown", "alone": "unknown"}, ["find_out", "keep"], ["rich", "alone"]),
    ],
)
def test_rows_and_missing_questions(rule, given, rows, missing):
    outcome = decide(rule, given)
    assert (ids(outcome.rows), ids(outcome.missing)) == (rows, missing)


def test_row_that_holds_because_the_answer_is_unknown_may_still_go(rule):
    alone = rule.model_copy(update={"rows": tuple(row for row in rule.rows if row.id in ("find_out", "keep"))})
    outcome = decide(alone, {})
    assert (ids(outcome.rows), ids(outcome.missing)) == (["find_out", "keep"], ["rich"])


def test_rows_by_section(rule):
    outcome = decide(rule, {"rich": "no", "alone": "no"})
    assert ids(outcome.of("step")) == ["ask", "more"]
    assert ids(outcome.of("keep")) == ["keep"]
    assert outcome.of("warning") == ()


@pytest.mark.parametrize("given", [{"rich": "maybe"}, {"tall": "yes"}, {"rich": ""}])
def test_answer_that_the_table_does_not_have(rule, given):
    with pytest.raises(ValueError, match="has no answer"):
        decide(rule, given)


def test_failing_case_is_reported(rule):
    bad = rule.model_copy(update={"cases": (rule.cases[0], rule.cases[1].model_copy(update={"missing": ()}))})
    assert list(failing_cases(rule)) == []
    assert list(failing_cases(bad)) == [(1, "case 'nothing known' gives ['find_out', 'keep'], missing ['rich', 'alone']")]


@pytest.mark.parametrize(
    ("old", "new", "field", "why"),
    [
        ('when: {rich: ["no"]}', 'when: {rich: ["maybe"]}', "rows", "row ask uses rich=maybe"),
        ('when: {rich: ["no"]}', 'when: {tall: ["no"]}', "rows", "row ask uses tall=no"),
        ('given: {rich: "no"', 'given: {rich: "maybe"', "cases", "case alone uses rich=maybe"),
        ("id: more", "id: ask", "rows", "stands here twice: ask"),
        ("id: alone", "id: rich", "questions", "stands here twice: rich"),
        ('value: "no"', 'value: "yes"', "questions", "stands here twice: yes"),
        ("nl: Weet ik niet", "nl: Dat zou ik echt niet weten", "questions.0.options.2.label.nl", "at most 24"),
        ("then: [ask, keep]", "then: [keep]", "cases.0", "case 'alone' gives"),
    ],
)
def test_wrong_table_is_refused(folder, old, new, field, why):
    folder.change("rules/geld.yaml", old, new)
    with pytest.raises(KaartInvalid) as caught:
        folder.load()
    assert field in [problem.field for problem in caught.value.problems]
    assert any(why in problem.why for problem in caught.value.problems)


def everything_answered(rule):
    values = [[option.value for option in question.options] for question in rule.questions]
    return [dict(zip(ids(rule.questions), answers, strict=True)) for answers in product(*values)]


@pytest.fixture
def krediet(nijmegen):
    return nijmegen.rule("inrichtingskrediet")


def test_krediet_first_the_loan_then_the_assistance(krediet):
    rows = ids(decide(krediet, {"status": "status_holder", "household": "alone", "loan_signed": "no"}).rows)
    assert rows.index("sign_loan") < rows.index("then_assistance") < rows.index("ask_list")
    assert "now_assistance" not in rows


def test_krediet_only_for_status_holders(krediet):
    for given in everything_answered(krediet):
        rows = ids(decide(krediet, given).rows)
        assert (rows == ["not_for_you"]) == (given["status"] == "other")


def test_krediet_always_says_what_to_keep_and_what_is_unknown(krediet):
    for given in everything_answered(krediet):
        if given["status"] != "other":
            outcome = decide(krediet, given)
            assert ids(outcome.of("keep")) == ["receipts"]
            assert ids(outcome.of("unknown"))[-1] == "term"
            assert outcome.of("step")


def test_krediet_asks_only_for_what_is_unknown(krediet):
    for given in everything_answered(krediet):
        missing = ids(decide(krediet, given).missing)
        unknown = [question for question, value in given.items() if value == UNKNOWN]
        assert missing == (unknown if given["status"] != "other" else [])


def test_krediet_missing_questions_matter(krediet):
    """An answer to a missing question changes the outcome, and one to any other unanswered question does not."""
    for given in everything_answered(krediet):
        outcome = decide(krediet, given)
        for question in krediet.questions:
            if given[question.id] == UNKNOWN:
                others = [decide(krediet, given | {question.id: option.value}).rows for option in question.options]
                assert any(rows != outcome.rows for rows in others) == (question in outcome.missing)


@pytest.mark.parametrize("language", ["nl", "en", "ar", "ti", "uk"])
def test_krediet_speaks_every_language(krediet, language):
    for question in krediet.questions:
        assert question.text[language]
        labels = [option.label[language] for option in question.options]
        assert len(set(labels)) == len(labels)
        assert all(option.hints[language] for option in question.options)
    texts = [row.text[language] for row in krediet.rows]
    assert len(set(texts)) == len(texts)
    assert all(row.because is None or row.because[language] for row in krediet.rows)
    assert krediet.title[language]
