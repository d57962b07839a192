"""The loaded kaart: frozen, indexed by id."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sociale_kaart.municipality import Municipality
from sociale_kaart.phrasebook import Phrasebook
from sociale_kaart.rules import Question, Rule
from sociale_kaart.schema import Entry, ResidenceStatus


@dataclass(frozen=True)
class Kaart:
    """Everything one municipality wrote down: its settings, entries and rules."""

    municipality: Municipality
    entries: tuple[Entry, ...]
    rules: tuple[Rule, ...] = ()
    own: frozenset[str] = frozenset()
    """Ids of the entries in its own folder; the others are shared with other municipalities."""
    phrasebook: Phrasebook | None = None
    """Sentences for the desk, its own and the shared ones; None when there are none."""
    _by_id: dict[str, Entry] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {entry.id: entry for entry in self.entries})

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __contains__(self, id: object) -> bool:
        return id in self._by_id

    def is_own(self, id: str) -> bool:
        """Whether the entry is this municipality's: not taken over from the shared ones."""
        return not self.own or id in self.own

    def status_question(self) -> Question | None:
        """The question about residence status, as the rules ask it; None when no rule does."""
        wanted, questions = set(ResidenceStatus), (question for rule in self.rules for question in rule.questions)
        return next((question for question in questions if wanted <= {option.value for option in question.options}), None)

    def entry(self, id: str) -> Entry:
        """The entry named `id`; KeyError when there is none."""
        return self._by_id[id]

    def find(self, id: str | None) -> Entry | None:
        """The entry named `id`, or None."""
        return self._by_id.get(id or "")

    def find_rule(self, id: str | None) -> Rule | None:
        """The rule named `id`, or None."""
        return next((rule for rule in self.rules if rule.id == id), None)

    def rule(self, id: str) -> Rule:
        """The rule named `id`; KeyError when there is none."""
        return next(rule for rule in self.rules if rule.id == id)
