"""A new kaart made out of a file, and what was lost on the way."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from sociale_kaart.importing.folder import NewKaart, import_file
from sociale_kaart.importing.report import Report
from sociale_kaart.kaart import Kaart
from sociale_kaart.loader import load_kaart
from sociale_kaart.schema import Entry, Theme

TODAY = dt.date(2026, 11, 22)


class Importer:
    """Imports into an empty folder; what it made has always passed the checks of the kaart."""

    def __init__(self, parent: Path) -> None:
        self.parent, self.made = parent, 0

    def file(self, content: bytes, theme: Theme | None = Theme.PARTICIPATION, today: dt.date = TODAY) -> tuple[Kaart, Report]:
        self.made += 1
        new = NewKaart(f"dorp-{self.made}", "Dorp", "Een bestand", theme)
        report = import_file(content, new, self.parent, today)
        kaart = load_kaart(self.parent / new.id)
        assert len(kaart.entries) == report.entries
        return kaart, report

    def hsds(self, services: Sequence[Any], **options: Any) -> tuple[Kaart, Report]:
        return self.file(json.dumps(services).encode(), **options)

    def one(self, service: dict[str, Any], **options: Any) -> tuple[Entry, dict[str, str]]:
        """The entry that one service becomes, and why each field was lost."""
        kaart, report = self.hsds([service], **options)
        return kaart.entries[0], {loss.field: loss.why for loss in report.dropped}

    def rows(self, content: str, **options: Any) -> tuple[Kaart, Report]:
        return self.file(content.encode(), **options)


@pytest.fixture
def importer(tmp_path: Path) -> Importer:
    return Importer(tmp_path)
