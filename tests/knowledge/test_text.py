"""One spelling for what readers take for the same word."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text import normalise, words

ANY_TEXT = st.text(st.characters(exclude_categories=[]))  # lone surrogates and controls too
OUR_TEXT = st.text(st.sampled_from("aéß'’ʼٱأىةـًّ٣۷ሐኅሠፅአ፡።ґїй́\u200f\u202e\u200b\u00ad \n-"))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Café  ÉÉN", "cafe een"),
        ("financiële", "financiele"),
        ("Straße", "strasse"),
        ("أَهْلًا", "اهلا"),
        ("مدرســة", "مدرسه"),
        ("مستشفى ١٢٣", "مستشفي 123"),
        ("ሐኪም፡ሠላም።", "ሀኪም ሰላም"),
        ("ኃይሊ ፀሓይ አነ", "ሃይሊ ጸሃይ ኣነ"),
        ("Комп’ютер п`ять об'єкт", "комп'ютер п'ять об'єкт"),
        ("за́мок їжак йод", "замок їжак йод"),
        ("\u202bשלום\u202c a\u200db\ufeff", "שלום ab"),
        ("ﻣﺪﺭﺳﺔ", "مدرسه"),
    ],
)
def test_spellings_of_one_word_become_one(typed: str, expected: str) -> None:
    assert normalise(typed) == expected


@pytest.mark.parametrize("order", range(7))
@pytest.mark.parametrize(("from_row", "to_row"), [("ሐ", "ሀ"), ("ኀ", "ሀ"), ("ሠ", "ሰ"), ("ፀ", "ጸ")])
def test_every_vowel_order_of_a_homophone_row_is_folded(from_row: str, to_row: str, order: int) -> None:
    assert normalise(chr(ord(from_row) + order)) == chr(ord(to_row) + order)


@pytest.mark.parametrize("char", "ሗኈኰቈጐሷ")
def test_labialised_characters_stay(char: str) -> None:
    assert normalise(char) == char


@pytest.mark.parametrize(("one", "other"), [("й", "и"), ("ї", "і"), ("ґ", "г"), ("ሀ", "ሃ"), ("ጸ", "ሰ"), ("ت", "ث")])
def test_letters_that_tell_words_apart_stay_apart(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


def test_words_keep_their_apostrophe_and_lose_their_punctuation() -> None:
    assert words("Здоров’я, «п'ять»! foto's – 's avonds (50,-)") == ["здоров'я", "п'ять", "foto's", "s", "avonds", "50"]


@given(st.one_of(ANY_TEXT, OUR_TEXT))
def test_normalising_again_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.one_of(ANY_TEXT, OUR_TEXT))
def test_nothing_invisible_and_no_double_space_is_left(text: str) -> None:
    result = normalise(text)
    assert not [char for char in result if unicodedata.category(char) in {"Cf", "Cc", "Cs"}]
    assert result == " ".join(result.split())


@given(ANY_TEXT)
def test_words_are_normalised(text: str) -> None:
    assert all(normalise(word) == word and " " not in word for word in words(text))
