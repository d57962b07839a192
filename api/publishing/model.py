"""What a publication is made of. Values only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from pydantic import BaseModel, ConfigDict, Field

ENTRIES = "entries"


class Value(BaseModel):
    """Base of what is stored as JSON."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FileChange(Value):
    """The whole text of one file; None: the file was not there, or is not there any more."""

    before: str | None
    after: str | None


class Worse(Value):
    """A question that was answered rightly and would not be any more. Ids of entries: those that were right, those shown."""

    language: str
    question: str
    wanted: tuple[str, ...]
    got: tuple[str, ...] = Field(description="Empty: a person takes over.")


class GateReport(Value):
    """What the gate looked at before a publication."""

    rebuilt: bool = Field(False, description="Whether anything that search reads changed; if not, nothing was asked.")
    calibrated: bool = Field(False, description="Whether the calibration was fitted anew, because too much had changed.")
    question_set: bool = Field(False, description="Whether the kaart has a question set.")
    compared: bool = Field(False, description="Whether there was a usable index to compare with.")
    questions: int = Field(0, description="How many questions were asked.")
    right: int = Field(0, description="How many of them were answered rightly.")
    better: int = Field(0, description="How many were not answered rightly before.")


@dataclass(frozen=True)
class Mistake:
    """Why a file of the kaart is refused; `field` is a dotted path, `file` a path inside the kaart's folder."""

    file: str
    line: int
    field: str
    why: str

    @property
    def entry_id(self) -> str | None:
        """The own entry that it is about, if it is about one."""
        return entry_of(self.file)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.why}"


@dataclass(frozen=True)
class Publication:
    """One publication, as it is recorded; `files` by their path inside the kaart's folder."""

    id: int
    town: str
    at: dt.datetime
    by: str
    note: str
    files: Mapping[str, FileChange]
    gate: GateReport
    commit: str | None
    """The git commit; None where the kaart is no git checkout, or git refused."""
    undoes: int | None
    """The publication that this one took back."""
    undone: bool
    """Whether a later one took this one back."""

    @property
    def entries(self) -> tuple[str, ...]:
        """Ids of the entries that changed."""
        return tuple(id for path in self.files if (id := entry_of(path)))


def entry_of(path: str) -> str | None:
    """The id of the entry that stands in this file of the kaart's folder; None for settings and rules."""
    file = PurePosixPath(path)
    return file.stem if file.parts[0] == ENTRIES and file.suffix == ".yaml" else None
