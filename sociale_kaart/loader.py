"""Reads a kaart folder: YAML with line numbers in, a `Kaart` or every problem at once out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, reduce
from pathlib import Path
from typing import TypeVar

import yaml
import yaml.reader
from pydantic import BaseModel, ValidationError

from sociale_kaart.audio import missing_audio
from sociale_kaart.checks import check_kaart
from sociale_kaart.errors import KaartInvalid, Problem
from sociale_kaart.kaart import Kaart
from sociale_kaart.municipality import Municipality, Shared
from sociale_kaart.phrasebook import PHRASEBOOK, Phrasebook, problems_of
from sociale_kaart.rules import Rule
from sociale_kaart.schema import Entry
from sociale_kaart.yaml12 import Yaml12Loader

Model = TypeVar("Model", bound=BaseModel)
Lines = Mapping[tuple[str, ...], int]
LARGEST, LONGEST_NAME = 1_000_000, 60
"""Bytes of a file that are read at all, and characters of a field's name that are shown."""

KEPT = 1024
"""Files that are not read again while their words stay the same: a publication changes one of a hundred."""


class Document:
    """One YAML file: its plain data and the line of each key path."""

    def __init__(self, path: Path, data: object, lines: Lines) -> None:
        self.path, self.data, self.lines = path, data, lines

    def line(self, field: tuple[str, ...]) -> int:
        """Line of `field`, or of its nearest parent that stands in the file."""
        while field and field not in self.lines:
            field = field[:-1]
        return self.lines.get(field, 1)

    def problem(self, field: tuple[str, ...], why: str) -> Problem:
        return Problem(str(self.path), self.line(field), _name(field) or "(file)", why)


def load_kaart(folder: Path) -> Kaart:
    """Load and check the kaart in `folder`.

    Raises:
        KaartInvalid: with every problem found, each naming file, line and field.
    """
    problems: list[Problem] = []
    municipality = read_model(folder / "kaart.yaml", Municipality, problems)
    entries = _with_audio(folder, read_models(folder / "entries", Entry, problems), problems)
    rules = read_models(folder / "rules", Rule, problems)
    if municipality is None:
        raise KaartInvalid(problems)
    if municipality[1].id != folder.name:
        problems.append(municipality[0].problem(("id",), f"must be the folder's name, {folder.name}"))
    settings, own = municipality[1], {entry.id for _, entry in entries}
    shared = _read_shared(folder.parent / settings.extends, problems) if settings.extends else None
    if shared:
        settings = settings.model_copy(update={"sources": shared[0].sources | settings.sources})
        entries += [(document, entry) for document, entry in shared[1] if entry.id not in own]
    book = _read_phrasebook(folder, settings, problems)
    kaart = Kaart(settings, tuple(entry for _, entry in entries), tuple(rule for _, rule in rules), frozenset(own), book)
    owners = {"kaart": municipality[0]} | {f"entry:{entry.id}": doc for doc, entry in entries}
    owners |= {f"rule:{rule.id}": doc for doc, rule in rules}
    refused = {Path(problem.file).stem for problem in problems}
    problems += [owners[owner].problem(field, why) for owner, field, why in check_kaart(kaart, refused)]
    if problems:
        raise KaartInvalid(problems)
    return kaart


def _read_shared(folder: Path, problems: list[Problem]) -> tuple[Shared, list[tuple[Document, Entry]]] | None:
    """What a kaart takes over from the folder that it extends."""
    settings = read_model(folder / "kaart.yaml", Shared, problems)
    entries = _with_audio(folder, read_models(folder / "entries", Entry, problems), problems)
    return (settings[1], entries) if settings else None


def _with_audio(folder: Path, entries: list[tuple[Document, Entry]], problems: list[Problem]) -> list[tuple[Document, Entry]]:
    """The same entries; recordings that are not in `folder` are added to `problems`."""
    problems += [document.problem(field, why) for document, entry in entries for field, why in missing_audio(folder, entry)]
    return entries


def _read_phrasebook(folder: Path, settings: Municipality, problems: list[Problem]) -> Phrasebook | None:
    """The kaart's own sentences over those that it takes over; None when there are none that can be read."""
    read: list[Phrasebook] = []
    for place in (folder, *([folder.parent / settings.extends] if settings.extends else [])):
        if not (place / PHRASEBOOK).exists() or (found := read_model(place / PHRASEBOOK, Phrasebook, problems)) is None:
            continue
        document, book = found
        lacking = [code for code in settings.languages if code not in book.languages]
        problems += [document.problem(("languages",), f"lacks {code}, a language of this kaart") for code in lacking]
        problems += [document.problem(field, why) for field, why in problems_of(book)]
        read.append(book)
    return reduce(lambda own, shared: own.over(shared), read) if read else None


