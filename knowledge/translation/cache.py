"""Translations that were made before, in a SQLite file: the same text through the same packages is translated once.

Only texts of the kaart belong here; what people write is never kept.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from knowledge.translation.errors import TranslationError

_TABLE = "CREATE TABLE IF NOT EXISTS translation (key TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID"


def cache_key(text: str, versions: Iterable[str]) -> str:
    """SHA-256 over the text and everything that the translation depends on."""
    return hashlib.sha256(json.dumps([text, *versions], ensure_ascii=False).encode()).hexdigest()


class Cache:
    """One file; opened per use, so any thread or process may share it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, key: str) -> str | None:
        """The translation under `key`, or None."""
        if not self._path.exists():
            return None
        rows = self._run("SELECT text FROM translation WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else None

    def put(self, key: str, text: str) -> None:
        """Keep a translation under `key`."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._run("INSERT OR REPLACE INTO translation VALUES (?, ?)", (key, text))

    def __len__(self) -> int:
        return len(self._run("SELECT key FROM translation")) if self._path.exists() else 0

    def _run(self, statement: str, values: tuple[str, ...] = ()) -> list[tuple[object, ...]]:
        try:
            with closing(sqlite3.connect(self._path, timeout=30)) as connection, connection:
                connection.execute(_TABLE)
                return connection.execute(statement, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise TranslationError(f"{self._path} cannot be used ({error}); it may be deleted") from None
