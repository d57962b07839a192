"""The rule form: typed and tapped answers become options, and the slots become an outcome."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.rasa.form import RuleForm, option_of
from api.rasa.protocol import ActionCall
from sociale_kaart.loader import load_kaart
from sociale_kaart.rules import Rule

NIJMEGEN = Path(__file__).parents[2] / "sociale_kaart/nijmegen"


@pytest.fixture(scope="module")
def rule() -> Rule:
    return load_kaart(NIJMEGEN).rule("inrichtingskrediet")


@pytest.fixture(scope="module")
def form(rule: Rule) -> RuleForm:
    return RuleForm(rule)


def call(action: str, **slots: str | None) -> ActionCall:
    tracker = {"sender_id": "s", "slots": slots, "latest_message": {"intent": {"name": "ask"}}}
    return ActionCall.model_validate({"next_action": action, "sender_id": "s", "tracker": tracker})


@pytest.mark.parametrize(
    ("question", "said", "option"),
    [
        ("household", "alone", "alone"),
        ("household", "met mijn twee kinderen", "children"),
        ("household", "ik woon alleen", "alone"),
        ("household", "with my wife and two kids", "children"),
        ("household", "alleen met mijn kinderen", "children"),
        ("household", "مع زوجتي", "partner"),
        ("household", "ምስ ደቀይ", "children"),
        ("household", "з дітьми", "children"),
        ("loan_signed", "nog niet getekend", "no"),
        ("loan_signed", "Ja!", "yes"),
        ("loan_signed", "لا، ليس بعد", "no"),
        ("loan_signed", "ኣይፋል፡ ገና", "no"),
        ("loan_signed", "не знаю", "unknown"),
        ("status", "weet ik niet", "unknown"),
        ("status", "ik kom uit Oekraïne", "other"),
        ("status", "waar is de bakker", None),
        ("status", "", None),
    ],
)
def test_an_answer_in_any_language_means_an_option(rule: Rule, question: str, said: str, option: str | None) -> None:
    assert option_of(rule.question(question), said) == option


def test_only_the_question_that_was_asked_is_validated(form: RuleForm) -> None:
    slots = {"requested_slot": "krediet_household", "krediet_household": "сама", "krediet_status": "other"}
    result = form.validate(call("validate_krediet_form", **slots))
    assert result.events == [{"event": "slot", "name": "krediet_household", "value": "alone"}]


def test_an_answer_that_fits_nothing_is_asked_again(form: RuleForm) -> None:
    result = form.validate(call("validate_krediet_form", requested_slot="krediet_status", krediet_status="hm"))
    assert result.events == [{"event": "slot", "name": "krediet_status", "value": None}]


def test_the_outcome_holds_the_answers_and_empties_the_slots(form: RuleForm) -> None:
    result = form.outcome(call("action_krediet_outcome", krediet_status="status_holder", krediet_loan_signed="no"))
    answer = result.responses[0]["custom"]
    assert answer["given"] == {"status": "status_holder", "household": "unknown", "loan_signed": "no"}
    emptied = {event["name"]: event["value"] for event in result.events}
    assert emptied == {
        "krediet_status": None,
        "krediet_household": None,
        "krediet_loan_signed": None,
        "entry_id": "inrichtingskrediet",
    }
