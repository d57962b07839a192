"""The form of an entry: what it shows of a file, what it makes of what was typed, and what that changes in the file. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError
from ruamel.yaml.comments import CommentedMap

from api.desk.kaart.convert import Data, NotRead, Typed, split_lines
from api.desk.kaart.document import plain, put
from api.desk.kaart.fields import MAIN_THEME, Field, dug
from api.desk.kaart.words import MISSING, why_in_words
from api.publishing.edits import Change
from api.publishing.model import Mistake
from sociale_kaart.review import ORIGINAL
from sociale_kaart.schema import ReviewState
from sociale_kaart.signing import hash_of, stamp

Sheet = Mapping[str, Typed]
"""What stands in the fields, by their names."""
Errors = Mapping[str, Sequence[str]]
"""Why fields are refused, by their names; under "" what is about none of them."""
NOT_READABLE = frozenset({"questions", "review", "source_hash"})
"""Parts of a text that no newcomer reads."""


@dataclass(frozen=True)
class Merged:
    """What two people made of one entry; `clashes` are the fields that both changed."""

    sheet: Sheet
    clashes: tuple[str, ...]


def shown(fields: Collection[Field], data: Data) -> dict[str, Typed]:
    """The form of what stands in a file, as plain data; whatever is not there is an empty field."""
    found = {field.name: (field, dug(data, field.path)) for field in fields}
    return {name: field.converter.show(field.empty if value is None else value) for name, (field, value) in found.items()}


def read(fields: Collection[Field], sheet: Sheet) -> tuple[dict[str, Data], dict[str, list[str]]]:
    """The data of every field, and why some cannot be understood."""
    values: dict[str, Data] = {}
    errors: dict[str, list[str]] = {}
    for field in fields:
        try:
            value = field.converter.read(list(sheet.get(field.name, ())))
        except NotRead as error:
            errors[field.name] = [str(error)]
            continue
        values[field.name] = field.empty if value is None else value
        if field.required and value in (None, []):
            errors[field.name] = [MISSING]
    return values, errors


def changing(fields: Collection[Field], values: Mapping[str, Data], entry_id: str = "") -> Change:
    """The change of a document that makes it hold these values; `entry_id` is given to a new one.

    A text whose readable words change is a draft again, made from the Dutch as it is then. When the Dutch changes, each
    translation that stays counts as made from the Dutch before.
    """

    def change(document: CommentedMap) -> None:
        if entry_id:
            document.update({"id": entry_id, "texts": CommentedMap()})
        codes = list(dict.fromkeys(field.group for field in fields if field.group))
        before = {code: _readable(document, code) for code in codes}
        dutch = _hash(document)
        for field in fields:
            if field.name != MAIN_THEME:
                value = _themes(document, values) if field.name == "themes" else values[field.name]
                put(document, field.path, value, field.empty)
        changed = [code for code in codes if _readable(document, code) != before[code]]
        for code in changed:
            _draft(document, code)
        _stamp(document, changed, dutch)

    return change


def merged(base: Sheet, mine: Sheet, theirs: Sheet) -> Merged:
    """What I typed, with what only the other changed since I read it."""
    clashes = [name for name in mine if _differ(mine, base, name) and _differ(theirs, base, name) and _differ(mine, theirs, name)]
    sheet = {name: mine[name] if _differ(mine, base, name) else theirs.get(name, mine[name]) for name in mine}
    return Merged(sheet, tuple(clashes))


def different(fields: Collection[Field], before: Sheet, after: Sheet) -> list[tuple[Field, Typed, Typed]]:
    """The fields that differ, with their lines before and after, in words where a field offers a choice."""
    return [(field, _words(field, before), _words(field, after)) for field in fields if _differ(before, after, field.name)]


def faults(fields: Collection[Field], entry_id: str, problems: Collection[Mistake]) -> dict[str, list[str]]:
    """Why a kaart is refused, each at the field that it is about; what is about none of them stands under ""."""
    errors: dict[str, list[str]] = {}
    for problem in problems:
        name = _field_at(fields, tuple(problem.field.split("."))) if problem.entry_id == entry_id else ""
        words = why_in_words(problem.why)
        said = words if name else f"{problem.file}, regel {problem.line}, {problem.field}: {words}"
        errors.setdefault(name, [])
        errors[name] += [said] if said not in errors[name] else []
    return errors


def _field_at(fields: Collection[Field], path: tuple[str, ...]) -> str:
    """The field that holds this place, or the nearest below it."""
    holds = [field for field in fields if field.path == path[: len(field.path)]]
    below = [field for field in fields if path == field.path[: len(path)]]
    found = max(holds, key=lambda field: len(field.path), default=None) or next(iter(below), None)
    return found.name if found else ""


def _differ(one: Sheet, other: Sheet, name: str) -> bool:
    return split_lines(list(one.get(name, ()))) != split_lines(list(other.get(name, ())))


def _words(field: Field, sheet: Sheet) -> Typed:
    words = dict(field.options) | ({"ja": "Ja"} if field.widget == "check" else {})
    return [words.get(line, line) for line in split_lines(list(sheet.get(field.name, ())))]


def _themes(document: CommentedMap, values: Mapping[str, Data]) -> list[str]:
    """The main theme first; the others in the order in which they stand."""
    main, chosen = values[MAIN_THEME], values["themes"]
    known = [theme for theme in plain(document.get("themes", [])) if theme in chosen]
    return list(dict.fromkeys([*([main] if main else []), *known, *chosen]))


def _readable(document: CommentedMap, code: str) -> Data:
    text = plain(document["texts"].get(code) or {})
    return {key: value for key, value in text.items() if key not in NOT_READABLE}


def _hash(document: CommentedMap) -> str | None:
    """Hash of the Dutch text; None when there is none yet, or it is not right: then nothing is published anyway."""
    try:
        return hash_of(document, ORIGINAL)
    except (KeyError, ValidationError):
        return None


def _draft(document: CommentedMap, code: str) -> None:
    text = document["texts"][code]
    if "review" not in text:
        put(document, ("texts", code, "review"), {"state": str(ReviewState.DRAFT)}, None)
        return
    text["review"]["state"] = str(ReviewState.DRAFT)
    for key in ("by", "on"):
        text["review"].pop(key, None)


def _stamp(document: CommentedMap, changed: Collection[str], before: str | None) -> None:
    after = _hash(document)
    for code, text in document["texts"].items():
        if code == ORIGINAL or not after:
            continue
        if code in changed:
            stamp(text, after)
        elif ORIGINAL in changed and before and not text.get("source_hash"):
            stamp(text, before)
