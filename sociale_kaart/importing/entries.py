"""From drafts to entries that a kaart accepts: what the schema or a check refuses is dropped and reported. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from itertools import chain, count
from typing import Any

from pydantic import ValidationError

from sociale_kaart.checks import Finding, check_kaart
from sociale_kaart.importing.draft import Draft
from sociale_kaart.importing.report import Loss
from sociale_kaart.importing.wording import LONGEST_SLUG, line_of, slug
from sociale_kaart.kaart import Kaart
from sociale_kaart.municipality import Municipality
from sociale_kaart.schema import Entry, Theme

SOURCE = "IMPORT"
"""Key in kaart.yaml of the file that the entries came from."""
BY = "import"
_WEB = ("http://", "https://")
Made = dict[str, tuple[Entry, Draft]]
Loc = tuple[int | str, ...]
_NEEDED: set[Loc] = {("texts",), ("texts", "nl")}
"""Without these nothing is left to tell about."""


def entries_of(
    drafts: Sequence[Draft], town: Municipality, shared: Sequence[Entry], theme: Theme | None, today: dt.date
) -> tuple[list[Entry], list[Loss]]:
    """The entries, and everything that was lost on the way.

    `shared` are the entries that the kaart has already from elsewhere; `theme` is for records that name none of ours.
    """
    made: Made = {}
    there = {entry.id for entry in shared}
    asked = {_same(question) for entry in shared for text in entry.texts.values() for question in text.questions}
    for draft in drafts:
        if draft.left_out:
            continue
        if _own_id(draft) in there:
            draft.lose("", "is a shared entry, which the kaart has already")
        elif entry := _pruned(draft, _raw(draft, theme, today, taken=there | set(made))):
            made[entry.id] = _asked_once(entry, draft, asked), draft
    _accept(made, town, shared)
    return [entry for entry, _ in made.values()], [loss for draft in drafts for loss in draft.losses]


def _raw(draft: Draft, theme: Theme | None, today: dt.date, taken: Collection[str]) -> dict[str, Any]:
    """The record as a file of the kaart would hold it; the schema has not seen it yet."""
    values, checked = draft.values, draft.verified_on
    if not values.get("themes") and theme:
        draft.lose("themes", f"names none of ours: {theme} was noted")
        values["themes"] = [theme.value]
    url = values["contact"].get("url")
    if url and not (isinstance(url, str) and url.lower().startswith(_WEB)):
        draft.lose("contact.url", "is no web address")
        values["contact"]["url"] = None
    if checked and checked > today:
        draft.lose("verified.on", "lies in the future: the day of the import was noted")
    words = _known(draft.text) | {"questions": draft.text.get("questions", []), "review": {"state": "draft"}}
    return {
        "id": _free(_wished(draft), taken),
        **{name: value for name, value in _known(values).items() if name != "id"},
        "sources": [{"document": SOURCE, "chapter": draft.origin}],
        "verified": {"on": min(checked or today, today).isoformat(), "by": BY, "against": "source"},
        "texts": {"nl": words},
    }


def _known(value: Any) -> Any:
    """Without what is empty, all the way down: unknown stays out of the file."""
    if isinstance(value, Mapping):
        inner = {key: _known(one) for key, one in value.items()}
        return {key: one for key, one in inner.items() if one not in (None, "", {}, [])}
    return [_known(one) for one in value] if isinstance(value, list) else value


def _own_id(draft: Draft) -> str:
    """The id that the record brings, when it can be one, else empty."""
    own = draft.values.get("id")
    return own if isinstance(own, str) and slug(own) == own else ""


def _wished(draft: Draft) -> str:
    return _own_id(draft) or slug(draft.text.get("name") or "") or "item"


def _free(wished: str, taken: Collection[str]) -> str:
    """`wished`, with a number behind it when another entry has it."""
    numbered = (f"{wished[: LONGEST_SLUG - 6].rstrip('-')}-{number}" for number in count(2))
    return next(id for id in chain([wished], numbered) if id not in taken)


def _pruned(draft: Draft, raw: dict[str, Any]) -> Entry | None:
    """The entry without the fields that the schema refuses; None when what is left is no entry."""
    while True:
        try:
            return Entry.model_validate(raw)
        except ValidationError as error:
            wrong = {detail["loc"]: detail["msg"] for detail in error.errors(include_url=False, include_input=False)}
        gone: set[Loc] = set()
        for loc in sorted(wrong, key=_place, reverse=True):  # from the back, so that positions in lists still hold
            if gone.isdisjoint(loc[:depth] for depth in range(len(loc) + 1)):
                name = ".".join(line_of(str(part))[:40] for part in loc)
                removed = _remove(raw, loc)
                draft.lose(name if removed else "", wrong[loc] if removed else f"{name}: {wrong[loc]}")
                if not removed:
                    return None
                gone.add(removed)


def _place(loc: Loc) -> list[str]:
    return [f"{part:09d}" if isinstance(part, int) else part for part in loc]


def _remove(raw: dict[str, Any], loc: Loc) -> Loc:
    """Take away what stands at `loc`, or the nearest thing around it. Where that was; empty when it is the whole record."""
    owners: list[Any] = [raw]
    for part in loc[:-1]:
        if not _has(owners[-1], part):
            break
        owners.append(owners[-1][part])
    for depth in range(len(owners) - 1, -1, -1):
        if loc[: depth + 1] in _NEEDED:
            break
        if _has(owners[depth], loc[depth]):
            del owners[depth][loc[depth]]
            return loc[: depth + 1]
    return ()


def _has(owner: Any, part: int | str) -> bool:
    if isinstance(owner, dict):
        return part in owner
    return isinstance(owner, list) and isinstance(part, int) and part < len(owner)


def _asked_once(entry: Entry, draft: Draft, asked: set[str]) -> Entry:
    """The same question under two entries would make search a lottery: the first keeps it."""
    text = entry.texts["nl"]
    kept = tuple(question for question in text.questions if _same(question) not in asked)
    if len(kept) < len(text.questions):
        draft.lose("questions", "are also questions of another entry")
    asked |= {_same(question) for question in kept}
    return entry.model_copy(update={"texts": {"nl": text.model_copy(update={"questions": kept})}})


def _same(question: str) -> str:
    return " ".join(question.casefold().split())


def _accept(made: Made, town: Municipality, shared: Sequence[Entry]) -> None:
    """Until the checks of the kaart find nothing: take away names of entries that are not there, and else entries."""
    while made:
        kaart = Kaart(town, (*shared, *(entry for entry, _ in made.values())), own=frozenset(made))
        found: dict[str, list[Finding]] = {}
        for finding in check_kaart(kaart):
            found.setdefault(finding[0].removeprefix("entry:"), []).append(finding)
        refused = {id: findings for id, findings in found.items() if id in made}
        if not refused:
            return
        for id, findings in refused.items():
            entry, draft = made.pop(id)
            if mended := _mended(entry, draft, findings):
                made[id] = mended, draft


def _mended(entry: Entry, draft: Draft, findings: Sequence[Finding]) -> Entry | None:
    """The entry without the names of entries that did not come along; None when anything else is wrong."""
    changed = entry.model_dump(include={"related", "instead"})
    for _, field, why in reversed(findings):
        if field[0] not in changed or len(field) == 1:
            draft.lose("", f"{'.'.join(field)}: {why}")
            return None
        draft.lose(field[0], "names an entry that did not come along")
        changed[field[0]] = changed[field[0]][: int(field[1])] + changed[field[0]][int(field[1]) + 1 :]
    return entry.model_copy(update=changed)
