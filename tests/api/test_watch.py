"""The watch for danger: rules, then the learned alarm; measured on messages that neither was made from."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.conversation.danger import Danger
from api.conversation.watch import AT_ONCE, Watch, load_watch

HELD_OUT = Path(__file__).parents[1] / "data/danger_held_out.tsv"
LANGUAGES = ("nl", "en", "ar", "ti", "uk")
LEAST_RECALL = 0.85
MOST_FALSE_ALARMS = 0.15
"""Floors below what was measured when the alarm was learned (see knowledge/README.md), so that a loss is noticed."""


@pytest.fixture(scope="module")
def watch() -> Watch:
    return load_watch()


def held_out() -> list[tuple[str, str, str]]:
    """Language, kind and text; written by somebody who saw neither rules nor what the alarm learned from."""
    with HELD_OUT.open(encoding="utf-8", newline="") as handle:
        return [(row["lang"], row["kind"], row["text"]) for row in csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)]


def test_there_are_enough_held_out_messages_of_each_sort() -> None:
    counts = Counter((lang, kind) for lang, kind, _ in held_out())
    for lang in LANGUAGES:
        assert counts[lang, "none"] >= 60
        assert min(counts[lang, kind.value] for kind in Danger) >= 15


@pytest.mark.parametrize("lang", LANGUAGES)
def test_most_danger_is_found_and_little_else(watch: Watch, lang: str) -> None:
    rows = [(kind, watch.find(text)) for language, kind, text in held_out() if language == lang]
    found = [kind is not None for wanted, kind in rows if wanted != "none"]
    alarms = [kind is not None for wanted, kind in rows if wanted == "none"]
    assert sum(found) / len(found) >= LEAST_RECALL
    assert sum(alarms) / len(alarms) <= MOST_FALSE_ALARMS


def test_rules_come_first(watch: Watch) -> None:
    assert watch.rules.find("My baby is not breathing") is Danger.EMERGENCY
    assert watch.find("My baby is not breathing") is Danger.EMERGENCY


def test_danger_in_a_long_story_is_heard(watch: Watch) -> None:
    message = next(
        text
        for lang, kind, text in held_out()
        if (lang, kind) == ("en", "violence") and watch.find(text) and not watch.rules.find(text)
    )
    story = "I came here in 2019 and I learn Dutch at school and I like it. " * 8
    assert len(story.split()) > AT_ONCE
    assert watch.find(story) is None
    assert watch.find(story + message + ". " + story) is not None


@pytest.mark.parametrize("text", ["", "   ", "👍", "?!.", "112", "ሰላም", "hallo", "شكرا", "дякую"])
def test_nothing_in_particular_is_no_danger(watch: Watch, text: str) -> None:
    assert watch.find(text) is None


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_taken(text: str) -> None:
    assert load_watch_once().find(text) in {None, *Danger}


def load_watch_once(known: list[Watch] = []) -> Watch:  # noqa: B006 - kept between examples
    """The watch, loaded once."""
    if not known:
        known.append(load_watch())
    return known[0]
