"""Recordings of entries: files in the folder `audio` beside `entries`, named per language by the entry."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sociale_kaart.kaart import Kaart
from sociale_kaart.schema import Entry

AUDIO_TYPES: Final = {".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".opus": "audio/ogg"}
"""The media type of each kind of file."""


def audio_file(folder: Path, kaart: Kaart, entry_id: str, language: str) -> Path | None:
    """The recording of an entry of the kaart in `folder`, or None. That of a shared entry lies beside the shared entries."""
    entry = kaart.find(entry_id)
    name = entry.audio.get(language) if entry else None
    place = folder if kaart.is_own(entry_id) else folder.parent / str(kaart.municipality.extends)
    return place / name if name and (place / name).is_file() else None


def missing_audio(folder: Path, entry: Entry) -> Iterator[tuple[tuple[str, ...], str]]:
    """Field and reason of every recording that is not there."""
    for code, name in entry.audio.items():
        if code not in entry.texts:
            yield ("audio", code), "has no text beside it: what is said must be there to read"
        if not (folder / name).is_file():
            yield ("audio", code), f"names {name}, which is not in {folder.name}/"
