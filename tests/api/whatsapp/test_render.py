"""From replies to bubbles: whatever is said, WhatsApp takes it, nothing is left out, and numbers stand the right way round."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from graph_api import problem_of
from hypothesis import given, settings
from hypothesis import strategies as st

from api.answers.compose import Composer
from api.answers.reply import Button, Fact, Reply, Section, Step
from api.i18n.catalogue import load_catalogue
from api.whatsapp.bidi import FSI, PDI, bare, isolated
from api.whatsapp.choice import typed_choice, typed_number
from api.whatsapp.render import Option, Renderer
from api.whatsapp.size import cut, split, units
from sociale_kaart.kaart import Kaart

CATALOGUE = load_catalogue()
RENDERER = Renderer(CATALOGUE, "https://kaart.example")
NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
LANGUAGES = ("nl", "en", "ar", "ti", "uk")
LETTERS = st.sampled_from("ab12 .,:-*_/€éсловоمرحباሰላም\n🙏👩‍👩‍👧")
WORDS = st.text(LETTERS, min_size=1, max_size=400).filter(lambda text: text.strip() != "")
LONG = st.builds(lambda text, times: text * times, WORDS, st.integers(1, 40))
LINE = WORDS.map(lambda text: " ".join(text.split())).filter(bool)
BUTTONS = st.builds(Button, title=LINE, payload=st.integers(0, 30).map(lambda n: f"/ask_{n}") | st.just("/person"))
REPLIES = st.builds(
    Reply,
    language=st.sampled_from(LANGUAGES),
    title=st.none() | LINE,
    paragraphs=st.lists(LONG, min_size=1, max_size=3).map(tuple),
    facts=st.lists(st.builds(Fact, label=LINE, value=LINE), max_size=3).map(tuple),
    sections=st.lists(
        st.builds(Section, heading=LINE, steps=st.lists(st.builds(Step, text=LINE), max_size=3).map(tuple)), max_size=2
    ).map(tuple),
    buttons=st.lists(BUTTONS, max_size=14).map(tuple),
    urgent=st.booleans(),
)


def request(message: dict[str, object]) -> dict[str, object]:
    return {"messaging_product": "whatsapp", "recipient_type": "individual", "to": "31600000001", **message}


@settings(max_examples=60)
@given(st.lists(REPLIES, min_size=1, max_size=4))
def test_whatever_is_said_is_taken_and_whole(replies: list[Reply]) -> None:
    bubbles = RENDERER.turn(replies)
    for bubble in bubbles:
        assert problem_of(request(RENDERER.message(bubble))) is None
    said = "".join("".join(bare(bubble.text).split()) for bubble in bubbles)
    for reply in replies:
        for paragraph in reply.paragraphs:
            assert "".join(paragraph.split()) in said
    numbers = [option.number for bubble in bubbles for option in bubble.options]
    assert numbers == list(range(1, len(numbers) + 1))
    urgent = [bubble.urgent for bubble in bubbles]
    assert urgent == sorted(urgent, reverse=True), "danger goes first"
    assert all(not bubble.options for bubble in bubbles if bubble.urgent)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_of_the_kaart_is_one_bubble(kaart: Kaart, language: str) -> None:
    composer = Composer(kaart, CATALOGUE)
    for entry in kaart:
        bubbles = RENDERER.turn([composer.entry(entry, language, NOW)])
        assert len(bubbles) == 1, entry.id
        assert problem_of(request(RENDERER.message(bubbles[0]))) is None, entry.id
        assert f"https://kaart.example/{language}/{entry.id}" in bare(bubbles[0].text) or "link" not in bubbles[0].text


def test_replies_of_one_turn_share_a_bubble_as_long_as_their_choices_fit() -> None:
    few = [Reply(language="nl", paragraphs=(name,), buttons=(Button(title=name, payload=f"/{name}"),)) for name in "abc"]
    (bubble,) = RENDERER.turn(few)
    assert [option.button.payload for option in bubble.options] == ["/a", "/b", "/c"]
    many = [
        Reply(language="nl", paragraphs=(p,), buttons=tuple(Button(title=f"{p}{n}", payload=f"/{p}{n}") for n in range(7)))
        for p in "xy"
    ]
    assert [len(bubble.options) for bubble in RENDERER.turn(many)] == [7, 7]


def test_more_than_ten_choices_are_numbered_and_a_person_can_always_be_tapped() -> None:
    buttons = (Button(title="Mens", payload="/person"), *(Button(title=f"Keuze {n}", payload=f"/k{n}") for n in range(14)))
    (bubble,) = RENDERER.turn([Reply(language="nl", paragraphs=("Kies",), buttons=buttons)])
    message = RENDERER.message(bubble)
    rows = message["interactive"]["action"]["sections"][0]["rows"]
    assert [len(rows), rows[-1]["id"]] == [10, "/person"]
    assert "15. Mens" in bubble.text
    assert typed_choice("14", bubble.options) == "/k13"


def test_short_choices_are_buttons_and_a_long_title_stands_whole_below_its_row() -> None:
    short = Reply(
        language="nl",
        paragraphs=("Weet je het zeker?",),
        buttons=(Button(title="Ja", payload="/y"), Button(title="Nee", payload="/n")),
    )
    assert RENDERER.message(RENDERER.turn([short])[0])["interactive"]["type"] == "button"
    title = "Een onderwerp met een lange naam"
    long = Reply(language="nl", paragraphs=("Kies",), buttons=(Button(title=title, payload="/y"),))
    row = RENDERER.message(RENDERER.turn([long])[0])["interactive"]["action"]["sections"][0]["rows"][0]
    assert row["title"].startswith("1. Een onderwerp")
    assert row["description"] == title


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        (" 2. ", 2),
        ("١", 1),
        ("١٢", 12),
        ("፩", 1),
        ("1\ufe0f\u20e3", 1),
        ("(3)", 3),
        ("\u20681\u2069", 1),
        ("½", None),
        ("1 2", None),
        ("een", None),
        ("", None),
    ],
)
def test_numbers_in_any_digits(text: str, number: int | None) -> None:
    assert typed_number(text) == number


def test_the_words_of_a_button_can_be_typed() -> None:
    options = (Option(1, Button(title="Wat kost het?", payload="/cost")),)
    assert typed_choice("wat kost het", options) is None
    assert typed_choice("WAT KOST HET?", options) == "/cost"
    assert typed_choice("?", options) is None


def test_numbers_and_names_are_isolated_in_arabic() -> None:
    marked = isolated("اتصلوا على 024-1234567 من 09:00-17:00 في Stip Dukenburg.", leftward=True)
    assert re.findall(f"{FSI}(.*?){PDI}", marked) == ["024-1234567", "09:00-17:00", "Stip Dukenburg"]
    assert bare(marked) == "اتصلوا على 024-1234567 من 09:00-17:00 في Stip Dukenburg."


def test_dutch_is_left_alone_but_for_an_arabic_name_in_it() -> None:
    assert isolated("Bel 024-1234567 (09:00-17:00).") == "Bel 024-1234567 (09:00-17:00)."
    assert isolated("Kies een taal:\n3. العربية") == f"Kies een taal:\n3. {FSI}العربية{PDI}"


@given(st.text(LETTERS, max_size=300), st.booleans())
def test_isolates_are_balanced_change_nothing_and_come_once(text: str, leftward: bool) -> None:
    marked = isolated(text, leftward=leftward)
    assert marked.count(FSI) == marked.count(PDI)
    assert bare(marked) == bare(text)
    assert isolated(marked, leftward=leftward) == marked
    assert units(marked) <= 2 * units(text) + 2


@given(st.text(LETTERS, max_size=600), st.integers(4, 80))
def test_pieces_are_short_enough_and_nothing_is_lost(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert all(units(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert units(cut(text, limit)) <= limit
