"""Danger: what must be found, what must not, and what holds for every text."""

from __future__ import annotations

import csv
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from api.conversation.danger import Danger, DangerRules, RulesData, find_danger, load_rules

SENTENCES = Path(__file__).parents[1] / "data/danger.tsv"
KINDS = {kind.value: kind for kind in Danger} | {"none": None}


def sentences() -> list[tuple[str, str, str]]:
    """Language, kind and text of every sentence."""
    with SENTENCES.open(encoding="utf-8", newline="") as handle:
        return [(row["lang"], row["kind"], row["text"]) for row in csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)]


ALL = sentences()
CRISES = [text for _, kind, text in ALL if kind != "none"]


@pytest.fixture(scope="module")
def rules() -> DangerRules:
    return load_rules()


@pytest.mark.parametrize(("lang", "kind", "text"), ALL)
def test_finds_what_is_danger_and_nothing_else(rules: DangerRules, lang: str, kind: str, text: str) -> None:
    assert rules.find(text) is KINDS[kind], lang


def test_there_are_enough_sentences_of_each_sort() -> None:
    counts = Counter((lang, kind != "none") for lang, kind, _ in ALL)
    for lang in ("nl", "en", "ar", "ti", "uk"):
        assert counts[lang, True] >= 40
        assert counts[lang, False] >= 30
    assert sum(number for (_, crisis), number in counts.items() if not crisis) >= 200


@pytest.mark.parametrize("text", CRISES)
def test_case_and_spaces_do_not_matter(rules: DangerRules, text: str) -> None:
    assert rules.find(f"  {text.upper()}  ") is rules.find(text)


def test_accents_and_vowel_marks_do_not_matter(rules: DangerRules) -> None:
    assert rules.find("ík wíl dóód") is Danger.SUICIDE
    assert rules.find("زَوْجِي يَضْرِبُنِي") is Danger.VIOLENCE
    assert rules.find("чолові́к б’є ме́не") is Danger.VIOLENCE


def test_danger_in_a_long_story_is_found(rules: DangerRules) -> None:
    story = "I came here in 2019 and I learn Dutch and I work in a restaurant. " * 8
    assert rules.find(story + "But at home my husband beats me. " + story) is Danger.VIOLENCE


def test_a_question_beside_a_danger_does_not_hide_it(rules: DangerRules) -> None:
    assert rules.find("What is 113? I want to die.") is Danger.SUICIDE
    assert rules.find("my husband beats me, what does Veilig Thuis do?") is Danger.VIOLENCE


def test_the_most_urgent_danger_is_named(rules: DangerRules) -> None:
    assert rules.find("My husband beats me. My baby is not breathing.") is Danger.EMERGENCY


def test_now_outweighs_long_ago(rules: DangerRules) -> None:
    assert rules.find("In my country they threatened to kill me") is None
    assert rules.find("In my country they threatened to kill me and now again here, help") is Danger.VIOLENCE


@given(st.text(max_size=400))
def test_never_raises(text: str) -> None:
    assert find_danger(text) in {None, *Danger}


@given(st.text(alphabet=" .,!?\n😀0123456789", max_size=200))
def test_signs_alone_are_no_danger(text: str) -> None:
    assert find_danger(text) is None


@given(
    st.sampled_from(CRISES), st.sampled_from(["", "Hello. ", "مرحبا. ", "😀 "]), st.sampled_from(["", " Thanks!", " شكرا", " 🙏"])
)
def test_a_greeting_before_and_thanks_after_do_not_hide_it(text: str, before: str, after: str) -> None:
    assert find_danger(before + text + "." + after) is not None


@pytest.mark.parametrize("word", ["me ", "my husband ", "dood wil ik mij ", "لا اريد ان ", "не хочу ", "ዘይ ", "a", "!"])
def test_ten_thousand_letters_do_not_hang(rules: DangerRules, word: str) -> None:
    text = (word * 10_000)[:10_000]
    began = time.process_time()
    rules.find(text)
    assert time.process_time() - began < 1


def test_a_group_that_does_not_exist_is_refused() -> None:
    data = {"groups": {}, "question": {}, "history": {}, "others": {}, "now": "now"}
    rule = {"kind": "suicide", "lang": "en", "words": ["@nobody"]}
    with pytest.raises(KeyError, match="nobody"):
        DangerRules(RulesData.model_validate(data | {"rules": [rule]}))


def test_an_unknown_kind_is_refused() -> None:
    data = {"groups": {}, "question": {}, "history": {}, "others": {}, "now": "now"}
    with pytest.raises(ValidationError, match="kind"):
        RulesData.model_validate(data | {"rules": [{"kind": "boredom", "lang": "en", "words": ["x"]}]})
