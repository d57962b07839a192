"""Puts plain data into the round-trip document of an entry: only what differs, in place, so that comments and order stay."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.tokens import CommentToken

from sociale_kaart.schema import Audience, Contact, Entry, Facts, ResidenceStatus, Text, Verified

_ORDERS: Mapping[str, Sequence[str]] = {
    "": list(Entry.model_fields),
    "audience": list(Audience.model_fields),
    "contact": list(Contact.model_fields),
    "verified": list(Verified.model_fields),
    "texts": [],
    "facts": list(Facts.model_fields),
    "for_status": list(ResidenceStatus),
}
_FLOW = frozenset({"audience", "contact", "verified", "review"})
"""What is written on one line where it is new."""


def plain(node: Any) -> Any:
    """The data without what is around it; dates as text, as the loader reads them."""
    if isinstance(node, Mapping):
        return {str(key): plain(value) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [plain(item) for item in node]
    return node.isoformat() if isinstance(node, dt.date) else node


def put(document: CommentedMap, path: Sequence[str], value: Any, empty: Any) -> None:
    """Set what stands at `path`; `empty` is what counts as nothing there, and is left out of the file."""
    *parents, key = path
    node: Any = document
    for parent in parents:
        if node.get(parent) is None and plain(value) == plain(empty):
            return
        if node.get(parent) is None:
            _insert(node, parent, _mapping(parent in _FLOW), _order(parents, parent))
        node = node[parent]
    now = node.get(key, empty)
    if plain(empty if now is None else now) == plain(value):
        return
    if plain(value) == plain(empty):
        node.pop(key, None)
    elif isinstance(value, list) and isinstance(node.get(key), CommentedSeq):
        _align(node[key], value)
    else:
        _insert(node, key, _written(value, key), _order(list(path), key))


def _insert(node: CommentedMap, key: str, value: Any, order: Sequence[str]) -> None:
    if key in node:
        node[key] = value
        return
    later = set(order[order.index(key) + 1 :]) if key in order else set()
    node.insert(next((place for place, known in enumerate(node) if known in later), len(node)), key, value)


def _align(items: CommentedSeq, values: Sequence[Any]) -> None:
    """Make the list hold these values; lines that stay keep what stands beside them."""
    old, new = ([json.dumps(plain(item), sort_keys=True) for item in each] for each in (items, values))
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for tag, start, end, begin, stop in reversed(steps):
        if tag == "equal":
            continue
        same = min(end - start, stop - begin)
        for offset in range(same):
            items[start + offset] = _written(values[begin + offset])
        for place in reversed(range(start + same, end)):
            _drop(items, place)
        for offset in range(same, stop - begin):
            items.insert(start + offset, _written(values[begin + offset]))


def _drop(items: CommentedSeq, place: int) -> None:
    """Take a line out; what stands beside it goes along, what stands under it stays, under the line before."""
    held = items.ca.items.get(place)
    under = held[0].value.partition("\n")[2] if held and held[0] else ""
    mark = held[0].start_mark if held and held[0] else None
    del items[place]
    if under and place:
        before = items.ca.items.setdefault(place - 1, [None])
        beside = before[0].value.removesuffix("\n") if before[0] else ""
        before[0] = CommentToken(f"{beside}\n{under}", before[0].start_mark if before[0] else mark)


def _written(value: Any, key: str = "") -> Any:
    """New data as it is written: parts of an item on one line, and short lists too."""
    if isinstance(value, dict):
        node = _mapping(flow=True)
        node.update({name: _written(item, name) for name, item in value.items()})
        return node
    if isinstance(value, list):
        items = CommentedSeq([_written(item) for item in value])
        if key in ("themes", "statuses", "languages", "related", "instead", "closed_on", "phones", "byday"):
            items.fa.set_flow_style()
        return items
    return value


def _mapping(flow: bool) -> CommentedMap:
    node = CommentedMap()
    if flow:
        node.fa.set_flow_style()
    return node


def _order(path: Sequence[str], key: str) -> Sequence[str]:
    """The keys that stand beside `key`, in the order of the schema."""
    before = list(path[: list(path).index(key)])
    if not before:
        return _ORDERS[""]
    if before == ["texts"]:
        return []
    if len(before) == 2 and before[0] == "texts":
        return list(Text.model_fields)
    return _ORDERS.get(before[-1], [])
