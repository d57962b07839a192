"""Why a publication did not happen; the kaart, the index and the history are then as they were.

ApiError
├── EntryMissing     404  the kaart has no such entry
├── EntryShared      403  the entry is taken over from the shared ones: it is edited there
├── EntryExists      409  a new entry with an id that is taken
├── EntryChanged     409  somebody changed the file since it was read: `by` (None: outside the desk) and `at` say who and when
├── SettingsChanged  409  somebody changed kaart.yaml since it was read
├── NothingChanged   422  the changes leave every file as it is
├── KaartRefused     422  the kaart would not be valid: `problems`
├── GateRefused      409  questions that were answered rightly would not be any more: `worse`
├── NothingToUndo    409  there is no such publication, or it was taken back already
├── ChangedSince     409  a file is not as the publication left it: taking it back would lose what came after
└── NotWritten       500  a file could not be written; what was written before is put back
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from api.errors import ApiError
from api.publishing.model import Mistake, Worse


class EntryMissing(ApiError):
    code, status, key = "entry_missing", 404, "error.not_found"


class EntryShared(ApiError):
    code, status, key = "entry_shared", 403, "error.expired"


class EntryExists(ApiError):
    code, status, key = "entry_exists", 409, "error.expired"


class EntryChanged(ApiError):
    """`entry_id` was changed at `at` by `by`; `by` is None when it was not at the desk."""

    code, status, key = "entry_changed", 409, "error.expired"

    def __init__(self, entry_id: str, by: str | None, at: dt.datetime) -> None:
        self.entry_id, self.by, self.at = entry_id, by, at
        super().__init__()


class SettingsChanged(ApiError):
    code, status, key = "settings_changed", 409, "error.expired"


class NothingChanged(ApiError):
    code, status, key = "nothing_changed", 422, "error.expired"


class KaartRefused(ApiError):
    """The kaart would not be valid."""

    code, status, key = "kaart_refused", 422, "error.expired"

    def __init__(self, problems: Sequence[Mistake]) -> None:
        self.problems = tuple(problems)
        super().__init__()


class GateRefused(ApiError):
    """Questions got worse."""

    code, status, key = "gate_refused", 409, "error.expired"

    def __init__(self, worse: Sequence[Worse]) -> None:
        self.worse = tuple(worse)
        super().__init__()


class NothingToUndo(ApiError):
    code, status, key = "nothing_to_undo", 409, "error.expired"


class ChangedSince(ApiError):
    """`files` are not as the publication left them."""

    code, status, key = "changed_since", 409, "error.expired"

    def __init__(self, files: Sequence[str]) -> None:
        self.files = tuple(files)
        super().__init__(files=", ".join(files))


class NotWritten(ApiError):
    code, status, key = "not_written", 500, "error.server"
