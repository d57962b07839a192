"""What the desk and owners change in the kaart: each function gives a change for the publisher, checked when it is written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from ruamel.yaml.comments import CommentedMap

from api.freshness.errors import TextChanged
from api.publishing.edits import Change
from sociale_kaart.review import ORIGINAL
from sociale_kaart.schema import Entry
from sociale_kaart.signing import doubt, hash_of, sign, verify


@dataclass(frozen=True)
class Seen:
    """What a reviewer had before them: hashes of the text and of its Dutch."""

    text: str
    dutch: str


def seen_in(entry: Entry, language: str) -> Seen:
    """The hashes of the texts as they are shown now. KeyError when there is no text in `language`."""
    return Seen(entry.texts[language].hash, entry.texts[ORIGINAL].hash)


def compared(on: dt.date, by: str, against: str) -> Change:
    """The facts were compared on this day by someone in the role `by`, with `against`: `source` or `organisation`."""
    return lambda document: verify(document, on, by, against)


def signed(language: str, by: str, on: dt.date, seen: Seen) -> Change:
    """A reviewer signs a text as they saw it. TextChanged when it, or its Dutch, is another one by now."""

    def change(document: CommentedMap) -> None:
        _check(document, language, seen)
        sign(document, language, by, on)

    return change


def doubted(language: str, note: str, seen: Seen) -> Change:
    """A reviewer says what is not right about a text as they saw it. TextChanged as in `signed`."""

    def change(document: CommentedMap) -> None:
        _check(document, language, seen)
        doubt(document, language, note)

    return change


def _check(document: CommentedMap, language: str, seen: Seen) -> None:
    if Seen(hash_of(document, language), hash_of(document, ORIGINAL)) != seen:
        raise TextChanged
