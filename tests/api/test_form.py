"""The rule form: typed and tapped answers become options, and the slots become an outcome."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.rasa.form import RuleForm, option_of
from api.rasa.protocol import ActionCall, ActionResult
from sociale_kaart.kaart import Kaart
from sociale_kaart.rules import Rule


@pytest.fixture
def rule(kaart: Kaart) -> Rule:
    return kaart.rule("inrichtingskrediet")


@pytest.fixture
def form(kaart: Kaart) -> RuleForm:
    return RuleForm(kaart)


def call(action: str, status: str | None = None, **slots: object) -> ActionCall:
    message = {"intent": {"name": "ask"}, "metadata": {"status": status}}
    tracker = {"sender_id": "s", "slots": slots, "latest_message": message}
    return ActionCall.model_validate({"next_action": action, "sender_id": "s", "tracker": tracker})


def slots_of(result: ActionResult) -> dict[str, object]:
    return {event["name"]: event["value"] for event in result.events if event["event"] == "slot"}


def asked(result: ActionResult) -> str:
    return str(result.responses[0]["custom"]["question"])


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


def test_a_fitting_answer_is_kept_and_the_next_question_follows(form: RuleForm) -> None:
    before = {"status": "status_holder"}
    result = form.validate(call("validate_rule_form", rule="inrichtingskrediet", rule_given=before, rule_answer="сама"))
    assert slots_of(result) == {"rule_given": before | {"household": "alone"}, "rule_answer": None}
    assert asked(form.ask(call("ask", **slots_of(result)))) == "loan_signed"


def test_an_answer_that_fits_nothing_is_asked_again(form: RuleForm) -> None:
    result = form.validate(call("validate_rule_form", rule_answer="hm"))
    assert slots_of(result) == {"rule_answer": None}
    assert asked(form.ask(call("ask"))) == "status"


def test_nothing_is_asked_that_cannot_change_the_outcome(form: RuleForm) -> None:
    result = form.validate(call("validate_rule_form", rule_answer="other"))
    assert slots_of(result) == {"rule_given": {"status": "other"}, "rule_answer": "done"}


def test_the_outcome_holds_the_answers_and_empties_the_slots(form: RuleForm) -> None:
    given = {"status": "status_holder", "loan_signed": "no", "household": "a value that no question offers"}
    result = form.outcome(call("action_rule_outcome", rule_given=given))
    assert result.responses[0]["custom"]["given"] == {"status": "status_holder", "loan_signed": "no"}
    assert slots_of(result) == {"rule": None, "rule_given": None, "rule_answer": None, "entry_id": "inrichtingskrediet"}


def test_a_status_that_was_told_before_is_not_asked_again(form: RuleForm, kaart: Kaart) -> None:
    begun = form.start(kaart.rule("inrichtingskrediet"), call("action_answer", "status_holder"))
    assert slots_of(begun)["rule_given"] == {"status": "status_holder"}
    assert begun.events[-1] == {"event": "followup", "name": "rule_form"}
    ended = form.start(kaart.rule("inrichtingskrediet"), call("action_answer", "displaced_ukraine"))
    assert ended.responses[0]["custom"]["given"] == {"status": "other"}


def test_a_kaart_without_the_rule_sends_to_a_person_and_leaves_the_form(kaart: Kaart) -> None:
    result = RuleForm(replace(kaart, rules=())).ask(call("ask"))
    assert result.responses[0]["custom"]["kind"] == "none"
    assert {"event": "active_loop", "name": None} in result.events
