"""Reads a kaart folder: YAML with line numbers in, a `Kaart` or every problem at once out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from sociale_kaart.checks import check_kaart
from sociale_kaart.errors import KaartInvalid, Problem
from sociale_kaart.kaart import Kaart
from sociale_kaart.rules import Rule
from sociale_kaart.schema import Entry, Municipality

Model = TypeVar("Model", bound=BaseModel)
Lines = Mapping[tuple[str, ...], int]


class Yaml12Loader(yaml.SafeLoader):
    """SafeLoader with the booleans of YAML 1.2: `on`, `off`, `yes`, `no` are words here, as an editor expects."""


Yaml12Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Yaml12Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


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
        return Problem(str(self.path), self.line(field), ".".join(field) or "(file)", why)


def load_kaart(folder: Path) -> Kaart:
    """Load and check the kaart in `folder`.

    Raises:
        KaartInvalid: with every problem found, each naming file, line and field.
    """
    problems: list[Problem] = []
    municipality = _read(folder / "kaart.yaml", Municipality, problems)
    entries = dict(_read_all(folder / "entries", Entry, problems))
    rules = dict(_read_all(folder / "rules", Rule, problems))
    if municipality is None or problems:
        raise KaartInvalid(problems)
    kaart = Kaart(municipality[1], tuple(entry for _, entry in entries.values()), tuple(rule for _, rule in rules.values()))
    documents = {f"entry:{id}": doc for id, (doc, _) in entries.items()}
    documents |= {f"rule:{id}": doc for id, (doc, _) in rules.items()}
    problems += [documents[owner].problem(field, why) for owner, field, why in check_kaart(kaart)]
    if problems:
        raise KaartInvalid(problems)
    return kaart


def _read_all(folder: Path, model: type[Model], problems: list[Problem]) -> Iterator[tuple[str, tuple[Document, Model]]]:
    for path in sorted(folder.glob("**/*.yaml")):
        read = _read(path, model, problems)
        if read is None:
            continue
        document, value = read
        if path.stem != getattr(value, "id", path.stem):
            problems.append(document.problem(("id",), f"must be the file's name, {path.stem}"))
        yield path.stem, (document, value)


def _read(path: Path, model: type[Model], problems: list[Problem]) -> tuple[Document, Model] | None:
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
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=Yaml12Loader)
    except FileNotFoundError:
        problems.append(Problem(str(path), 1, "(file)", "is missing"))
        return None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        why = getattr(error, "problem", None) or "is not UTF-8 text"
        problems.append(Problem(str(path), mark.line + 1 if mark else 1, "(file)", f"is not valid YAML: {why}"))
        return None
    lines: dict[tuple[str, ...], int] = {}
    repeated = list(_walk(node, (), lines))
    document = Document(path, _construct(node), lines)
    problems += [Problem(str(path), line, ".".join(field), "stands here twice") for field, line in repeated]
    return document


def _construct(node: yaml.Node | None) -> Any:
    loader = Yaml12Loader("")
    return None if node is None else loader.construct_document(node)


def _walk(node: yaml.Node | None, field: tuple[str, ...], lines: dict[tuple[str, ...], int]) -> Iterator[tuple[tuple[str, ...], int]]:
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
