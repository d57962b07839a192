"""The kaart as a table (CSV after RFC 4180): one row for each entry and language. Both ways, pure.

A cell with several lines holds one value a line; codes and dates in one cell are parted by `;`. A cell is empty when
nobody knows. What a spreadsheet would run as a formula begins with an apostrophe, which reading takes off again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

from sociale_kaart.errors import KaartError
from sociale_kaart.kaart import Kaart
from sociale_kaart.schema import Entry, Facet, Location, ResidenceStatus, Schedule, Text

Row = Mapping[str, str]
BOM = "\ufeff"
_TRIGGER = "=+\\-@\t\r＝＋－＠"
_BARE = re.compile(rf"(^|[;\n\r])(?=[ ']*[{_TRIGGER}])")
_GUARDED = re.compile(rf"(^|[;\n\r])'(?=[ ']*[{_TRIGGER}])")

COLUMNS = (
    *("entry", "language", "kind", "state", "organization", "themes", "name", "summary", "answer", "steps"),
    *(f"fact_{facet}" for facet in Facet),
    *(f"for_{status}" for status in ResidenceStatus),
    *("questions", "review", "reviewed_on", "statuses", "women_only", "minimum_age", "maximum_age", "phones", "email", "url"),
    *(f"location_{field}" for field in Location.model_fields),
    *("schedules", "closed_on", "free", "open_always", "spoken", "related", "instead"),
    *("sources", "verified_on", "verified_against", "review_interval_days"),
)
"""Names of the columns, in order."""


class TableRefused(KaartError):
    """The file is not a table that can be read; the message says where and why."""


def guard(cell: str) -> str:
    """The cell, such that no spreadsheet runs it.

    Also behind `;` and at each new line: Dutch spreadsheets take `;` for the end of a cell.
    """
    return _BARE.sub(r"\1'", cell)


def unguard(cell: str) -> str:
    """What `guard` was given. A word such as 's-Hertogenbosch keeps its apostrophe."""
    return _GUARDED.sub(r"\1", cell)


def to_csv(kaart: Kaart, *, bom: bool = False) -> str:
    """Every entry in every language of its texts, with a row of names on top."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for entry in kaart:
        for code, text in entry.texts.items():
            row = cells(entry, code, text)
            writer.writerow([guard(row[column]) for column in COLUMNS])
    return (BOM if bom else "") + out.getvalue()


def read_csv(content: str) -> list[Row]:
    """The rows by column name, in order; `,` or `;` between the cells, whichever the first line has more of.

    Raises:
        TableRefused: there is no row of names, a name stands there twice, or quotes do not match.
    """
    plain = content.removeprefix(BOM)
    first = plain.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(plain, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise TableRefused(f"line {reader.line_num}: is not CSV: {error}") from None
    if not rows:
        raise TableRefused("line 1: there is no row with the names of the columns")
    names = [name.strip().lower() for name in rows[0][1]]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise TableRefused(f"line 1: a column stands there twice: {', '.join(twice)}")
    return [_by_name(names, line, row) for line, row in rows[1:]]


def _by_name(names: list[str], line: int, row: list[str]) -> Row:
    if len(row) > len(names):
        raise TableRefused(f"line {line}: has {len(row)} cells, and there are {len(names)} columns")
    cells = {name: unguard(cell.replace("\r\n", "\n")).strip(" ") for name, cell in zip(names, row, strict=False)}
    return {name: cell for name, cell in cells.items() if name and cell}


def cells(entry: Entry, code: str, text: Text) -> dict[str, str]:
    """The row of one text, by column name; empty is unknown."""
    audience, contact = entry.audience, entry.contact
    return {
        "entry": entry.id,
        "language": code,
        "kind": entry.kind,
        "state": entry.state,
        "organization": entry.organization or "",
        "themes": _codes(entry.themes),
        **_words(text),
        "statuses": _codes(audience.statuses),
        "women_only": _yes(audience.women_only),
        "minimum_age": _number(audience.minimum_age),
        "maximum_age": _number(audience.maximum_age),
        "phones": _codes(contact.phones),
        "email": contact.email or "",
        "url": str(contact.url or ""),
        **{f"location_{field}": _of_places(entry.locations, field) for field in Location.model_fields},
        "schedules": "\n".join(map(_hours, entry.schedules)),
        "closed_on": _codes(entry.closed_on),
        "free": _either(entry.free),
        "open_always": _yes(entry.open_always),
        "spoken": _codes(entry.languages),
        "related": _codes(entry.related),
        "instead": _codes(entry.instead),
        "sources": "\n".join(" ".join(filter(None, (ref.document, ref.chapter))) for ref in entry.sources),
        "verified_on": str(entry.verified.on),
        "verified_against": entry.verified.against,
        "review_interval_days": str(entry.review_interval_days),
    }


def _words(text: Text) -> dict[str, str]:
    return {
        "name": text.name,
        "summary": text.summary,
        "answer": "\n".join(text.answer),
        "steps": "\n".join(text.steps),
        **{f"fact_{facet}": getattr(text.facts, facet) or "" for facet in Facet},
        **{f"for_{status}": text.for_status.get(status, "") for status in ResidenceStatus},
        "questions": "\n".join(text.questions),
        "review": text.review.state,
        "reviewed_on": str(text.review.on or ""),
    }


def _codes(values: Iterable[object]) -> str:
    return ";".join(str(value) for value in values)


def _of_places(places: Sequence[Location], field: str) -> str:
    """One line a place, also where the place has none: the columns go together."""
    values = [getattr(place, field) or "" for place in places]
    return "\n".join(values) if any(values) else ""


def _hours(block: Schedule) -> str:
    period = f" {block.valid_from or ''}..{block.valid_to or ''}" if block.valid_from or block.valid_to else ""
    return f"{','.join(block.byday)} {block.opens_at:%H:%M}-{block.closes_at:%H:%M}{period}"


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _either(value: bool | None) -> str:
    return "" if value is None else str(value).lower()


def _yes(value: bool) -> str:
    return "true" if value else ""
