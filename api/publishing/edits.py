"""Changes of a staged kaart: documents altered, files put back. Each function makes what the workshop applies to the copy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from ruamel.yaml.comments import CommentedMap

from api.publishing.errors import ChangedSince, EntryExists, EntryMissing, EntryShared, NothingToUndo, SettingsChanged
from api.publishing.folder import SETTINGS, digest, entry_path, extended, read_files
from api.publishing.model import FileChange, Publication, entry_of
from api.publishing.workshop import Edit
from sociale_kaart.writer import edit as alter
from sociale_kaart.writer import put_file, write_atomically

Change = Callable[[CommentedMap], None]
"""Alters the round-trip document of one entry's file in place."""


def altering(changes: Mapping[str, Change]) -> Edit:
    """Change the documents of own entries; a document that stays the same leaves its file as it is, byte for byte."""

    def edit(copy: Path) -> None:
        for entry_id, change in changes.items():
            alter(copy / own_path(copy, entry_id), change)

    return edit


def configuring(change: Change, seen: str) -> Edit:
    """Change the settings of the kaart. SettingsChanged when they are not as they were `seen` (a digest)."""

    def edit(copy: Path) -> None:
        if digest((copy / SETTINGS).read_bytes()) != seen:
            raise SettingsChanged
        alter(copy / SETTINGS, change)

    return edit


def creating(entry_id: str, change: Change) -> Edit:
    """Write a new entry."""

    def edit(copy: Path) -> None:
        if entry_path(read_files(copy), entry_id) or _is_shared(copy, entry_id):
            raise EntryExists
        document = CommentedMap()
        change(document)
        write_atomically(copy / "entries" / f"{entry_id}.yaml", document)

    return edit


def taking_back(publication: Publication) -> Edit:
    """Put every file back to what it was. ChangedSince when one is not as the publication left it."""

    def edit(copy: Path) -> None:
        files = read_files(copy)
        other = [path for path, change in publication.files.items() if files.get(path) != _bytes(change.after)]
        if other:
            raise ChangedSince(other)
        _put_back(copy, publication.files)

    return edit


def restoring(publication: Publication, entry_id: str) -> Edit:
    """Put one entry back to what it was before. NothingToUndo when the publication did not change it, or made it."""
    before = {path: change for path, change in publication.files.items() if entry_of(path) == entry_id and change.before}

    def edit(copy: Path) -> None:
        if not before:
            raise NothingToUndo
        _put_back(copy, before)

    return edit


def own_path(folder: Path, entry_id: str) -> str:
    """Where an own entry stands in the kaart's folder. EntryShared or EntryMissing when it does not."""
    path = entry_path(read_files(folder), entry_id)
    if path is None:
        raise EntryShared if _is_shared(folder, entry_id) else EntryMissing
    return path


def _put_back(copy: Path, files: Mapping[str, FileChange]) -> None:
    for path, change in files.items():
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        put_file(copy / path, _bytes(change.before))


def _is_shared(folder: Path, entry_id: str) -> bool:
    shared = extended(folder)
    return shared is not None and entry_path(read_files(shared), entry_id) is not None


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode()
