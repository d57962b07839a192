"""Errors of the kaart.

KaartError
└── KaartInvalid   one or more problems, each with file, line and field
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in a kaart: where it stands and why it is refused."""

    file: str
    line: int
    field: str
    why: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.why}"


class KaartError(Exception):
    """Anything about the kaart that the caller can mend."""


class KaartInvalid(KaartError):
    """The kaart holds problems; all of them are listed at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))
