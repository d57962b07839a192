"""Codes, marks and filters: the parts of a search and a card that need no page."""

from __future__ import annotations

import datetime as dt

import pytest

from api.volunteer.codes import ALPHABET, LENGTH, new_code, read_code
from api.volunteer.finding import pieces
from api.volunteer.marks import mark
from api.volunteer.query import SearchQuery, read_query
from api.volunteer.sieve import sieve
from api.volunteer.words import words
from sociale_kaart.kaart import Kaart
from sociale_kaart.schema import Audience, Facts, Location, Review, ReviewState, Schedule, State, Verified, Weekday

MONDAY = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


# --- codes


def test_codes_are_random_and_of_letters_that_nobody_misreads() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) == LENGTH >= 8 and set(code) <= set(ALPHABET) for code in codes)
    assert not set("ilou") & set(ALPHABET)
    assert len(set(ALPHABET)) == 32


@pytest.mark.parametrize("typed", ["abcd2340", "ABCD2340", " abcd-2340 ", "ABCD 234O", "abcd234o"])
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    assert read_code(typed) == "abcd2340"


@pytest.mark.parametrize("typed", ["", "abcd", "abcd23400", "abcd234u", "../../etc", "абвг2345"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


# --- marks


def test_a_mark_follows_what_a_card_shows(kaart: Kaart) -> None:
    entry = kaart.entry("zwemlessen")
    before, tigrinya = mark(entry, "ar"), entry.texts["ti"]
    dutch = entry.texts["nl"].model_copy(update={"facts": Facts(where="In een ander bad.")})
    assert mark(entry.model_copy(update={"texts": {**entry.texts, "nl": dutch}}), "ar") != before
    assert mark(entry.model_copy(update={"state": State.ENDED}), "ar") != before
    assert mark(entry, "ti") != before
    moved = entry.model_copy(update={"texts": {**entry.texts, "ti": tigrinya.model_copy(update={"name": "ካልእ"})}})
    assert mark(moved, "ar") == before, "a card in Arabic does not show the Tigrinya"
    assert mark(moved, "ti") != mark(entry, "ti")


def test_a_new_check_that_changes_nothing_changes_no_mark(kaart: Kaart) -> None:
    entry = kaart.entry("zwemlessen")
    signed = {
        code: text.model_copy(update={"review": Review(state=ReviewState.REVIEWED, by="lezer", on=dt.date(2026, 11, 23))})
        for code, text in entry.texts.items()
    }
    checked = Verified(on=dt.date(2027, 1, 1), by="redactie", against="organisation")
    assert mark(entry.model_copy(update={"texts": signed, "verified": checked}), "ar") == mark(entry, "ar")


def test_filling_in_a_district_changes_no_mark(kaart: Kaart) -> None:
    entry = kaart.entry("zwemlessen").model_copy(update={"locations": (Location(address_1="Straat 1"),)})
    before, nowhere = mark(entry, "ar"), entry.model_copy(update={"locations": ()})
    told = entry.model_copy(update={"locations": (Location(address_1="Straat 1", district="Noord"),)})
    assert mark(told, "ar") == before
    only_district = entry.model_copy(update={"locations": (Location(district="Noord"),)})
    assert mark(only_district, "ar") == mark(nowhere, "ar")
    assert mark(nowhere, "ar") != before, "the address is on the card"


# --- the query


def test_an_empty_form_filters_nothing() -> None:
    asked = read_query(dict.fromkeys(SearchQuery.model_fields, "") | {"lang": "nl"}, 100)
    assert asked.query == SearchQuery()
    assert asked.wrong == ()


def test_a_wrong_value_is_named_and_the_others_count() -> None:
    asked = read_query(
        {"q": " les ", "theme": "zwemmen", "age": "-1", "language": "xx", "open": "later", "status": "asylum_seeker"}, 100
    )
    assert asked.wrong == ("theme", "age", "language", "open")
    assert asked.query == SearchQuery(q="les", status="asylum_seeker")


def test_a_long_text_is_cut_and_that_is_told() -> None:
    asked = read_query({"q": "a" * 101}, 100)
    assert (asked.too_long, len(asked.query.q)) == (True, 100)


def test_a_link_never_holds_the_words() -> None:
    query = SearchQuery(q="mijn man slaat mij", theme="health", age=30)
    assert query.link(lang="nl") == "theme=health&age=30&lang=nl"
    assert query.link(theme="housing") == "theme=housing&age=30"


# --- the sieve


def test_every_filter_has_its_words() -> None:
    for language in ("nl", "en"):
        for name in set(SearchQuery.model_fields) - {"q"}:
            assert {f"{part}.{name}" for part in ("label", "filter", "away", "unknown")} <= words().keys(language)
    assert words().keys("nl") == words().keys("en")


def test_filters_are_told_in_one_order(kaart: Kaart) -> None:
    query = SearchQuery(
        district="Noord", open="now", cost="free", language="ar", women="yes", age=30, status="asylum_seeker", theme="health"
    )
    parts = sieve([kaart.entry("zwemlessen")], query, MONDAY)
    (verdict,) = (*parts.fitting, *parts.unsure, *parts.away)
    assert ["q", *verdict.by_filter] == list(SearchQuery.model_fields)


def test_unknown_is_neither_yes_nor_no(kaart: Kaart) -> None:
    office = Schedule(byday=(Weekday.MO,), opens_at=dt.time(9), closes_at=dt.time(17))
    unknown = kaart.entry("zwemlessen")
    opened = kaart.entry("stips").model_copy(update={"schedules": (office,)})
    shut = kaart.entry("fiets").model_copy(update={"schedules": (office.model_copy(update={"byday": (Weekday.TU,)}),)})
    parts = sieve([shut, unknown, opened], SearchQuery(open="now"), MONDAY)
    assert [[verdict.entry.id for verdict in part] for part in (parts.fitting, parts.unsure, parts.away)] == [
        ["stips"],
        ["zwemlessen"],
        ["fiets"],
    ]


def test_filters_add_up_and_nothing_is_lost(kaart: Kaart) -> None:
    query = SearchQuery(theme="participation", status="undocumented", age=30, women="yes", language="ar", cost="free")
    parts = sieve(kaart, query, MONDAY)
    assert len(parts.fitting) + len(parts.unsure) + len(parts.away) == len(kaart.entries)
    for verdict in (*parts.fitting, *parts.unsure):
        assert "participation" in verdict.entry.themes
        assert not verdict.entry.audience.statuses or "undocumented" in verdict.entry.audience.statuses
        assert set(verdict.by_filter) == {"theme", "status", "age", "women", "language", "cost"}
    assert all(False in verdict.by_filter.values() for verdict in parts.away)
    young = kaart.entry("zwemlessen").model_copy(update={"audience": Audience(maximum_age=17)})
    assert sieve([young], SearchQuery(age=18), MONDAY).away


# --- why


def test_the_same_words_are_marked_whatever_their_spelling() -> None:
    found = pieces("Waar kan ik ZWEMMEN, in een bad?", "ik wil zwemmen in het bad")
    assert [piece.text for piece in found if piece.same] == ["ZWEMMEN", "bad"], "words of two letters tell nothing"
    assert "".join(piece.text for piece in found) == "Waar kan ik ZWEMMEN, in een bad?"
    assert [piece.text for piece in pieces("أين أتعلم السباحة؟", "اتعلم") if piece.same] == ["أتعلم"]
