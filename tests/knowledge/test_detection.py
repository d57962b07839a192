"""Telling languages apart, and saying so when it cannot be told."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.detection import MODEL, Detection, detect
from knowledge.languages import LANGUAGES
from knowledge.passages import Passage
from knowledge.text import words
from knowledge.variants import read_variants

CLEAR = [
    ("nl", "waar is de huisarts"),
    ("nl", "kapotte tand wat nu"),
    ("nl", "ik zoek werk"),
    ("nl", "mijn kind moet naar de isk, waar meld ik hem aan?"),
    ("en", "where is the doctor"),
    ("en", "swimming lessons"),
    ("en", "my husband speaks Dutch but I only speak English"),
    ("ar", "وين الدكتور"),
    ("ar", "أريد طبيب أسنان"),
    ("ar", "شلون احصل على بيت"),
    ("ar", "3andi waja3 snan"),
    ("ti", "ኣበይ ኢዩ ሓኪም ዝርከብ"),
    ("ti", "ገዛ የብለይን"),
    ("ti", "ሕማም ስኒ ኣለኒ"),
    ("uk", "де лікар"),
    ("uk", "шукаю школу для сина"),
    ("uk", "потрібен перекладач"),
    ("am", "የት ነው ሐኪም ማግኘት የምችለው"),
    ("am", "ይህን ደብዳቤ ማንበብ አልቻልኩም"),
    ("fa", "دندانم درد می کند کجا بروم"),
    ("fa", "سلام من ميخواهم هلندي ياد بگيرم"),
    ("ckb", "دەمەوێت کارێک بدۆزمەوە"),
    ("ps", "ډاکټر چیرته دی"),
    ("ur", "مجھے ڈاکٹر چاہیے"),
    ("ru", "как записаться на курсы"),
    ("ru", "где найти переводчика"),
    ("de", "ich suche einen Zahnarzt"),
    ("fr", "combien ça coûte"),
    ("tr", "diş doktoru arıyorum"),
    ("pl", "gdzie jest szkoła"),
    ("es", "cuánto cuesta el curso"),
    ("so", "waxaan raadinayaa dhakhtar"),
]


@pytest.mark.parametrize(("code", "text"), CLEAR)
def test_the_language_is_found(code: str, text: str) -> None:
    assert detect(text).code == code


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("ti", "DUO ደብዳበ መጺኡኒ inburgering"),
        ("ar", "كيف أسجل ع inburgering عند DUO"),
        ("uk", "де можна пройти inburgering від gemeente"),
    ],
)
def test_a_dutch_word_does_not_change_the_language(code: str, text: str) -> None:
    assert detect(text).code == code


@pytest.mark.parametrize(
    "text", ["", " ", "112", "0800-2000", "👍", "😀 !!", "ok", "DUO", "你好", "www.duo.nl", "xqzt wrtk plmn"]
)
def test_unknown_stays_unknown(text: str) -> None:
    assert detect(text).code is None


@pytest.mark.parametrize("text", ["ok", "112", "👍", "DUO", "xqzt wrtk plmn"])
@pytest.mark.parametrize("previous", ["ti", "ar", "nl"])
def test_the_conversation_decides_where_the_text_does_not(text: str, previous: str) -> None:
    assert detect(text, previous).code == previous


@pytest.mark.parametrize(("code", "text"), [("nl", "Hallo!"), ("en", "hi"), ("ar", "سلام"), ("ti", "ሰላም"), ("uk", "Привіт")])
def test_a_greeting_tells_the_language_of_a_new_conversation_only(code: str, text: str) -> None:
    assert detect(text).code == code
    assert detect(text, "ar").code == "ar"


def test_a_clear_text_outweighs_the_conversation() -> None:
    assert detect("ኣበይ ኢዩ ሓኪም ዝርከብ", "nl").code == "ti"
    assert detect("waar kan ik naar de tandarts", "ar").code == "nl"


@given(st.text(max_size=300), st.sampled_from([None, "nl", "ti"]))
def test_always_answers_within_the_table(text: str, previous: str | None) -> None:
    found = detect(text, previous)
    assert isinstance(found, Detection)
    assert found.code is None or found.code in LANGUAGES
    assert found.close is None or found.close in LANGUAGES
    assert 0 <= found.confidence <= 1


@given(st.sampled_from(CLEAR))
def test_case_does_not_matter(pair: tuple[str, str]) -> None:
    assert detect(pair[1].upper()).code == detect(pair[1].lower()).code


def test_a_long_message_takes_no_longer_than_its_beginning() -> None:
    detect("warm")
    began = time.process_time()
    assert detect("waar kan ik in Nijmegen leren zwemmen? " * 300).code == "nl"
    assert time.process_time() - began < 0.2


def test_the_table_is_small_enough_to_ship() -> None:
    assert MODEL.stat().st_size < 1_000_000


def kept_for_development() -> dict[tuple[str, bool], list[str]]:
    """Question variants of three words and more that the table was not learned from, by language and whether in Latin letters."""
    texts: dict[tuple[str, bool], list[str]] = {}
    for variant in (*read_variants("nijmegen"), *read_variants("landelijk")):
        passage = Passage(variant.entry_id, variant.language, "question", variant.text, variant.style)
        if passage.development and len(words(variant.text)) >= 3:
            texts.setdefault((variant.language, variant.style == "romanised"), []).append(variant.text)
    return texts


@pytest.mark.parametrize(("key", "texts"), kept_for_development().items(), ids=str)
def test_questions_about_the_kaart_are_told_apart(key: tuple[str, bool], texts: list[str]) -> None:
    right = sum(detect(text).code == key[0] for text in texts)
    assert len(texts) > 30
    assert right / len(texts) >= 0.97, right
