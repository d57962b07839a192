"""A table from elsewhere becomes a kaart."""

from __future__ import annotations

import datetime as dt

import pytest

from sociale_kaart.importing.report import ImportRefused
from sociale_kaart.schema import State, Theme

PLAIN = "name,description,themes,phones,spoken,schedules,url\r\n"


def test_few_columns_are_enough(importer) -> None:
    row = 'Loket,"Hulp bij brieven. Kom langs.",money;housing,\'+31 24 123,ti;ar,"MO,TU 9:00-12:00\nFR 13:00-17:00 2026-01-01..",https://example.org\r\n'
    kaart, report = importer.rows(PLAIN + row, theme=None)
    entry = kaart.entry("loket")
    assert (entry.state, entry.themes) == (State.UNKNOWN, (Theme.MONEY, Theme.HOUSING))
    assert (entry.contact.phones, entry.languages) == (("+31 24 123",), ("ti", "ar"))
    assert (entry.texts["nl"].summary, entry.texts["nl"].answer) == ("Hulp bij brieven.", ("Kom langs.",))
    assert [(block.byday, block.opens_at, block.valid_from) for block in entry.schedules] == [
        (("MO", "TU"), dt.time(9), None),
        (("FR",), dt.time(13), dt.date(2026, 1, 1)),
    ]
    assert entry.sources[0].chapter == "row 1"
    assert report.losses == ()


def test_places_keep_their_lines_together(importer) -> None:
    content = 'name,description,location_name,location_city\r\nLoket,Hulp.,"\nDe Brug","Dorp\nStad"\r\n'
    kaart, _ = importer.rows(content)
    assert [(place.name, place.city) for place in kaart.entry("loket").locations] == [(None, "Dorp"), ("De Brug", "Stad")]


def test_other_columns_languages_and_hours_are_reported(importer) -> None:
    content = "name,description,language,opening hours,schedules\r\nLoket,Hulp.,nl,altijd,elke dag\r\nDesk,Help.,en,,\r\n"
    kaart, report = importer.rows(content)
    assert len(kaart.entries) == 1
    lost = {(loss.record, loss.field) for loss in report.dropped}
    assert {("1 (Loket)", "opening hours"), ("1 (Loket)", "schedules"), ("row 2 (Desk)", "language en")} <= lost


def test_a_row_without_words_is_left_out(importer) -> None:
    _, report = importer.rows("name,description\r\nLoket,Hulp.\r\nLeeg,\r\n")
    assert [loss.record for loss in report.left_out] == ["2 (Leeg)"]


def test_the_same_question_stays_with_the_first(importer) -> None:
    content = "name,description,questions\r\nLoket,Hulp.,Waar is het?\r\nBalie,Hulp.,waar  is het?\r\n"
    kaart, report = importer.rows(content)
    assert kaart.entry("loket").texts["nl"].questions == ("Waar is het?",)
    assert kaart.entry("balie").texts["nl"].questions == ()
    assert "questions" in {loss.field for loss in report.dropped}


@pytest.mark.parametrize(
    "name", ["'=1+1", "ja", "null", "=", "<<", "2026-01-01", "1e3", "0x1F", "10:30", "~", "true", "- a", "a: b # c", "🫟"]
)
def test_a_name_is_read_back_as_it_was_written(importer, name: str) -> None:
    """YAML takes some words for something else; the file must not."""
    kaart, _ = importer.rows(f'name,description\r\n"{name}","{name}"\r\n')
    text = kaart.entries[0].texts["nl"]
    assert text.name == text.summary == name.removeprefix("'")


def test_what_no_file_can_hold_is_left_away(importer) -> None:
    kaart, _ = importer.rows('name,description\r\n"A\ufeffB\x07C","Hulp\uffff."\r\n')
    assert kaart.entries[0].texts["nl"].name == "A B C"


def test_a_table_without_names_is_refused(importer) -> None:
    with pytest.raises(ImportRefused, match="no row with the names"):
        importer.rows("\r\n")
