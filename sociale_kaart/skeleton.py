"""The folder of a new kaart: settings to fill in, one example entry and an empty question set. It passes `kaart check`."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path
from string import Template
from typing import Any

from pydantic import TypeAdapter, ValidationError

from sociale_kaart.errors import KaartError
from sociale_kaart.schema import Text
from sociale_kaart.values import Line, Slug
from sociale_kaart.yaml12 import UNSEEN, read_yaml

TEMPLATES = Path(__file__).parent / "skeleton"
SHARED = "landelijk"
"""Folder of the national entries: a new kaart takes them over when it stands beside it."""
EXAMPLE = "voorbeeld"


class SkeletonRefused(KaartError):
    """No kaart of this name can be made here; the message says why."""


def make_skeleton(parent: Path, id: str, name: str, today: dt.date, taken: Collection[str] = ()) -> Path:
    """Make `parent`/`id`, the kaart of the municipality `name`, and give its folder. It is there whole or not at all.

    `taken` are names that mean something else already.

    Raises:
        SkeletonRefused: the name cannot be used or the folder is there already, or nothing can be written.
    """
    folder = parent / id
    _refuse(folder, id, name, taken)
    files = skeleton(id, name, today, (parent / SHARED / "kaart.yaml").is_file())
    try:
        aside = Path(tempfile.mkdtemp(prefix=f".{id}.", dir=parent))
        try:
            for path, content in files.items():
                (aside / path).parent.mkdir(exist_ok=True)
                (aside / path).write_text(content, encoding="utf-8")
            aside.chmod(0o755)
            aside.rename(folder)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise SkeletonRefused(f"{folder} cannot be made: {error.strerror}") from None
    return folder


def skeleton(id: str, name: str, today: dt.date, shared: bool) -> Mapping[str, str]:
    """Path in the folder to content; with `shared`, the kaart takes over the national entries."""
    extends = "extends" if shared else "# That folder does not stand beside this one, so it is left out. extends"
    dutch = Text.model_validate(read_yaml(TEMPLATES / f"{EXAMPLE}.yaml")["texts"]["nl"]).hash
    values = {
        "id": id,
        "name": json.dumps(name, ensure_ascii=False),
        "today": today.isoformat(),
        "extends": extends,
        "dutch": dutch,
    }
    return {
        path: Template((TEMPLATES / Path(path).name).read_text(encoding="utf-8")).substitute(values)
        for path in ("kaart.yaml", f"entries/{EXAMPLE}.yaml", "questions.tsv")
    }


def _refuse(folder: Path, id: str, name: str, taken: Collection[str]) -> None:
    if not _fits(Slug, id):
        raise SkeletonRefused(f"{id!r} cannot be a name: at most 60 small letters and digits, with hyphens between them")
    if id in taken:
        raise SkeletonRefused(f"{id} cannot be a name: it is a part of an address already")
    if not _fits(Line, name) or UNSEEN.search(name):
        raise SkeletonRefused("the name of the municipality must be one line of text")
    if folder.exists():
        raise SkeletonRefused(f"{folder} is there already: nothing is written over it")


def _fits(kind: Any, value: str) -> bool:
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True
