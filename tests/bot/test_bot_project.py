"""The Rasa project as files: nothing here needs Rasa itself."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

BOT = Path(__file__).parents[2] / "bot"
LANGUAGES = ["nl", "en", "ar", "ti", "uk"]
ACTIONS = {
    "action_answer",
    "action_facet",
    "action_request_person",
    "action_set_language",
    "action_forget",
    "action_feedback",
    "action_ask_rule_form_rule_answer",
    "validate_rule_form",
    "action_rule_outcome",
}
TRAINED_AT_LEAST = 12
HELD_OUT_AT_LEAST = 4


def read(path: Path) -> dict[str, Any]:
    """The YAML mapping in `path`."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(content, dict), path
    return content


def domain(section: str) -> list[Any]:
    """All items of one section, over the files of the domain; a mapping gives its pairs."""
    items: list[Any] = []
    for path in sorted((BOT / "domain").glob("*.yml")):
        part = read(path).get(section, [])
        items += part.items() if isinstance(part, dict) else part
    return items


def rules() -> Iterator[dict[str, Any]]:
    for path in sorted((BOT / "data/rules").glob("*.yml")):
        yield from read(path)["rules"]


def normalised(example: str) -> str:
    """Case and punctuation do not make another example."""
    return re.sub(r"\W+", " ", example.casefold()).strip()


def examples(path: Path) -> dict[str, list[str]]:
    """Intent → its normalised examples."""
    found: dict[str, list[str]] = {}
    for block in read(path)["nlu"]:
        lines = block["examples"].splitlines()
        assert all(line.startswith("- ") for line in lines), (path, block["intent"])
        found[block["intent"]] = [normalised(line[2:]) for line in lines]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("folder", "least"), [("data/nlu", TRAINED_AT_LEAST), ("tests/nlu", HELD_OUT_AT_LEAST)])
def test_every_intent_has_examples_in_every_language(language: str, folder: str, least: int) -> None:
    found = examples(BOT / folder / f"{language}.yml")
    assert set(found) == set(domain("intents"))
    assert {intent: len(set(lines)) for intent, lines in found.items() if len(set(lines)) < least} == {}


def test_no_example_stands_in_two_intents() -> None:
    intents = defaultdict(set)
    for language in LANGUAGES:
        for intent, lines in examples(BOT / f"data/nlu/{language}.yml").items():
            for line in lines:
                intents[line].add(intent)
    assert {line: names for line, names in intents.items() if len(names) > 1} == {}


def test_held_out_examples_are_never_trained() -> None:
    trained: set[str] = set()
    held_out: set[str] = set()
    for language in LANGUAGES:
        trained.update(*examples(BOT / f"data/nlu/{language}.yml").values())
        held_out.update(*examples(BOT / f"tests/nlu/{language}.yml").values())
    assert trained & held_out == set()


def test_actions_are_the_ones_the_api_answers() -> None:
    assert sorted(domain("actions")) == sorted(ACTIONS)


def test_rasa_holds_no_text() -> None:
    for name, variations in domain("responses"):
        assert variations == [{"custom": {"key": name.removeprefix("utter_")}}]


def test_every_intent_has_a_rule_outside_the_form() -> None:
    outside = {rule["steps"][0].get("intent") for rule in rules() if "condition" not in rule}
    assert outside == {*domain("intents"), "nlu_fallback"}


def test_form_asks_its_slots_and_every_interruption_has_a_rule() -> None:
    ((name, form),) = domain("forms")
    slots = dict(domain("slots"))
    for slot in form["required_slots"]:
        assert f"action_ask_{name}_{slot}" in ACTIONS
        for mapping in slots[slot]["mappings"]:
            assert mapping["conditions"] == [{"active_loop": name, "requested_slot": slot}]
    inside = {rule["steps"][0].get("intent") for rule in rules() if rule.get("condition") == [{"active_loop": name}]}
    assert inside - {None} == set(form["ignored_intents"])


def test_rules_use_known_actions_only() -> None:
    known = (
        ACTIONS | {name for name, _ in domain("responses")} | {name for name, _ in domain("forms")} | {"action_deactivate_loop"}
    )
    used = {step["action"] for rule in rules() for step in rule["steps"] if "action" in step}
    assert used <= known


def test_stories_walk_every_language() -> None:
    stories = {path.stem for path in (BOT / "tests/stories").glob("*.yml")}
    assert stories == {"test_taps", *(f"test_{language}" for language in LANGUAGES)}


def test_lock_is_plain_and_pins_everything() -> None:
    lines = (BOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9-]+==[\w.]+", line)] == []
    assert "rasa==3.6.21" in lines
