"""What is personal goes, in five languages and three kinds of numerals; what was asked stays. Names and numbers are invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.signals.cleaning import ADDRESS, DATE, LINK, LONGEST, MAIL, NAME, NUMBER, cleaned, unmarked

KNOWN = frozenset("hallo waar kan ik hoe nijmegen nederlands dutch where can i my я як де можна і".split())  # noqa: SIM905


@pytest.mark.parametrize(
    ("text", "gone", "mark"),
    [
        ("bel mij op 06-12345678 over zwemles", "1234", NUMBER),
        ("my number is +31 6 12 34 56 78, swimming lessons", "12 34", NUMBER),
        ("رقمي ٠٦١٢٣٤٥٦٧٨ وأريد تعلم السباحة", "٠٦", NUMBER),
        ("ቁጽረይ 0612345678 እዩ ሕክምና ይደሊ", "0612", NUMBER),
        ("ኣነ ፲፱፻፹፭ ተወሊደ ስራሕ እደሊ", "፲፱፻፹፭", NUMBER),
        ("мій телефон (067) 123-45-67, шукаю роботу", "123", NUMBER),
        ("mijn bsn is 123456782 en de brief is weg", "123456782", NUMBER),
        ("iban NL91 ABNA 0417 1643 00 klopt niet", "ABNA", NUMBER),
        ("mijn v-nummer is 281.234.5678 en nu", "281", NUMBER),
        ("paspoort NX12AB345 is verlopen", "NX12AB345", NUMBER),
        ("06 1\u200e2 3 4 5 6\u200b 7 8 bel mij", "5 6", NUMBER),
        ("mail piet.devries@voorbeeld.nl over de fiets", "voorbeeld", MAIL),
        ("mail piet (at) voorbeeld.nl over de fiets", "piet", MAIL),
        ("kijk op https://voorbeeld.nl/piet en help", "voorbeeld", LINK),
        ("kijk op voorbeeld.org/piet en help", "voorbeeld", LINK),
        ("ik ben geboren op 12-03-1990 in een dorp", "1990", DATE),
        ("born on 12 March 1990 in a village", "1990", DATE),
        ("ولدت في ١٢/٣/١٩٩٠ في قرية", "١٩٩٠", DATE),
        ("народився 12 березня 1990 у селі", "1990", DATE),
        ("ik woon op 6511 AB 12 hier", "6511", ADDRESS),
        ("ik woon in de Tulpenstraat 12a hier", "Tulpen", ADDRESS),
        ("i live at 12 Tulip Street now", "Tulip", ADDRESS),
        ("أسكن في شارع الورود رقم ١٢ كيف أجد طبيب", "الورود", ADDRESS),
        ("живу на вулиця Тюльпанова, буд. 12 де лікар", "Тюльпанова", ADDRESS),
        ("Hallo, mijn naam is Piet de Vries en ik zoek een fiets", "Vries", NAME),
        ("ik heet sanne jansen en ik wil zwemmen", "jansen", NAME),
        ("My name is John Smith and I want to work", "Smith", NAME),
        ("Where can I meet Jessica Brown?", "Jessica", NAME),
        ("اسمي أحمد الخطيب وأريد تعلم السباحة", "الخطيب", NAME),
        ("زوجي اسمه ياسين يبحث عن عمل", "ياسين", NAME),
        ("أريد موعد لأحمد عند الطبيب", "أحمد", NAME),
        ("ስመይ ዮናስ ተኽለ እዩ ኣበይ ክመሃር እኽእል", "ተኽለ", NAME),
        ("ግደይ እበሃል ኣበይ ክመሃር እኽእል", "ግደይ", NAME),
        ("мене звати Олена Коваленко і я шукаю роботу", "Коваленко", NAME),
        ("мій чоловік Петро шукає роботу", "Петро", NAME),
    ],
)
def test_what_is_personal_is_replaced(text: str, gone: str, mark: str) -> None:
    said = cleaned(text, KNOWN)
    assert gone not in said
    assert mark in said


@pytest.mark.parametrize(
    "text",
    [
        "hoe haal ik B1 in 3 maanden, ik ben 35",
        "kan ik 112 bellen?",
        "WAAR KAN IK ZWEMMEN MET DE DUO LENING",
        "waar kan ik Nederlands leren in Nijmegen",
        "how do i get to the IND",
        "أين أتعلم اللغة الهولندية مع أطفالي الثلاثة",
        "ኣበይ ቋንቋ ክመሃር እኽእል",
        "де можна вивчати мову",
        "hoe heet de wijk hier",
    ],
)
def test_what_was_asked_stays(text: str) -> None:
    assert cleaned(text, KNOWN) == text


@pytest.mark.parametrize("text", ["", "?!", "0612345678", "piet@voorbeeld.nl", "Piet"])
def test_nothing_is_left_of_what_is_only_personal(text: str) -> None:
    assert cleaned(text) == ""


def test_marks_and_what_announces_a_name_can_be_left_out() -> None:
    assert unmarked(cleaned("mijn naam is Piet Jansen, waar kan ik zwemmen? bel 0612345678", KNOWN)) == "waar kan ik zwemmen? bel"


def test_a_long_story_is_cut() -> None:
    assert len(cleaned("ik wil zwemmen " * 50)) <= LONGEST + 2


DIGITS = st.sampled_from(["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"])
GAPS = st.sampled_from(["", " ", "-", ".", "/", " - ", "\u00a0", "\u200b", "\u2011"])


@given(
    DIGITS,
    st.lists(st.tuples(st.integers(0, 9), GAPS), min_size=4, max_size=14),
    st.sampled_from(["ik bel ", "رقمي ", "ቁጽረይ ", "мій "]),
)
def test_no_way_of_writing_a_number_gets_through(digits: str, pieces: list[tuple[int, str]], before: str) -> None:
    number = "".join(digits[digit] + gap for digit, gap in pieces)
    assert not any(sign.isdigit() for sign in cleaned(f"{before}{number} help mij", KNOWN))


@given(st.text(max_size=80))
def test_anything_can_be_cleaned_and_is_clean_then(text: str) -> None:
    once = cleaned(text)
    assert "@" not in once
    assert unmarked(once) == unmarked(unmarked(once))
