"""The counts as a file: one row for each number, CSV or JSON. Holds no words of anybody. Pure."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator, Mapping, Sequence

from api.signals.counting import Number, Part
from api.signals.suppression import TOGETHER

COLUMNS = ("town", "week", "part", "key", "number", "unit")
Weeks = Mapping[dt.date, Sequence[Number]]


def as_csv(town: str, weeks: Weeks, fewest: int) -> str:
    """One row for each number; `< 5` where there were people, but fewer than may be shown."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    for row in _rows(town, weeks):
        table.writerow([f"< {fewest}" if value is None else value for value in row])
    return text.getvalue()


def as_json(town: str, weeks: Weeks, fewest: int) -> str:
    """The same rows; null where there were people, but fewer than `fewest`."""
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in _rows(town, weeks)]
    return json.dumps({"fewest": fewest, "rows": rows}, ensure_ascii=False, indent=1) + "\n"


def _rows(town: str, weeks: Weeks) -> Iterator[tuple[str, str, str, str, int | None, str]]:
    for week, numbers in weeks.items():
        for each in numbers:
            unit = "minutes" if each.part in (Part.WAITING, Part.HANDLING) else "people"
            key = "together" if each.key == TOGETHER else each.key
            yield town, week.isoformat(), each.part, key, each.number, unit
