"""The table of languages and the names by which people ask for them."""

from __future__ import annotations

import pytest

from knowledge.languages import LANGUAGES, language, offered
from knowledge.naming import name_to_code


def test_five_are_offered_in_a_fixed_order() -> None:
    assert [item.code for item in offered()] == ["nl", "en", "ar", "ti", "uk"]


def test_direction_follows_the_alphabet() -> None:
    assert {item.code for item in LANGUAGES.values() if item.direction == "rtl"} == {"ar", "fa", "ps", "ckb", "ur"}


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(KeyError):
        language("xx")


@pytest.mark.parametrize("item", LANGUAGES.values(), ids=lambda item: item.code)
def test_own_and_english_name_lead_back_to_the_code(item: object) -> None:
    known = language(getattr(item, "code"))  # noqa: B009
    assert name_to_code(known.own_name) == known.code
    assert name_to_code(known.english_name.upper()) == known.code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("ar", "ar"),
        ("Arabisch", "ar"),
        ("arabic please", "ar"),
        ("can we speak English?", "en"),
        ("بالعربية", "ar"),
        ("عربي", "ar"),
        ("ብትግርኛ", "ti"),
        ("kunnen we Tigrinya praten", "ti"),
        ("українською будь ласка", "uk"),
        ("Oekraïens", "uk"),
        ("farsi", "fa"),
        ("русский", "ru"),
        ("I want it so", None),
        ("hello", None),
        ("", None),
    ],
)
def test_names_as_people_type_them(typed: str, code: str | None) -> None:
    assert name_to_code(typed) == code
