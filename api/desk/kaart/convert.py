"""Between what stands in a form and the plain data of YAML. `show` gives what is put in the field, `read` takes it back.

`read` gets every value that was sent for the field, and raises NotRead with a Dutch sentence when it cannot be understood.
Whether it is right is for the schema to say.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from api.desk.kaart.words import DAYS

Typed = list[str]
Data = Any
"""Plain YAML data: str, int, bool, date, list, dict."""
_LOCATION = ("name", "address_1", "postal_code", "city", "district")
_SOURCE = ("document", "chapter")
_DAY_CODES = {name: str(code) for code, name in DAYS.items()}
_SCHEDULE = re.compile(
    r"(?P<days>(?:(?:ma|di|wo|do|vr|za|zo)[ ,]*)+) *(?P<opens>\d{1,2}[:.]\d\d) *(?:-|–|tot) *(?P<closes>\d{1,2}[:.]\d\d)"
    r"(?: +vanaf (?P<first>\d{4}-\d\d-\d\d))?(?: +t/m (?P<last>\d{4}-\d\d-\d\d))?",
    re.IGNORECASE,
)


class NotRead(ValueError):
    """What was typed cannot be understood; the message says what to type."""


@dataclass(frozen=True)
class Converter:
    """How one kind of field is shown and read; `empty` is the data of an empty field."""

    show: Callable[[Data], Typed]
    read: Callable[[Typed], Data]
    empty: Data = None


def one_line(typed: Typed) -> str | None:
    """Spaces and breaks are one space; nothing is None."""
    return " ".join(" ".join(typed).split()) or None


def split_lines(typed: Typed) -> list[str]:
    """One item a line; empty lines are nothing."""
    return [line for raw in "\n".join(typed).splitlines() if (line := " ".join(raw.split()))]


def _number(typed: Typed) -> int | None:
    text = one_line(typed)
    if text and not re.fullmatch(r"\d{1,5}", text):
        raise NotRead("Schrijf een heel getal.")
    return int(text) if text else None


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise NotRead(f"‘{text}’ is geen datum. Schrijf jaar-maand-dag, zoals 2026-11-23.") from None


def _date(typed: Typed) -> dt.date | None:
    text = one_line(typed)
    return _day(text) if text else None


def _show_days(days: Iterable[object]) -> Typed:
    return ["\n".join(map(str, days))]


def _schedule(line: str) -> dict[str, Data]:
    found = _SCHEDULE.fullmatch(line)
    if not found:
        raise NotRead(f"‘{line}’ is niet te lezen. Schrijf bijvoorbeeld: ma, wo 09:00-17:00")
    days = [_DAY_CODES[name.lower()] for name in re.findall(r"[a-zA-Z]{2}", found["days"])]
    block: dict[str, Data] = {"byday": days}
    block |= {"opens_at": found["opens"].replace(".", ":"), "closes_at": found["closes"].replace(".", ":")}
    dates = {"valid_from": found["first"], "valid_to": found["last"]}
    return block | {key: _day(value) for key, value in dates.items() if value}


def _show_schedule(block: Mapping[str, Data]) -> str:
    days = ", ".join(DAYS.get(day, str(day)) for day in block.get("byday", ()))
    first = f" vanaf {block['valid_from']}" if block.get("valid_from") else ""
    last = f" t/m {block['valid_to']}" if block.get("valid_to") else ""
    return f"{days} {block.get('opens_at')}-{block.get('closes_at')}{first}{last}"


def _columns(keys: tuple[str, ...]) -> Converter:
    """Items of named parts, one a line, with ` | ` between the parts."""

    def show(items: Iterable[Mapping[str, Data]]) -> Typed:
        rows = [[str(item.get(key) or "") for key in keys] for item in items]
        return ["\n".join(" | ".join(row).rstrip(" |") for row in rows)]

    def read(typed: Typed) -> list[dict[str, str]]:
        rows = [[part.strip() for part in line.split("|")] for line in split_lines(typed)]
        if any(len(row) > len(keys) for row in rows):
            raise NotRead(f"Een regel heeft ten hoogste {len(keys)} delen, met | ertussen.")
        return [{key: part for key, part in zip(keys, row, strict=False) if part} for row in rows]

    return Converter(show, read, [])


LINE = Converter(lambda value: [str(value)] if value is not None else [""], one_line)
LINES = Converter(lambda value: ["\n".join(map(str, value))], split_lines, [])
NUMBER = Converter(lambda value: [str(value)] if value is not None else [""], _number)
DATE = Converter(lambda value: [str(value)] if value is not None else [""], _date)
DATES = Converter(_show_days, lambda typed: [_day(line) for line in split_lines(typed)], [])
CHECK = Converter(lambda value: ["ja"] if value else [], lambda typed: "ja" in typed, False)
FREE = Converter(
    lambda value: ["" if value is None else "ja" if value else "nee"],
    lambda typed: {"ja": True, "nee": False}.get(one_line(typed) or ""),
)
CHOICES = Converter(lambda value: [str(item) for item in value], lambda typed: list(dict.fromkeys(filter(None, typed))), [])
LOCATIONS, SOURCES = _columns(_LOCATION), _columns(_SOURCE)
SCHEDULES = Converter(
    lambda value: ["\n".join(_show_schedule(block) for block in value)],
    lambda typed: [_schedule(line) for line in split_lines(typed)],
    [],
)
