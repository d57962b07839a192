"""What the encoder learns from: rows of parallel texts, and the texts of the kaart's entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml

from knowledge.passages import Passage, PassageKind
from knowledge.text import normalise
from knowledge.variants import read_variants

LANGUAGES = ("en", "nl", "ar", "uk", "ti")
HELD_OUT = "flores_dev_sib200"
"""The corpus that is never trained on: the development set."""

Rows = npt.NDArray[np.int32]
"""Text numbers [rows, languages], -1 where a language is missing."""


@dataclass
class Texts:
    """All distinct texts; a text's number is its place."""

    texts: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    _numbers: dict[tuple[str, str], int] = field(default_factory=dict)

    def number(self, language: str, text: str) -> int:
        """The number of a text, new or known; -1 for an empty one."""
        if not text:
            return -1
        number = self._numbers.setdefault((language, text), len(self.texts))
        if number == len(self.texts):
            self.texts.append(text)
            self.languages.append(language)
        return number


def read_rows(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """(corpus, texts by language) for every row of every `*.tsv` below the folder, in a fixed order."""
    for path in sorted(folder.rglob("*.tsv")):
        header, *lines = path.read_text(encoding="utf-8").splitlines()
        columns = header.split("\t")
        for line in lines:
            cells = dict(zip(columns, line.split("\t"), strict=False))
            yield path.stem, {language: cells[language] for language in LANGUAGES if cells.get(language)}


def split(rows: Iterable[tuple[str, dict[str, str]]], texts: Texts) -> tuple[Rows, Rows]:
    """(training rows, development rows); a training row that holds a development text is left out."""
    all_rows = list(rows)
    held_out = {normalise(text) for corpus, cells in all_rows if corpus == HELD_OUT for text in cells.values()}
    train: list[list[int]] = []
    development: list[list[int]] = []
    for corpus, cells in all_rows:
        if corpus == HELD_OUT or not any(normalise(text) in held_out for text in cells.values()):
            numbers = [texts.number(language, cells.get(language, "")) for language in LANGUAGES]
            (development if corpus == HELD_OUT else train).append(numbers)
    return _array(train), _array(development)


def _array(rows: list[list[int]]) -> Rows:
    return np.array(rows, dtype=np.int32).reshape(-1, len(LANGUAGES))


def read_kaart(folder: Path) -> list[Passage]:
    """Every text of every entry of a kaart (`entries/*.yaml`), read as plain YAML: training needs neither rules nor checks; and
    the question variants of that kaart."""
    written = [passage for path in sorted((folder / "entries").glob("*.yaml")) for passage in _entry(path)]
    asked = (Passage(each.entry_id, each.language, "question", each.text, each.style) for each in read_variants(folder.name))
    return [*written, *asked]


def _entry(path: Path) -> Iterator[Passage]:
    for language, text in yaml.safe_load(path.read_text(encoding="utf-8"))["texts"].items():
        pieces: dict[PassageKind, list[object]] = {
            "name": [text.get("name")],
            "summary": [text.get("summary")],
            "answer": [*(text.get("answer") or []), *(text.get("steps") or [])],
            "fact": [*(text.get("facts") or {}).values(), *(text.get("for_status") or {}).values()],
            "question": text.get("questions") or [],
        }
        yield from (
            Passage(path.stem, language, kind, text) for kind, found in pieces.items() for text in found if isinstance(text, str)
        )
