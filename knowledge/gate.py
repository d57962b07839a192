"""The publish gate: did a question that was answered rightly stop being so? Pure, but for the search that it is handed.

A question set is a file like those of `knowledge/evaluation.py`. What counts is what a newcomer would see:

- `in`: right when an acceptable entry is the answer (zone answer), or is among the choices (zone ask_back).
- `ood`: right when nothing is answered.

Other kinds test the conversation, not the search, and are left out, as are `in` rows of which the kaart holds no entry.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from knowledge.evaluation import Outcome, Row
from knowledge.search import Search

CHOICES = 3
"""How many entries an ask-back shows."""
Answer = Callable[[str, str], Outcome]
"""(question, language) to what comes of it."""


@dataclass(frozen=True)
class Judged:
    """One question, whether it was right, and the entries that a newcomer would see: none when a person takes over."""

    row: Row
    right: bool
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Run:
    """What came of every question that tells something, by qid."""

    judged: Mapping[str, Judged]

    def worse_than(self, before: Run) -> tuple[Judged, ...]:
        """The questions that are wrong here and were right in `before`."""
        return tuple(now for qid, now in self.judged.items() if not now.right and _was_right(before, qid))

    def better_than(self, before: Run) -> tuple[Judged, ...]:
        """The questions that are right here and were wrong in `before`."""
        known = before.judged
        return tuple(now for qid, now in self.judged.items() if now.right and qid in known and not known[qid].right)

    @property
    def right(self) -> int:
        """How many questions were right."""
        return sum(judged.right for judged in self.judged.values())


def run(rows: Iterable[Row], answer: Answer, known_ids: Collection[str]) -> Run:
    """Ask every row that tells something about the search."""
    judged = {row.qid: _judge(row, answer(row.text, row.lang)) for row in rows if _tells(row, known_ids)}
    return Run(judged)


def searching(search: Search) -> Answer:
    """Asks a search without anything around it."""

    def answer(text: str, language: str) -> Outcome:
        found = search.find(text, language)
        return Outcome(language, found.zone, entries=tuple(hit.entry_id for hit in found.hits))

    return answer


def _tells(row: Row, known_ids: Collection[str]) -> bool:
    return row.kind == "ood" or (row.kind == "in" and any(id in known_ids for id in row.ids))


def _judge(row: Row, outcome: Outcome) -> Judged:
    seen = {"answer": 1, "ask_back": CHOICES, "person": 0}[outcome.zone]
    shown = outcome.entries[:seen]
    right = outcome.zone != "answer" if row.kind == "ood" else any(id in row.ids for id in shown)
    return Judged(row, right, shown)


def _was_right(before: Run, qid: str) -> bool:
    return qid in before.judged and before.judged[qid].right