def read_models(folder: Path, model: type[Model], problems: list[Problem]) -> list[tuple[Document, Model]]:
    """Every file of a folder as a `model`; what cannot be read is added to `problems`."""
    read: dict[str, tuple[Document, Model]] = {}
    for path in sorted(path for path in folder.glob("**/*") if not path.name.startswith(".")):
        if path.is_dir() and not path.is_symlink():
            continue
        if not path.is_file():
            problems.append(Problem(str(path), 1, "(file)", "is not read: it is neither a file nor a folder"))
        elif path.suffix != ".yaml":
            problems.append(Problem(str(path), 1, "(file)", "is not read: a name here ends in .yaml"))
        elif found := read_model(path, model, problems):
            document, id = found[0], getattr(found[1], "id", "")
            if path.stem != id:
                problems.append(document.problem(("id",), f"must be the file's name, {path.stem}"))
            if id in read:
                problems.append(document.problem(("id",), f"is also the id of {read[id][0].path}"))
            else:
                read[id] = found
    return list(read.values())


def read_model(path: Path, model: type[Model], problems: list[Problem]) -> tuple[Document, Model] | None:
    """One file as a `model`; None when it cannot be read, and why in `problems`."""
    document = _parse(path, problems)
    if document is None:
        return None
    try:
        return document, model.model_validate(document.data)
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=False):
            field = tuple(str(part) for part in detail["loc"])
            problems.append(document.problem(field, detail["msg"]))
        return None


def _parse(path: Path, problems: list[Problem]) -> Document | None:
    try:
        text = _text(path)
        data, lines, repeated = _composed(text)
    except _NotText as error:
        problems.append(Problem(str(path), error.line, "(file)", error.why))
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        problems.append(
            Problem(str(path), line, "(file)", f"holds the character U+{error.character:04X}, which is not read here")
        )
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problems.append(Problem(str(path), line, "(file)", f"is not valid YAML: {error.problem}"))
    else:
        problems += [Problem(str(path), line, _name(field), "stands here twice") for field, line in repeated]
        return Document(path, data, lines)
    return None


class _NotText(Exception):
    """A file that is not there, or no text."""

    def __init__(self, why: str, line: int = 1) -> None:
        self.why, self.line = why, line


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise _NotText(f"is larger than {LARGEST:,} bytes")
        content = path.read_bytes()
        return content.decode("utf-8-sig")
    except FileNotFoundError:
        raise _NotText("is missing") from None
    except OSError as error:
        raise _NotText(f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise _NotText("is not UTF-8 text", content.count(b"\n", 0, error.start) + 1) from None


def _name(field: tuple[str, ...]) -> str:
    """The field as it is shown: `texts.nl.name`."""
    return ".".join(part if len(part) <= LONGEST_NAME else f"{part[:LONGEST_NAME]}…" for part in field)


@lru_cache(maxsize=KEPT)
def _composed(text: str) -> tuple[object, Lines, Sequence[tuple[tuple[str, ...], int]]]:
    """Data of a file, the line of every field, and what stands twice. YAMLError when it is no YAML."""
    lines: dict[tuple[str, ...], int] = {}
    node = yaml.compose(text, Loader=Yaml12Loader)
    repeated = list(_walk(node, (), lines))
    return None if node is None else Yaml12Loader("").construct_document(node), lines, repeated


def _walk(
    node: yaml.Node | None, field: tuple[str, ...], lines: dict[tuple[str, ...], int]
) -> Iterator[tuple[tuple[str, ...], int]]:
    """Fill `lines` with the line of every key and item; yield keys that stand twice in one mapping."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            path = (*field, str(key.value))
            if path in lines:
                yield path, key.start_mark.line + 1
            lines[path] = key.start_mark.line + 1
            yield from _walk(value, path, lines)
    elif isinstance(node, yaml.SequenceNode):
        for position, item in enumerate(node.value):
            path = (*field, str(position))
            lines[path] = item.start_mark.line + 1
            yield from _walk(item, path, lines)
