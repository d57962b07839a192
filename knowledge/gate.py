"""The publish gate: did a question that was answered rightly stop being so? Pure, but for the search that it is handed.

A question set is a file like those of `knowledge/evaluation.py`. What counts is what a newcomer would see:

- `in`: right when an acceptable entry is the answer (zone answer), or is among the choices (zone ask_back).
- `ood`: right when nothing is answered.

Other kinds test the conversation, not the search, and are left out, as are `in` rows of which the kaart holds no entry.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from knowledge.evaluation import Outcome, Row
from knowledge.search import Search

CHOICES = 3
"""How many entries an ask-back shows."""
Answers = Callable[[Sequence[Row]], Iterable[Outcome]]
"""What comes of each question; all at once, because that is much quicker than one by one."""
Verdicts = Mapping[str, bool]
"""By qid, whether the question was right."""


@dataclass(frozen=True)
class Judged:
    """One question, whether it was right, and the entries that a newcomer would see: none when a person takes over."""

    row: Row
    right: bool
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Run:
    """What came of every question that tells something."""

    judged: tuple[Judged, ...]

    @property
    def verdicts(self) -> dict[str, bool]:
        """By qid, whether the question was right."""
        return {judged.row.qid: judged.right for judged in self.judged}

    @property
    def right(self) -> int:
        """How many questions were right."""
        return sum(judged.right for judged in self.judged)

    def worse_than(self, before: Verdicts) -> tuple[Judged, ...]:
        """The questions that are wrong here and were right in `before`."""
        return tuple(judged for judged in self.judged if not judged.right and before.get(judged.row.qid, False))

    def better_than(self, before: Verdicts) -> tuple[Judged, ...]:
        """The questions that are right here and were wrong in `before`."""
        return tuple(judged for judged in self.judged if judged.right and not before.get(judged.row.qid, True))


def run(rows: Iterable[Row], answers: Answers, known_ids: Collection[str]) -> Run:
    """Ask every row that tells something about the search."""
    asked = [row for row in rows if _tells(row, known_ids)]
    return Run(tuple(_judge(row, outcome) for row, outcome in zip(asked, answers(asked), strict=True)))


def searching(search: Search) -> Answers:
    """Asks a search without anything around it."""

    def answers(rows: Sequence[Row]) -> Iterator[Outcome]:
        for row, found in zip(rows, search.find_all([(row.text, row.lang) for row in rows]), strict=True):
            yield Outcome(row.lang, found.zone, entries=tuple(hit.entry_id for hit in found.hits))

    return answers


def _tells(row: Row, known_ids: Collection[str]) -> bool:
    return row.kind == "ood" or (row.kind == "in" and any(id in known_ids for id in row.ids))


def _judge(row: Row, outcome: Outcome) -> Judged:
    seen = {"answer": 1, "ask_back": CHOICES, "person": 0}[outcome.zone]
    shown = outcome.entries[:seen]
    right = outcome.zone != "answer" if row.kind == "ood" else any(id in row.ids for id in shown)
    return Judged(row, right, shown)
