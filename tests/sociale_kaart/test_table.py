"""The kaart as CSV: what RFC 4180 says, what spreadsheets do with it, and back."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sociale_kaart.kaart import Kaart
from sociale_kaart.table import BOM, COLUMNS, TableRefused, guard, read_csv, to_csv, unguard

HOSTILE = st.text("=+-@\t\r\n;'\" ,a1＝＋é", max_size=12)
RUNS = re.compile(r"(?:^|[;\n\r])[ ']*[=+\-@\t＝＋－＠]")
"""Where a spreadsheet begins a cell, and what makes that cell a formula."""


@pytest.mark.parametrize(
    ("cell", "guarded"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+31 24 123", "'+31 24 123"),
        ("-5", "'-5"),
        ("\t=1", "'\t=1"),
        ("＝1+1", "'＝1+1"),
        ("0800;=HYPERLINK(1)", "0800;'=HYPERLINK(1)"),
        ("Bel\n-Kom langs", "Bel\n'-Kom langs"),
        ("'s-Hertogenbosch", "'s-Hertogenbosch"),
        ("a=b - c", "a=b - c"),
    ],
)
def test_no_cell_begins_as_a_formula(cell: str, guarded: str) -> None:
    assert guard(cell) == guarded
    assert unguard(guarded) == cell


@given(HOSTILE)
def test_guarding_hides_every_formula_and_loses_nothing(cell: str) -> None:
    assert unguard(guard(cell)) == cell
    for start in RUNS.finditer(guard(cell)):
        assert "'" in start[0], "an apostrophe stands before it"


def test_it_is_rfc_4180(kaart: Kaart) -> None:
    content = to_csv(kaart)
    rows = list(csv.reader(io.StringIO(content, newline=""), strict=True))
    assert tuple(rows[0]) == COLUMNS
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert len(rows) == 1 + sum(len(entry.texts) for entry in kaart)
    assert content.endswith("\r\n")
    assert to_csv(kaart, bom=True) == BOM + content


def test_the_rows_tell_what_the_kaart_does(kaart: Kaart) -> None:
    rows = {(row["entry"], row["language"]): row for row in read_csv(to_csv(kaart, bom=True))}
    text = kaart.entry("zwemlessen").texts["ti"]
    row = rows["zwemlessen", "ti"]
    assert (row["name"], row["answer"].split("\n")) == (text.name, list(text.answer))
    assert row["review"] == text.review.state
    assert rows["spoed-112", "nl"]["phones"] == "112"
    assert rows["spoed-112", "nl"]["open_always"] == "true"
    assert "schedules" not in row, "unknown is empty"


def test_a_dutch_spreadsheet_writes_semicolons() -> None:
    assert read_csv('Name;summary;phones\r\nLoket;"a;b";112\r\n') == [{"name": "Loket", "summary": "a;b", "phones": "112"}]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "line 1: there is no row"),
        ("name,name\na,b\n", "line 1: a column stands there twice: name"),
        ('name,summary\n"a,b\n', "line 2: is not CSV"),
        ("name\na\nb,c\n", "line 3: has 2 cells, and there are 1 columns"),
    ],
)
def test_what_is_no_table_is_refused_with_its_line(content: str, says: str) -> None:
    with pytest.raises(TableRefused, match=re.escape(says)):
        read_csv(content)
