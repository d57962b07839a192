"""Question variants: how people ask for an entry, written by hand beside the example questions of the kaart.

They are data of this folder, not of the kaart: the encoder learns from them and search compares with them, but nobody reads them
as an answer. One file per kaart and language, `variants/<kaart>/<language>.tsv`, tab-separated, with the header
`entry style against text`. A style says how it is asked:

- `short`: a few words. `full`: a sentence. `story`: what happened to someone, without the name of a service.
- `noisy`: typos, spoken spelling. `learner`: few words, wrong grammar. `mixed`: with Dutch terms. `romanised`: in Latin letters.
- `near`: worded as closely as possible to the neighbour `against`, yet about `entry`.

An editor sees the example questions of the kaart and not these. So `beside.txt` remembers which Dutch example questions an entry
had when its variants were written: once most of those are gone, the entry has become another one, and its variants rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from knowledge.errors import VariantsInvalid

FOLDER: Final = Path(__file__).parent / "variants"
STYLES: Final = ("short", "full", "story", "noisy", "learner", "mixed", "romanised", "near")
COLUMNS: Final = ("entry", "style", "against", "text")
BESIDE: Final = "beside.txt"
STILL_THERE: Final = 0.5
"""Share of the remembered example questions that an entry must still have."""


@dataclass(frozen=True)
class Variant:
    """One question about one entry. `against` is the neighbour of a `near` question, and empty otherwise."""

    entry_id: str
    language: str
    style: str
    against: str
    text: str


@cache
def read_variants(kaart: str, folder: Path = FOLDER) -> tuple[Variant, ...]:
    """All variants of the kaart with this id, none when nobody wrote any.

    Raises:
        VariantsInvalid: a row cannot be used; the message names file, line and column.
    """
    return tuple(variant for path in sorted((folder / kaart).glob("*.tsv")) for variant in _read(path))


@cache
def read_beside(kaart: str, folder: Path = FOLDER) -> Mapping[str, frozenset[str]]:
    """By entry, the marks of the example questions that its variants were written beside; none where nobody remembers."""
    path = folder / kaart / BESIDE
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {entry: frozenset(marks) for entry, *marks in map(str.split, lines)}


def fits(remembered: Collection[str], questions: Iterable[str]) -> bool:
    """Whether an entry with these example questions is still the one that the variants were written for."""
    there = {mark(question) for question in questions}
    return len(there.intersection(remembered)) >= STILL_THERE * len(remembered)


def mark(question: str) -> str:
    """Eight hexadecimal digits by which a question is known again."""
    return hashlib.sha256(question.casefold().encode()).hexdigest()[:8]


def _read(path: Path) -> Iterator[Variant]:
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    if tuple(header.split("\t")) != COLUMNS:
        raise VariantsInvalid(f"{path}:1: header: must be {' '.join(COLUMNS)}, with tabs between")
    for number, line in enumerate(lines, 2):
        cells = line.split("\t")
        if len(cells) != len(COLUMNS) or not cells[0] or not cells[3].strip():
            raise VariantsInvalid(f"{path}:{number}: text: a row needs {len(COLUMNS)} columns, with an entry and a text")
        entry, style, against, text = cells
        if style not in STYLES:
            raise VariantsInvalid(f"{path}:{number}: style: {style!r} is none of {', '.join(STYLES)}")
        if bool(against) != (style == "near"):
            raise VariantsInvalid(f"{path}:{number}: against: a 'near' question names its neighbour, and no other does")
        yield Variant(entry, path.stem, style, against, text.strip())
