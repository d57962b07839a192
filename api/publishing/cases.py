"""Questions for the question set of a town: each is asked before every publication from then on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from api.publishing.errors import KaartRefused
from api.publishing.folder import QUESTIONS
from api.publishing.model import Mistake
from api.publishing.workshop import Edit
from knowledge.evaluation import COLUMNS
from sociale_kaart.writer import put_file

MADE = "signaal"
"""How the number of a question begins that was made here."""


@dataclass(frozen=True)
class Case:
    """A question, and the entry that answers it."""

    language: str
    text: str
    entry_id: str


def asking(cases: Sequence[Case], edit: Edit) -> Edit:
    """`edit`, and then these questions at the end of the question set; one that stands there in that language is not added again.

    What stands in the file stays as it is, byte for byte. KaartRefused when a question stands there for other entries.
    """

    def both(copy: Path) -> None:
        edit(copy)
        if cases:
            _add(copy / QUESTIONS, cases)

    return both


def _add(path: Path, cases: Sequence[Case]) -> None:
    now = path.read_bytes() if path.exists() else "\t".join(COLUMNS).encode() + b"\n"
    rows = [line.rstrip("\r").split("\t") for line in now.decode("utf-8-sig", "replace").split("\n")]
    there = {(row[1], _plain(row[5])): (line, row[6]) for line, row in enumerate(rows, 1) if len(row) == len(COLUMNS)}
    new = []
    for case in dict.fromkeys(cases):
        line, ids = there.get((case.language, _plain(case.text)), (0, ""))
        if ids and case.entry_id not in ids.split(","):
            raise KaartRefused([Mistake(QUESTIONS, line, "text", f"is also a question of {ids}")])
        new += [] if line else [case]
    if new:
        end = b"" if now.endswith(b"\n") else b"\n"
        put_file(path, now + end + _lines(new, {row[0] for row in rows}).encode())


def _lines(cases: Sequence[Case], taken: set[str]) -> str:
    rows = zip(cases, _free(cases, taken), strict=True)
    cells = ([id, case.language, "in", "", MADE, " ".join(case.text.split()), case.entry_id, ""] for case, id in rows)
    return "".join("\t".join(row) + "\n" for row in cells)


def _free(cases: Sequence[Case], taken: set[str]) -> Iterator[str]:
    """A number for each that no other question has."""
    used = set(taken)
    for case in cases:
        stem, count = f"{MADE}-{case.entry_id}-{case.language}", 1
        while f"{stem}-{count}" in used:
            count += 1
        used.add(f"{stem}-{count}")
        yield f"{stem}-{count}"


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
