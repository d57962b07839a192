"""Rewriting rules in the binary form that the `Precompiled` normaliser of the tokenizers library reads.

The form is sentencepiece's: a double-array trie (Darts) over the UTF-8 of the left-hand sides, then the right-hand sides, each
ended by a zero byte, to which the trie's values point.
"""

import struct
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TypeAlias

_BLOCK = 256
_LEAF = 1 << 31
_HAS_LEAF = 1 << 8
_OPEN = 1024  # free units that are still looked at

_Node: TypeAlias = dict[int, "_Node | int"]  # label -> node; label 0 -> value


class _Slots:
    """The units of a double array and which of them are still free."""

    def __init__(self) -> None:
        self.units: list[int] = []
        self._free: dict[int, None] = {}
        self._bases: set[int] = set()
        self._grow()
        del self._free[0]  # the root

    def _grow(self) -> None:
        start = len(self.units)
        self.units += [0] * _BLOCK
        stale = max(0, len(self._free) + _BLOCK - _OPEN)
        self._free = dict.fromkeys([*islice(self._free, stale, None), *range(start, start + _BLOCK)])

    def _fits(self, base: int, labels: Iterable[int]) -> bool:
        return base not in self._bases and all(base ^ label in self._free for label in labels)

    def place(self, labels: list[int]) -> int:
        """A base for a node with these children: its units become taken."""
        base = next((slot ^ labels[0] for slot in self._free if self._fits(slot ^ labels[0], labels)), None)
        if base is None:
            base = len(self.units)
            self._grow()
        self._bases.add(base)
        for label in labels:
            del self._free[base ^ label]
        return base


def _trie(rules: Mapping[str, int]) -> _Node:
    root: _Node = {}
    for left, value in rules.items():
        node = root
        for byte in left.encode():
            child = node.setdefault(byte, {})
            assert isinstance(child, dict)
            node = child
        node[0] = value
    return root


def _double_array(root: _Node) -> list[int]:
    slots = _Slots()
    queue = [(0, root)]
    for position, node in queue:
        labels = sorted(node)
        base = slots.place(labels)
        slots.units[position] |= (position ^ base) << 10 | (_HAS_LEAF if 0 in node else 0)
        for label in labels:
            child = node[label]
            if isinstance(child, int):
                slots.units[base ^ label] = child | _LEAF
            else:
                slots.units[base ^ label] = label
                queue.append((base ^ label, child))
    return slots.units


def compile_rules(rules: Mapping[str, str]) -> bytes:
    """The rules (left-hand side -> right-hand side) as one blob; where one left-hand side begins another, the shorter wins.

    Raises ValueError when the rules need more units than an offset of 21 bits reaches (about two million).
    """
    starts: dict[str, int] = {}
    blob = bytearray()
    for right in rules.values():
        if right not in starts:
            starts[right] = len(blob)
            blob += right.encode() + b"\0"
    units = _double_array(_trie({left: starts[right] for left, right in rules.items()}))
    if len(units) > 1 << 21:
        raise ValueError(f"too many rules: {len(units)} units")
    packed = struct.pack(f"<{len(units)}I", *units)
    return struct.pack("<I", len(packed)) + packed + bytes(blob)
