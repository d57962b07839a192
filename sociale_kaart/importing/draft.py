"""A record on its way to an entry: plain values in the kaart's own names, not yet checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sociale_kaart.importing.report import Loss
from sociale_kaart.importing.wording import LONGEST_LINE, line_of, packed, sentences, without_amounts

MONEY = "names an amount of money, which nobody confirmed"
TOO_LONG = "is longer than the kaart takes: the rest was dropped"


@dataclass
class Draft:
    """`record` says where it stood; `values` are fields of an entry; `text` those of its Dutch text."""

    record: str
    origin: str
    """Name of the record in the file: people find it back by it."""
    values: dict[str, Any] = field(default_factory=dict)
    text: dict[str, Any] = field(default_factory=dict)
    verified_on: dt.date | None = None
    losses: list[Loss] = field(default_factory=list)

    @property
    def left_out(self) -> bool:
        """Whether the whole record is lost already."""
        return any(not loss.field for loss in self.losses)

    def lose(self, where: str, why: str) -> None:
        """Note that a field did not come along."""
        self.losses.append(Loss(self.record, where, why))

    def words(self, where: str, value: str) -> list[str]:
        """The sentences of `value` without those that name an amount; what is dropped is noted."""
        found = sentences(value)
        kept = without_amounts(found)
        if len(kept) < len(found):
            self.lose(where, MONEY)
        return kept

    def line(self, where: str, value: str) -> str | None:
        """`value` as one line, as far as it fits; None when nothing is left."""
        kept = self.words(where, value)
        fitting = packed(kept, 1) if len(" ".join(kept)) > LONGEST_LINE else [" ".join(kept)]
        if kept and fitting != [" ".join(kept)]:
            self.lose(where, TOO_LONG)
        return fitting[0] if fitting and fitting[0] else None

    def list_of(self, where: str, values: Sequence[str], most: int) -> list[str]:
        """Each value as one line, at most `most` of them."""
        kept = [line for value in values if (line := self.line(where, value))]
        if len(kept) > most:
            self.lose(where, TOO_LONG)
        return kept[:most]

    def describe(self, where: str, description: str) -> None:
        """Summary and answer out of one description: its first sentence, and what follows."""
        kept = self.words(where, description)
        if not kept or len(kept[0]) > LONGEST_LINE:
            return
        answer = packed(kept[1:])
        if len(" ".join(answer)) < len(" ".join(kept[1:])):
            self.lose(where, TOO_LONG)
        self.text |= {"summary": line_of(kept[0]), "answer": answer or [line_of(kept[0])]}

    def take(self, text: Mapping[str, Any]) -> None:
        """A text in the kaart's own shape: its fields, each as far as a kaart may hold it."""

        def many(name: str) -> list[str]:
            found = text.get(name)
            return [line for line in found if isinstance(line, str)] if isinstance(found, list) else []

        def named(name: str) -> dict[str, str | None]:
            found = text.get(name)
            pairs = found.items() if isinstance(found, Mapping) else ()
            return {key: self.line(f"{name}.{line_of(key)[:40]}", value) for key, value in pairs if isinstance(value, str)}

        for name in ("name", "summary"):
            self.text[name] = self.line(name, text[name]) if isinstance(text.get(name), str) else None
        self.text |= {"answer": self.list_of("answer", many("answer"), 3), "steps": self.list_of("steps", many("steps"), 7)}
        self.text |= {"facts": named("facts"), "for_status": named("for_status")}
        self.text["questions"] = [line for value in many("questions") if (line := line_of(value))]
