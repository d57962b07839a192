"""A kaart's folder as a set of files: read whole, staged beside, written back, kept as it was published."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import yaml

from api.settings import Settings
from sociale_kaart.phrasebook import PHRASEBOOK
from sociale_kaart.writer import put_file
from sociale_kaart.yaml12 import read_yaml

QUESTIONS = "questions.tsv"
SETTINGS = "kaart.yaml"
SINGLE = (SETTINGS, QUESTIONS, PHRASEBOOK)
FOLDERS = ("entries", "rules")
AUDIO = "audio"
Files = Mapping[str, bytes]
"""The files that make a kaart, by their path inside its folder."""


def digest(content: bytes) -> str:
    """What a form remembers of the file that it was made from."""
    return hashlib.sha256(content).hexdigest()[:16]


def read_files(folder: Path) -> dict[str, bytes]:
    """Every file that makes the kaart in `folder`."""
    paths = [folder / name for name in SINGLE]
    paths += sorted(path for name in FOLDERS for path in (folder / name).glob("**/*") if not path.name.startswith("."))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths if path.is_file()}


def entry_path(files: Files, entry_id: str) -> str | None:
    """Where an own entry stands among the files; None when it does not."""
    return next((path for path in files if path.startswith("entries/") and path.endswith(f"/{entry_id}.yaml")), None)


def differences(before: Files, after: Files) -> dict[str, tuple[bytes | None, bytes | None]]:
    """(before, after) of every file that is not the same in both."""
    paths = sorted(before.keys() | after.keys())
    return {path: (before.get(path), after.get(path)) for path in paths if before.get(path) != after.get(path)}


def _lend_audio(folder: Path, copy: Path) -> None:
    """Recordings are large and never edited here: the copy has the same ones."""
    if (folder / AUDIO).is_dir():
        (copy / AUDIO).symlink_to((folder / AUDIO).resolve(), target_is_directory=True)


@contextmanager
def staged(settings: Settings, folder: Path) -> Iterator[Path]:
    """A copy of the kaart's folder, with the shared one that it extends beside it; both go at the end, unless they are kept."""
    rooms = settings.data / "publishing"
    rooms.mkdir(parents=True, exist_ok=True)
    room = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=rooms))
    try:
        _copy(read_files(folder), room / folder.name)
        _lend_audio(folder, room / folder.name)
        shared = extended(folder)
        if shared:
            _copy(read_files(shared), room / shared.name)
            _lend_audio(shared, room / shared.name)
        yield room / folder.name
    finally:
        shutil.rmtree(room, ignore_errors=True)


def published(settings: Settings, folder: Path) -> Path:
    """Where the files stand that the current index was built from; not there before the first publication."""
    return settings.data / "published" / folder.name / folder.name


def keep_published(settings: Settings, copy: Path) -> None:
    """Remember this staged copy as what is published now."""
    kept = published(settings, copy).parent
    shutil.rmtree(kept, ignore_errors=True)
    kept.parent.mkdir(parents=True, exist_ok=True)
    copy.parent.rename(kept)


def remember(settings: Settings, folder: Path) -> None:
    """Remember what stands in the folder as what is published now: an index was built from it."""
    with staged(settings, folder) as copy:
        keep_published(settings, copy)


def extended(folder: Path) -> Path | None:
    """The shared folder beside this one, if it takes over any. What cannot be read is for the loader to complain about."""
    try:
        name = read_yaml(folder / "kaart.yaml").get("extends")
    except (OSError, ValueError, AttributeError, yaml.YAMLError):
        return None
    return folder.parent / str(name) if name else None


def write(folder: Path, contents: Mapping[str, bytes | None]) -> None:
    """Put these contents in place (None: no file). When one cannot be written, those before it are put back: OSError."""
    undo: dict[str, bytes | None] = {}
    try:
        for path, content in contents.items():
            place = folder / path
            undo[path] = place.read_bytes() if place.exists() else None
            put_file(place, content)
    except OSError:
        for path, content in undo.items():
            put_file(folder / path, content)
        raise


def _copy(files: Files, target: Path) -> None:
    for path, content in files.items():
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
