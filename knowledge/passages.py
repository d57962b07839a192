"""Passages: the pieces of text that search compares a question with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

PassageKind = Literal["name", "summary", "answer", "fact", "question"]
MOST_EXACT = 50_000
"""Up to so many passages a question is compared with every one of them, by meaning and by letters; beyond, with candidates."""
DEVELOPMENT_SHARE = 5
"""One question in so many is kept out of the encoder's training, to calibrate and to measure on."""


@dataclass(frozen=True)
class Passage:
    """One piece of text of one entry in one language. `style` is that of a question variant: see `knowledge/variants.py`."""

    entry_id: str
    language: str
    kind: PassageKind
    text: str
    style: str = ""

    @property
    def cell(self) -> str:
        """What goes to one side of the split together: an entry's variants of one style, in all languages; else equal words."""
        return f"{self.entry_id} {self.style}" if self.style else self.text.casefold()

    @property
    def development(self) -> bool:
        """Whether the passage is kept out of training: a fixed fifth of the questions, by hash of their cell."""
        return self.kind == "question" and _digest(self.cell)[0] % DEVELOPMENT_SHARE == 0


def checksum(passages: Iterable[Passage]) -> str:
    """12 hex digits over all passages, in order."""
    lines = (f"{p.entry_id}\t{p.language}\t{p.kind}\t{p.style}\t{p.text}\n" for p in passages)
    return _digest("".join(lines)).hex()[:12]


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
