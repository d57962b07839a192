"""Protection: what must not change stays, once, in any text, and nothing else is touched."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.translation.protection import Protection, placeholders
from knowledge.translation.sentences import sentences

TERMS = ("BSN", "huisarts", "inburgering", "B1-route", "gemeente", "tijdelijke bescherming")
PROTECTION = Protection(TERMS, ["Stip", "Bureau Wijland"])

LINE = (
    "de Neem uw brief DUO IND. € 25,50 euro 06 12345678 info@duo.nl www.duo.nl/a_b [1] [2] ［3］ 1 januari 2027 Korte Nieuwstraat"
)
WORDS = st.sampled_from([*LINE.split(), *"6511 PP Stip Huisarts B1-route ١٢ а_б ሰላም። ؟ ( §".split(), "\n"])  # noqa: SIM905
TEXTS = st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=30).map(" ".join), st.lists(WORDS, max_size=30).map("".join))


def kept(text: str) -> list[str]:
    return list(PROTECTION.mask(text).kept)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Bel 024 123 45 67 of +31 (0)24 359 91 11.", ["024 123 45 67", "+31 (0)24 359 91 11"]),
        ("Mail naar info@duo.nl, of kijk op www.duo.nl/inburgeren.", ["info@duo.nl", "www.duo.nl/inburgeren"]),
        ("Het kost € 25,50 of 30 euro, en 10% korting.", ["€ 25,50", "30 euro", "10%"]),
        ("Kom op 1 januari 2027 om 19:30 uur.", ["1 januari 2027", "19:30"]),
        ("We zitten aan de Korte Nieuwstraat 6, 6511 PP Nijmegen.", ["Korte Nieuwstraat 6", "6511 PP Nijmegen"]),
        ("Vraag de huisarts, de IND en VluchtelingenWerk.", ["huisarts", "IND", "VluchtelingenWerk"]),
        ("DigiD is nodig. Huisarts ook.", ["DigiD", "Huisarts"]),
        ("Vraag Fatima Ali bij Bureau Wijland.", ["Fatima Ali", "Bureau Wijland"]),
        ("In de B1-route leer je tot niveau A2.", ["B1-route", "A2"]),
        ("In Nederland leer je Nederlands. Daarna werk je.", []),
        ("Neem 3 mensen mee naar de huisartsenpraktijk", ["3"]),
        ("Met tijdelijke bescherming mag je werken", ["tijdelijke bescherming"]),
        ("Понад ١٢ людей", ["١٢"]),
    ],
)
def test_what_stays(text, spans):
    assert kept(text) == spans


@given(TEXTS)
def test_restoring_gives_the_text_again(text):
    masked = PROTECTION.mask(text)
    assert placeholders(masked.text) == list(range(1, len(masked.kept) + 1))
    assert masked.restore(masked.text) == text


@given(TEXTS)
def test_every_digit_and_underscore_is_kept(text):
    left = re.sub(r"\[\d+\]", "", PROTECTION.mask(text).text)
    assert not re.search(r"[\d_]", left)


@given(TEXTS)
def test_spans_are_in_order_and_apart(text):
    spans = PROTECTION.spans(text)
    assert all(span.start < span.end for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))


@given(TEXTS, st.randoms())
def test_a_restored_text_holds_every_span_once_in_any_order(text, random):
    masked = PROTECTION.mask(text)
    numbers = list(range(1, len(masked.kept) + 1))
    random.shuffle(numbers)
    assert masked.restore("·".join(f"[{number}]" for number in numbers)) == "·".join(masked.kept[n - 1] for n in numbers)


@given(TEXTS.filter(lambda text: PROTECTION.mask(text).kept), st.data())
def test_a_lost_or_doubled_placeholder_is_noticed(text, data):
    masked = PROTECTION.mask(text)
    number = data.draw(st.integers(1, len(masked.kept)))
    assert masked.restore(masked.text.replace(f"[{number}]", "")) is None
    assert masked.restore(masked.text + f"[{number}]") is None
    assert masked.restore(masked.text + f"[{len(masked.kept) + 1}]") is None


@pytest.mark.parametrize("written", ["[1]", "[ 1 ]", "［1］", "[١]"])
def test_a_placeholder_may_come_back_in_another_hand(written):
    assert PROTECTION.mask("de IND").restore(f"دائرة {written}") == "دائرة IND"


@given(TEXTS)
def test_sentences_joined_are_the_text_again(text):
    cut = list(sentences(text))
    assert "".join(sentence + after for sentence, after in cut) == text
    assert all(sentence for sentence, _ in cut)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Dit is een. Dat is twee! [1] drie?", 3),
        ("Bel bijv. de gemeente. Dat is alles", 2),
        ("Vraag het o.a. bij [1]. Ga daarna.", 2),
        ("እዚ ሓደ እዩ።ካልኣይ።", 2),
        ("هل أنتم هنا؟ نعم", 2),
        ("Це одне. Це друге", 2),
        ("een\ntwee", 2),
        ("geen punt", 1),
    ],
)
def test_sentences_are_found(text, count):
    assert len(list(sentences(text))) == count


def test_terms_that_a_text_holds():
    assert PROTECTION.terms_in("De Huisarts en de gemeente; huisarts, bsn.") == ["Huisarts", "gemeente", "bsn"]
