"""What an import could not take over: per record and field, as text and as plain data. Never a value, only where it stood."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sociale_kaart.errors import KaartError

MOST_NAMED = 5


class ImportRefused(KaartError):
    """The file cannot be read at all, or the new kaart cannot be made; the message is a sentence."""


@dataclass(frozen=True)
class Loss:
    """One thing that did not come along: `field` of `record`, empty when the whole record was left out, and why."""

    record: str
    field: str
    why: str


@dataclass(frozen=True)
class Report:
    """What became of a file."""

    records: int
    entries: int
    losses: tuple[Loss, ...]

    @property
    def left_out(self) -> tuple[Loss, ...]:
        """The records that became no entry."""
        return tuple(loss for loss in self.losses if not loss.field)

    @property
    def dropped(self) -> tuple[Loss, ...]:
        """The fields that were lost from records that did become one."""
        gone = {loss.record for loss in self.left_out}
        return tuple(loss for loss in self.losses if loss.field and loss.record not in gone)

    def as_plain(self) -> dict[str, Any]:
        """For JSON: counts, and each loss with its record."""
        return {
            "records": self.records,
            "entries": self.entries,
            "left_out": [{"record": loss.record, "why": loss.why} for loss in self.left_out],
            "dropped": [{"record": loss.record, "field": loss.field, "why": loss.why} for loss in self.dropped],
        }

    def as_text(self) -> str:
        """For people: what was left out, then per field and reason which records lost it."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{self.records} records read, {self.entries} entries made, {len(self.left_out)} left out."
        for loss in self.left_out:
            yield f"  left out: {loss.record}: {loss.why}"
        by_reason: dict[tuple[str, str], list[str]] = {}
        for loss in self.dropped:
            by_reason.setdefault((loss.field, loss.why), []).append(loss.record)
        for (field, why), records in sorted(by_reason.items()):
            yield f"  dropped: {field}: {why} ({_some(list(dict.fromkeys(records)))})"


def _some(records: Sequence[str]) -> str:
    rest = len(records) - MOST_NAMED
    return ", ".join(records[:MOST_NAMED]) + (f" and {rest} more: see --json" if rest > 0 else "")
