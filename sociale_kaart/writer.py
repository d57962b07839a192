"""Writes YAML files of the kaart and keeps what people wrote around the data: comments, order, quotes, long lines."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, PlainScalarString

from sociale_kaart.errors import KaartInvalid, Problem
from sociale_kaart.schema import Text
from sociale_kaart.yaml12 import Yaml12Loader

_WIDEST = 1_000_000  # a line stays one line


def read_document(path: Path) -> CommentedMap:
    """The file as a mapping that still knows its comments and layout.

    Raises:
        KaartInvalid: the file is missing, is not UTF-8 or YAML, or holds no mapping.
    """
    return _parse(path, _content(path))


def write_atomically(path: Path, document: CommentedMap) -> None:
    """Put `document` in the place of the file: readers see the old file or the whole new one, also after a power cut."""
    _replace(path, _dump(document))


def put_file(place: Path, content: bytes | None) -> None:
    """Put `content` in the place of the file, as `write_atomically` does with a document; None removes it."""
    target = place.resolve()  # through a link, so that the link stays
    if content is None:
        place.unlink(missing_ok=True)
    else:
        _swap(target, content)
    _sync_folder(target.parent)


def _swap(target: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, name)
        else:
            os.chmod(name, 0o644)
        os.replace(name, target)
    finally:
        Path(name).unlink(missing_ok=True)


def _replace(path: Path, text: str) -> None:
    if _as_read(text) is None:
        raise _refused(path, 1, "would not be readable any more: nothing is written")
    put_file(path, text.encode())


def edit(path: Path, change: Callable[[CommentedMap], None]) -> None:
    """Read the file, let `change` alter the document in place, write it back; lines that hold no change stay as they are.

    Raises:
        KaartInvalid: the file cannot be read, or someone else changed it meanwhile; nothing is written then.
    """
    content = _content(path)
    document = _parse(path, content)
    before = _dump(document)
    change(document)
    after = _merged(content.decode("utf-8-sig"), before, _dump(document))
    if _content(path) != content:
        raise _refused(path, 1, "was changed by someone else meanwhile: nothing is written")
    if after.encode() != content:
        _replace(path, after)


def put_text(document: CommentedMap, language: str, text: Text, order: Sequence[str]) -> None:
    """Set `texts.<language>` of an entry's document, in the place that `order` of the languages gives it.

    What is the same already is left as it stands, with its comments.
    """
    texts = document["texts"]
    if language not in texts:
        later = set(order[order.index(language) + 1 :]) if language in order else set()
        place = next((position for position, code in enumerate(texts) if code in later), len(texts))
        texts.insert(place, language, CommentedMap())
    _update(texts[language], text.model_dump(mode="json", exclude_defaults=True))


def _update(node: CommentedMap, values: dict[str, Any]) -> None:
    for key in [key for key in node if key not in values]:
        del node[key]
    for key, value in values.items():
        if key in node and _plain(node[key]) == value:
            continue
        node[key] = _flow(value) if key == "review" else value


def _plain(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _plain(value) for key, value in node.items()}
    return [_plain(value) for value in node] if isinstance(node, list) else node


def _flow(values: dict[str, Any]) -> CommentedMap:
    node = CommentedMap(values)
    node.fa.set_flow_style()
    return node


def _yaml() -> YAML:
    settings = YAML(typ="rt")
    settings.preserve_quotes = True
    settings.width = _WIDEST
    settings.indent(mapping=2, sequence=4, offset=2)
    return settings


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise _refused(path, 1, "is missing") from None


def _parse(path: Path, content: bytes) -> CommentedMap:
    try:
        document = _yaml().load(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _refused(path, content.count(b"\n", 0, error.start) + 1, "is not UTF-8 text") from None
    except YAMLError as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        raise _refused(path, mark.line + 1 if mark else 1, "is not valid YAML") from None
    if not isinstance(document, CommentedMap):
        raise _refused(path, 1, "holds no fields")
    return document


def _dump(document: CommentedMap) -> str:
    _quote_in_flow(document, False)
    text = io.StringIO()
    _yaml().dump(document, text)
    return text.getvalue()


def _quote_in_flow(node: Any, inside: bool) -> None:
    """Put quotes around a text with a question mark between brackets: PyYAML, which reads the kaart, refuses it there."""
    if not isinstance(node, CommentedMap | CommentedSeq):
        return
    inside = inside or bool(node.fa.flow_style())
    for key, value in list(node.items() if isinstance(node, CommentedMap) else enumerate(node)):
        if inside and isinstance(value, str) and "?" in value and type(value) in (str, PlainScalarString):
            node[key] = DoubleQuotedScalarString(value)
        _quote_in_flow(value, inside)


def _merged(original: str, before: str, after: str) -> str:
    """`after`, with the lines of `original` wherever `before` and `after` agree: a list over several lines keeps its lines."""
    if original == before:
        return after
    old, plain, new = (text.splitlines(keepends=True) for text in (original, before, after))
    kept = SequenceMatcher(None, plain, old, autojunk=False).get_opcodes()
    merged: list[str] = []
    for what, start, end, other_start, other_end in SequenceMatcher(None, plain, new, autojunk=False).get_opcodes():
        if what == "equal":
            merged += old[_place(kept, start, first=True) : _place(kept, end, first=False)]
        else:
            merged += new[other_start:other_end]
    text = "".join(merged)
    return text if _as_read(text) == _as_read(after) else after


def _place(kept: Sequence[tuple[str, int, int, int, int]], line: int, *, first: bool) -> int:
    """The line of the original for a line of its dump: exact where they agree, else the edge of the part that differs."""
    for what, start, end, old_start, old_end in kept if first else reversed(kept):
        if start <= line <= end:
            return old_start + line - start if what == "equal" else (old_start if line == start else old_end)
    return 0


def _as_read(text: str) -> object:
    """The data as the loader of the kaart sees it; None when it cannot read it."""
    try:
        return yaml.load(text, Loader=Yaml12Loader)  # a SafeLoader
    except yaml.YAMLError:
        return None


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _refused(path: Path, line: int, why: str) -> KaartInvalid:
    return KaartInvalid([Problem(str(path), line, "(file)", why)])
