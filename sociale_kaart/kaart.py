"""The loaded kaart: frozen, indexed by id."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sociale_kaart.rules import Rule
from sociale_kaart.schema import Entry, Municipality


@dataclass(frozen=True)
class Kaart:
    """Everything one municipality wrote down: its settings, entries and rules."""

    municipality: Municipality
    entries: tuple[Entry, ...]
    rules: tuple[Rule, ...] = ()
    _by_id: dict[str, Entry] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {entry.id: entry for entry in self.entries})

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __contains__(self, id: object) -> bool:
        return id in self._by_id

    def entry(self, id: str) -> Entry:
        """The entry named `id`; KeyError when there is none."""
        return self._by_id[id]

    def find(self, id: str | None) -> Entry | None:
        """The entry named `id`, or None."""
        return self._by_id.get(id or "")

    def rule(self, id: str) -> Rule:
        """The rule named `id`; KeyError when there is none."""
        return next(rule for rule in self.rules if rule.id == id)
