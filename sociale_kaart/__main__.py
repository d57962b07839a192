"""`python -m sociale_kaart` writes the tables of fields in README.md again, from the schema's own descriptions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from sociale_kaart import municipality, phrasebook, rules, schema

README = Path(__file__).parent / "README.md"
START, END = "<!-- fields: written by `python -m sociale_kaart` -->", "<!-- end of fields -->"
PARTS: tuple[type[BaseModel], ...] = (
    schema.Entry, schema.Text, schema.Facts, schema.Audience, schema.Contact, schema.Location, schema.Schedule, schema.SourceRef,
    schema.Verified, schema.Review, municipality.Municipality, municipality.DeskHours, municipality.Owner, municipality.Homonym,
    municipality.Theme, municipality.Source, municipality.Shared, phrasebook.Phrasebook, phrasebook.Phrase, phrasebook.Said,
    rules.Rule, rules.Question, rules.Option, rules.Row, rules.Case,
)  # fmt: skip


def tables() -> str:
    """One table per part, in Markdown: name, whether it is needed, and what it holds."""
    return "\n\n".join(_table(part) for part in PARTS)


def with_tables(readme: str) -> str:
    """`readme` with the tables between their marks. ValueError when the marks are not there."""
    before, start, rest = readme.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise ValueError(f"README.md needs the lines {START} and {END}")
    return f"{before}{START}\n\n{tables()}\n\n{END}{after}"


def _table(part: type[BaseModel]) -> str:
    rows = [
        f"| `{name}` | {'yes' if field.is_required() else ''} | {_parts_in(field.annotation)}{field.description} |"
        for name, field in part.model_fields.items()
    ]
    title = f"#### {part.__name__}\n\n{(part.__doc__ or '').splitlines()[0]}"
    return "\n".join([title, "", "| field | needed | what it holds |", "|---|---|---|", *rows])


def _parts_in(annotation: Any) -> str:
    """Links to the parts that a field is made of."""
    found = [part for part in PARTS if part in _classes(annotation)]
    return "".join(f"[{part.__name__}](#{re.sub('[^a-z]', '', part.__name__.lower())}). " for part in found)


def _classes(annotation: Any) -> set[Any]:
    return {annotation}.union(*(_classes(inner) for inner in get_args(annotation)))


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text(encoding="utf-8")), encoding="utf-8")
