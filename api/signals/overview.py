"""What the pages and the export show of the counts. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from api.signals.counting import MEDIAN, P90, TABLES, UNKNOWN, Number, Part
from api.signals.suppression import TOGETHER, protected
from api.signals.weeks import ONE
from api.signals.words import NOT_KNOWN, TOGETHER_WORDS

TREND = 12
"""Weeks that the plot of all people shows, at most."""


@dataclass(frozen=True)
class Bar:
    """One row of a table with its bar; `share` of the longest, in per cent. `number` None: fewer than may be shown."""

    label: str
    number: int | None
    share: int


@dataclass(frozen=True)
class Table:
    """How the people of a week are divided."""

    part: Part
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Times:
    """Minutes; None where too few people waited or were helped."""

    median: int | None
    p90: int | None


@dataclass(frozen=True)
class WeekView:
    """One week. `people` None: fewer than may be shown."""

    monday: dt.date
    people: int | None
    tables: tuple[Table, ...]
    waiting: Times
    handling: Times

    def table(self, part: str) -> Table | None:
        """The table of `part`; None when nothing is shown of it."""
        return next((table for table in self.tables if table.part == part), None)


Label = Callable[[Part, str], str]


def shown(numbers: Iterable[Number], fewest: int) -> list[Number]:
    """The numbers of a week that may be shown. What was kept under a lower setting is protected anew."""
    rows = list(numbers)
    total = next((row.number for row in rows if row.part is Part.TOTAL), None)
    if total is None or total < fewest:
        return [Number(Part.TOTAL, "", None)]
    tables = [
        Number(part, key, people)
        for part in TABLES
        for key, people in protected({row.key: row.number or 0 for row in rows if row.part is part}, fewest).items()
    ]
    return [Number(Part.TOTAL, "", total), *tables, *(row for row in rows if row.part in (Part.WAITING, Part.HANDLING))]


def week_view(monday: dt.date, numbers: Sequence[Number], label: Label) -> WeekView:
    """One week, its tables with the largest row first and what does not apply last."""
    people = next((row.number for row in numbers if row.part is Part.TOTAL), None)
    tables = [Table(part, _bars(part, {row.key: row.number for row in numbers if row.part is part}, label)) for part in TABLES]
    return WeekView(
        monday,
        people,
        tuple(table for table in tables if table.bars),
        _times(numbers, Part.WAITING),
        _times(numbers, Part.HANDLING),
    )


def trend(weeks: Mapping[dt.date, Sequence[Number]]) -> tuple[Bar, ...]:
    """All people, by week; a week without anyone is told too."""
    if not weeks:
        return ()
    last = max(weeks)
    mondays = [last - number * ONE for number in reversed(range(TREND)) if last - number * ONE >= min(weeks)]
    counts = {monday: next((row.number for row in weeks.get(monday, ()) if row.part is Part.TOTAL), 0) for monday in mondays}
    most = max((count or 0 for count in counts.values()), default=0)
    return tuple(Bar(monday.isoformat(), count, _share(count, most)) for monday, count in counts.items())


def _bars(part: Part, rows: Mapping[str, int | None], label: Label) -> tuple[Bar, ...]:
    """The rows; none when all that may be shown is everybody together."""
    if not set(rows) - {TOGETHER}:
        return ()
    most = max(number or 0 for number in rows.values())
    ordered = sorted(rows.items(), key=lambda row: (row[0] in (TOGETHER, UNKNOWN), row[0] == UNKNOWN, -(row[1] or 0), row[0]))
    return tuple(Bar(_label(part, key, label), number, _share(number, most)) for key, number in ordered)


def _label(part: Part, key: str, label: Label) -> str:
    if key == TOGETHER:
        return TOGETHER_WORDS
    return label(part, key) if key != UNKNOWN else NOT_KNOWN.get(part, "Niet bekend")


def _share(number: int | None, most: int) -> int:
    return round(100 * (number or 0) / most) if most else 0


def _times(numbers: Iterable[Number], part: Part) -> Times:
    minutes = {row.key: row.number for row in numbers if row.part is part}
    return Times(minutes.get(MEDIAN), minutes.get(P90))
