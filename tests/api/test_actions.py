"""The bot's actions: what Rasa asks for by name, and what it gets."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from stand_ins import FixedSearch

from api.answers.ask import Asker
from api.answers.compose import Composer
from api.i18n.catalogue import load_catalogue
from api.rasa.actions import Actions
from api.rasa.protocol import ActionCall, ActionResult
from api.towns import Town, Towns
from sociale_kaart.kaart import Kaart

DOMAIN = Path(__file__).parents[2] / "bot/domain"


@pytest.fixture
def actions(kaart: Kaart) -> Actions:
    catalogue = load_catalogue()
    return Actions(Towns([Town(kaart, catalogue, Asker(kaart, FixedSearch()), Composer(kaart, catalogue), None)]))


def call(
    name: str, text: str, intent: str, *, slots: dict[str, Any] | None = None, confidence: float = 0.9, **entities: str
) -> ActionCall:
    message = {
        "text": text,
        "intent": {"name": intent, "confidence": confidence},
        "entities": [{"entity": name, "value": value} for name, value in entities.items()],
        "metadata": {"language": "nl", "entry_id": None},
        "text_tokens": [[0, 4]],
    }
    tracker = {"sender_id": "s", "slots": slots or {}, "latest_message": message, "events": [], "paused": False}
    return ActionCall.model_validate(
        {"next_action": name, "sender_id": "s", "version": "3.6.21", "tracker": tracker, "domain": {}}
    )


def told(result: ActionResult) -> dict[str, Any]:
    answer: dict[str, Any] = result.responses[0]["custom"]
    return answer


def test_the_names_are_exactly_those_of_the_domain(actions: Actions) -> None:
    domain = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in DOMAIN.glob("*.yml")]
    named = {action for part in domain for action in part.get("actions", [])}
    assert {name for name in named if not re.match("utter_", name)} == actions.names


def test_a_question_is_searched_and_the_entry_remembered(actions: Actions) -> None:
    result = actions.run(call("action_answer", "waar kan ik leren zwemmen", "ask"))
    assert told(result)["kind"] == "entry"
    assert {"event": "slot", "name": "entry_id", "value": told(result)["entries"][0]["id"]} in result.events


def test_a_chosen_entry_needs_no_search(actions: Actions) -> None:
    result = actions.run(call("action_answer", '/ask{"entry_id":"stips"}', "ask", entry_id="stips"))
    assert [ranked["id"] for ranked in told(result)["entries"]] == ["stips"]


def test_an_entry_that_the_kaart_does_not_have_goes_to_a_person(actions: Actions) -> None:
    result = actions.run(call("action_answer", '/ask{"entry_id":"maan"}', "ask", entry_id="maan"))
    assert told(result)["kind"] == "none"


def test_a_facet_is_of_the_entry_that_was_shown_last(actions: Actions) -> None:
    result = actions.run(call("action_facet", "/facet_where", "facet_where", slots={"entry_id": "stips"}))
    answer = told(result)
    assert (answer["kind"], answer["facet"], answer["entries"][0]["id"]) == ("facet", "where", "stips")


@pytest.mark.parametrize(("confidence", "about"), [(0.9, "stips"), (0.7, "zwemlessen")])
def test_a_follow_up_names_another_entry_only_when_the_bot_is_not_sure(actions: Actions, confidence: float, about: str) -> None:
    asked = call("action_facet", "what does it cost?", "facet_cost", slots={"entry_id": "stips"}, confidence=confidence)
    assert told(actions.run(asked))["entries"][0]["id"] == about


def test_a_facet_without_an_entry_asks_which_one(actions: Actions) -> None:
    assert told(actions.run(call("action_facet", "/facet_cost", "facet_cost")))["key"] == "answer.which_entry"


def test_a_restarted_bot_learns_the_entry_from_the_message(actions: Actions) -> None:
    asked = call("action_facet", "/facet_cost", "facet_cost")
    asked.tracker.latest_message.metadata["entry_id"] = "stips"
    assert told(actions.run(asked))["entries"][0]["id"] == "stips"


@pytest.mark.parametrize(
    ("text", "code"), [("kunnen we engels praten", "en"), ("بالعربي من فضلك", "ar"), ("ትግርኛ", "ti"), ("iets", None)]
)
def test_a_language_is_known_by_its_name_in_any_language(actions: Actions, text: str, code: str | None) -> None:
    assert told(actions.run(call("action_set_language", text, "language"))).get("value") == code
