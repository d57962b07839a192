"""Makes the folder of a new kaart out of a file. Nothing appears in its place before everything is written."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from sociale_kaart.drafts import load_unfinished
from sociale_kaart.importing.draft import Draft
from sociale_kaart.importing.entries import SOURCE, entries_of
from sociale_kaart.importing.hsds import read_hsds
from sociale_kaart.importing.report import ImportRefused, Loss, Report
from sociale_kaart.importing.rows import drafts_of
from sociale_kaart.municipality import Municipality
from sociale_kaart.schema import Entry, Theme
from sociale_kaart.table import TableRefused, read_csv
from sociale_kaart.writer import write_atomically
from sociale_kaart.yaml12 import Yaml12Loader

SHARED = "landelijk"
"""Folder of the national entries: a new kaart takes them over when it stands beside it."""
DESK = "het informatiepunt"
_TEXT = "tag:yaml.org,2002:str"


@dataclass(frozen=True)
class NewKaart:
    """What a new kaart is called, and what people read about where its facts come from."""

    id: str
    name: str
    source: str
    theme: Theme | None = None
    """Life area of records that name none of ours; None: these are left out."""


def import_file(content: bytes, new: NewKaart, parent: Path, today: dt.date) -> Report:
    """Read HSDS (JSON, or a service a line) or CSV, and write it as the kaart `parent`/`new.id`.

    Raises:
        ImportRefused: the file cannot be read, no record can become an entry, or the folder is there already.
    """
    folder, settings = parent / new.id, _settings(new, parent, today)
    town = _municipality(settings)
    if folder.exists():
        raise ImportRefused(f"{new.id} is there already: nothing is written over it")
    drafts, others = _drafts(content)
    aside = Path(tempfile.mkdtemp(prefix=f".{new.id}.", dir=parent))
    try:
        (aside / "entries").mkdir()
        _write(aside / "kaart.yaml", settings)
        entries, losses = entries_of(drafts, town, load_unfinished(aside).entries, new.theme, today)
        report = Report(len(drafts), len(entries), (*others, *losses))
        if not entries:
            raise ImportRefused(f"no record can become an entry\n{report.as_text()}")
        for entry in entries:
            _write(aside / "entries" / f"{entry.id}.yaml", _plain(entry))
        aside.chmod(0o755)
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return report


def _drafts(content: bytes) -> tuple[list[Draft], list[Loss]]:
    try:
        text = content.decode("utf-8-sig")
        if text.lstrip()[:1] in ("[", "{"):
            return read_hsds(text), []
        return drafts_of(read_csv(text))
    except UnicodeDecodeError as error:
        raise ImportRefused(f"line {content.count(10, 0, error.start) + 1}: is not UTF-8 text") from None
    except TableRefused as error:
        raise ImportRefused(str(error)) from None


def _settings(new: NewKaart, parent: Path, today: dt.date) -> dict[str, Any]:
    shared = {"extends": SHARED} if (parent / SHARED / "kaart.yaml").is_file() else {}
    return {
        "id": new.id,
        "name": new.name,
        "languages": ["nl"],
        **shared,
        "minimum_questions": 0,
        "desk": {"name": {"nl": DESK}},
        "sources": {SOURCE: {"title": new.source, "date": today.isoformat()}},
    }


def _municipality(settings: dict[str, Any]) -> Municipality:
    try:
        return Municipality.model_validate(settings)
    except ValidationError as error:
        wrong = [
            f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors(include_url=False, include_input=False)
        ]
        raise ImportRefused("; ".join(wrong)) from None


def _plain(entry: Entry) -> dict[str, Any]:
    values = entry.model_dump(mode="json", exclude_defaults=True)
    for block in values.get("schedules", ()):
        block |= {key: block[key][:5] for key in ("opens_at", "closes_at")}
    return values


def _write(path: Path, values: Mapping[str, Any]) -> None:
    write_atomically(path, CommentedMap(_quoted(values)))


def _quoted(value: Any) -> Any:
    """Quotes around a text that would be read back as something else."""
    if isinstance(value, Mapping):
        return {key: _quoted(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_quoted(one) for one in value]
    return DoubleQuotedScalarString(value) if isinstance(value, str) and not _reads_as_text(value) else value


def _reads_as_text(value: str) -> bool:
    tag = Yaml12Loader("").resolve(yaml.ScalarNode, value, (True, False))  # type: ignore[no-untyped-call]  # the stubs leave it bare
    return bool(tag == _TEXT)
