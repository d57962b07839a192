"""Reads a table (CSV) into drafts: the rows whose language is Dutch, or that name no language. Pure."""

from __future__ import annotations

import datetime as dt
import re
from itertools import zip_longest
from typing import Any

from sociale_kaart.importing.draft import Draft
from sociale_kaart.importing.hsds import NO_PLACE, OTHER_LANGUAGE, OTHER_SOURCE
from sociale_kaart.importing.report import Loss
from sociale_kaart.importing.wording import line_of
from sociale_kaart.schema import Facet, Location, ResidenceStatus
from sociale_kaart.table import COLUMNS, Row

DESCRIPTION = "description"
"""A column of files that know no `summary` and `answer`: it becomes both."""
_HOURS = re.compile(r"([A-Z,]+) ([0-9:]{4,5})-([0-9:]{4,5})(?: ([0-9-]*)\.\.([0-9-]*))?")
_PARTS = re.compile(r"[;\n]")


def drafts_of(rows: list[Row]) -> tuple[list[Draft], list[Loss]]:
    """A draft for each Dutch row, and what the other rows lost: all of it."""
    drafts, losses = [], []
    for place, row in enumerate(rows, 1):
        name = line_of(row.get("name", ""))[:60]
        record = f"{place} ({name})" if name else str(place)
        if (code := row.get("language", "nl")) == "nl":
            drafts.append(_draft(record, f"row {place}", row))
        else:
            losses.append(Loss(f"row {record}", f"language {line_of(code)[:10]}", OTHER_LANGUAGE))
    return drafts, losses


def _draft(record: str, origin: str, row: Row) -> Draft:
    draft = Draft(record, origin)
    for column in row:
        if column not in COLUMNS and column != DESCRIPTION:
            draft.lose(line_of(column)[:40], NO_PLACE)
    if "sources" in row:
        draft.lose("sources", OTHER_SOURCE)
    if row.get("verified_against") == "organisation":
        draft.lose("verified_against", "the facts are now compared with the imported file")
    if row.get("review", "draft") != "draft":
        draft.lose("review", "every text comes in as a draft")
    draft.values = {
        "id": row.get("entry"),
        "kind": row.get("kind", "service"),
        "state": row.get("state", "unknown"),
        "organization": line_of(row.get("organization", "")),
        "themes": _codes(row, "themes"),
        "audience": {
            "statuses": _codes(row, "statuses"),
            "women_only": row.get("women_only"),
            "minimum_age": row.get("minimum_age"),
            "maximum_age": row.get("maximum_age"),
        },
        "contact": {"phones": _codes(row, "phones"), "email": row.get("email"), "url": row.get("url")},
        "locations": _places(row),
        "schedules": _blocks(draft, row),
        "free": row.get("free"),
        "open_always": row.get("open_always"),
        "review_interval_days": row.get("review_interval_days"),
        "languages": _codes(row, "spoken"),
    }
    draft.values |= {name: _codes(row, name) for name in ("closed_on", "related", "instead")}
    draft.verified_on = _date(draft, row)
    _words(draft, row)
    return draft


def _words(draft: Draft, row: Row) -> None:
    lists = {name: row.get(name, "").split("\n") for name in ("answer", "steps", "questions")}
    facts = {str(facet): row[f"fact_{facet}"] for facet in Facet if f"fact_{facet}" in row}
    differs = {str(status): row[f"for_{status}"] for status in ResidenceStatus if f"for_{status}" in row}
    draft.take({"name": row.get("name"), "summary": row.get("summary"), **lists, "facts": facts, "for_status": differs})
    if DESCRIPTION in row and "summary" not in row:
        draft.describe(DESCRIPTION, row[DESCRIPTION])
    elif DESCRIPTION in row:
        draft.lose(DESCRIPTION, "there is a summary beside it")


def _codes(row: Row, column: str) -> list[str]:
    return [code.strip() for code in _PARTS.split(row.get(column, "")) if code.strip()]


def _places(row: Row) -> list[dict[str, str]]:
    """One place a line; the lines of the columns go together."""
    columns = [row.get(f"location_{field}", "").split("\n") for field in Location.model_fields]
    named = [dict(zip(Location.model_fields, values, strict=True)) for values in zip_longest(*columns, fillvalue="")]
    return [place for values in named if (place := {key: line_of(value) for key, value in values.items() if line_of(value)})]


def _blocks(draft: Draft, row: Row) -> list[dict[str, Any]]:
    blocks = []
    for line in filter(str.strip, row.get("schedules", "").split("\n")):
        found = _HOURS.fullmatch(line.strip())
        if found is None:
            draft.lose("schedules", "is not written as MO,TU 09:00-17:00")
            continue
        days, opens, closes, start, end = found.groups()
        block = {"byday": days.split(","), "opens_at": opens, "closes_at": closes, "valid_from": start, "valid_to": end}
        blocks.append({key: value for key, value in block.items() if value})
    return blocks


def _date(draft: Draft, row: Row) -> dt.date | None:
    try:
        return dt.date.fromisoformat(row["verified_on"]) if "verified_on" in row else None
    except ValueError:
        draft.lose("verified_on", "is not a date as 2026-11-21")
        return None
