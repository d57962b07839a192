"""Every catalogue is complete: the same keys and placeholders in each language, in that language's script."""

from __future__ import annotations

import string
import unicodedata

import pytest

from api.i18n.catalogue import Catalogue, load_catalogue
from knowledge.languages import language, offered

CATALOGUE: Catalogue = load_catalogue()
LANGUAGES = [known.code for known in offered()]
MAX_BUTTON = 24
NAMES_OF_SCRIPTS = {"Latin": "LATIN", "Arabic": "ARABIC", "Ethiopic": "ETHIOPIC", "Cyrillic": "CYRILLIC"}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def raw(code: str, key: str) -> str:
    return CATALOGUE._locales[code].texts[key]


def test_there_is_a_catalogue_for_each_offered_language_and_no_other() -> None:
    assert sorted(CATALOGUE.languages) == sorted(LANGUAGES)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_keys_and_placeholders_are_those_of_dutch(code: str) -> None:
    assert CATALOGUE.keys(code) == CATALOGUE.keys("nl")
    for key in CATALOGUE.keys("nl"):
        assert placeholders(raw(code, key)) == placeholders(raw("nl", key)), key


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_text_is_empty_and_each_is_in_its_own_script(code: str) -> None:
    script = NAMES_OF_SCRIPTS[language(code).script]
    for key in CATALOGUE.keys(code):
        text = raw(code, key)
        assert text.strip(), key
        letters = [char for char in "".join(part for part, *_ in string.Formatter().parse(text)) if char.isalpha()]
        own = [char for char in letters if unicodedata.name(char).startswith(script)]
        # Dutch official names may stand in a sentence; they never make up most of it.
        assert not letters or len(own) > len(letters) / 3, f"{key}: {text}"


@pytest.mark.parametrize("code", LANGUAGES)
def test_buttons_are_short_enough_for_any_channel(code: str) -> None:
    for key in CATALOGUE.keys(code):
        if key.startswith("button."):
            assert len(raw(code, key)) <= MAX_BUTTON, key


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_danger_texts_hold_the_numbers(code: str) -> None:
    for kind, numbers in {
        "emergency": ["112"],
        "suicide": ["113", "0800-0113"],
        "violence": ["112", "0800-2000"],
        "child": ["112", "0800-2000"],
    }.items():
        for number in numbers:
            assert number in raw(code, f"danger.{kind}")
