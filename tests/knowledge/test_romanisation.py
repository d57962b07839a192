"""Texts in Latin letters, spelled as people do who have no other keyboard."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.training.romanisation import SPELLINGS, romanised

TEXTS = {
    "ar": "أين أتعلّم السباحة؟ زوجتي تريد ذلك أيضاً.",
    "ti": "ኣበይ ምሕንባስ ክመሃር ይኽእል? ሰበይተይ እውን ትደሊ ኣላ።",
    "uk": "Де можна навчитися плавати? Моя дружина теж хоче, є ще місця, п’ять.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_nothing_of_the_other_alphabet_is_left(language: str) -> None:
    written = romanised(TEXTS[language].replace("ّ", "").replace("ً", ""), language, np.random.default_rng(1))
    assert written.isascii(), written
    assert len(written.split()) == len(TEXTS[language].split())


@pytest.mark.parametrize("language", TEXTS)
def test_the_same_text_is_spelled_in_several_ways(language: str) -> None:
    random = np.random.default_rng(1)
    assert len({romanised(TEXTS[language], language, random) for _ in range(20)}) > 15


@pytest.mark.parametrize(
    ("language", "text", "shape"),
    [
        ("ar", "شكرا", r"(sh|ch)[aieu]?k[aieu]?ra?a?"),
        ("ti", "ሰላም", r"s(e|a)lam(i)?"),
        ("uk", "щось", r"(sh|shch|sch)os'?"),
    ],
)
def test_words_sound_as_they_should(language: str, text: str, shape: str) -> None:
    random = np.random.default_rng(1)
    for _ in range(20):
        assert re.fullmatch(shape, romanised(text, language, random))


@given(st.text(max_size=60), st.sampled_from(["nl", "en", "ru"]))
def test_languages_in_latin_letters_and_unknown_ones_stay(text: str, language: str) -> None:
    assert romanised(text, language, np.random.default_rng(1)) == text


@given(st.text(max_size=60), st.sampled_from(sorted(SPELLINGS)))
def test_any_text_is_taken(text: str, language: str) -> None:
    assert isinstance(romanised(text, language, np.random.default_rng(1)), str)
