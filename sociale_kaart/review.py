"""Where each text stands: missing, outdated, made by a machine, draft or reviewed; and what changed in the Dutch since. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from sociale_kaart.schema import Entry, Text

ORIGINAL = "nl"
"""The language that each text is written in first."""
_PARTS = re.compile(r"\w+|\s+|[^\w\s]")


class Standing(StrEnum):
    """What is to be done about a text, the most urgent first."""

    MISSING = "missing"
    OUTDATED = "outdated"
    MACHINE = "machine"
    DRAFT = "draft"
    REVIEWED = "reviewed"


class Change(StrEnum):
    """What happened to a piece of a line."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Piece:
    """Some words of a line, and what happened to them."""

    change: Change
    words: str


@dataclass(frozen=True)
class Pair:
    """One line of a text beside its Dutch. `field` is its place: `name`, `answer.0`, `facts.cost`; None: not there."""

    field: str
    dutch: str | None
    words: str | None


def standing(entry: Entry, language: str) -> Standing:
    """Where the text in `language` stands. A reviewed text is outdated as well once its Dutch changed."""
    text = entry.texts.get(language)
    if text is None:
        return Standing.MISSING
    if text.source_hash is not None and text.source_hash != entry.texts[ORIGINAL].hash:
        return Standing.OUTDATED
    return Standing(text.review.state)


def counts(entries: Iterable[Entry], language: str) -> dict[Standing, int]:
    """How many texts stand where; every standing is there."""
    counted = Counter(standing(entry, language) for entry in entries)
    return {state: counted[state] for state in Standing}


def to_review(entries: Iterable[Entry], language: str) -> list[tuple[Entry, Standing]]:
    """The texts that nobody signed as they are now: outdated ones first, then a machine's, then drafts."""
    order = list(Standing)
    found = [(entry, standing(entry, language)) for entry in entries]
    open_ones = [(entry, state) for entry, state in found if state not in (Standing.MISSING, Standing.REVIEWED)]
    return sorted(open_ones, key=lambda item: (order.index(item[1]), item[0].id))


def beside(dutch: Text, text: Text | None) -> list[Pair]:
    """Every line of either text, the Dutch beside the other, in the order of reading."""
    left, right = dict(_lines(dutch)), dict(_lines(text)) if text else {}
    fields = [*left, *(field for field in right if field not in left)]
    return [Pair(field, left.get(field), right.get(field)) for field in sorted(fields, key=_place)]


def what_changed(then: Text, now: Text) -> list[tuple[str, list[Piece]]]:
    """Per line that differs its field and the words that went and came."""
    return [
        (line.field, differences(line.words or "", line.dutch or "")) for line in beside(now, then) if line.dutch != line.words
    ]


def differences(then: str, now: str) -> list[Piece]:
    """Two lines, word by word. The pieces that are not new make up `then`; those that are not gone make up `now`."""
    old, new = _PARTS.findall(then), _PARTS.findall(now)
    pieces: list[Piece] = []
    for tag, start, end, begin, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(Change.SAME, "".join(old[start:end])))
            continue
        pieces += [Piece(Change.GONE, "".join(old[start:end]))] if end > start else []
        pieces += [Piece(Change.NEW, "".join(new[begin:stop]))] if stop > begin else []
    return pieces


def _lines(text: Text) -> Iterator[tuple[str, str]]:
    """What a newcomer reads, line by line with its place."""
    yield "name", text.name
    yield "summary", text.summary
    for field, lines in (("answer", text.answer), ("steps", text.steps)):
        yield from ((f"{field}.{place}", line) for place, line in enumerate(lines))
    for field, said in (("facts", text.facts.model_dump(exclude_none=True)), ("for_status", text.for_status)):
        yield from ((f"{field}.{name}", line) for name, line in said.items())


_ORDER = ("name", "summary", "answer", "steps", "facts", "for_status")


def _place(field: str) -> tuple[int, int]:
    """Sort key: part by part, and within a part by number; named lines keep the order that they came in."""
    part, _, rest = field.partition(".")
    return _ORDER.index(part), int(rest) if rest.isdecimal() else 0
