"""How well grouping does, on questions whose entry is known. Pure, but for the encoder that it is handed.

- `groups`: groups of at least FEWEST questions: what the desk would see. `entries`: of how many entries these are.
- `purity`: of the questions in these groups, the share that is of the group's commonest entry.
- `coverage`: the share of all questions that is in one of them.
- `precision`, `recall`: over pairs of questions: of the pairs that were put together, how many are of one entry, and of the pairs
  of one entry, how many were put together.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import comb

from api.signals.grouping import grouped
from knowledge.encoder import Encoder
from knowledge.evaluation import Row

ENTRIES, FEWEST = 30, 5


@dataclass(frozen=True)
class Figures:
    """Counts, and shares from 0 to 1."""

    questions: int
    languages: int
    entries_asked: int
    groups: int
    entries: int
    purity: float
    coverage: float
    precision: float
    recall: float

    def as_text(self) -> str:
        """The figures in sentences."""
        return (
            f"{self.questions} questions in {self.languages} languages about {self.entries_asked} entries: "
            f"{self.groups} groups of {FEWEST} or more, of {self.entries} entries.\n"
            f"purity {self.purity:.0%}, coverage {self.coverage:.0%}; "
            f"pairs: precision {self.precision:.0%}, recall {self.recall:.0%}"
        )


def measure(rows: Iterable[Row], encoder: Encoder, entries: int = ENTRIES) -> Figures:
    """Group the questions of so many entries; which ones says a hash of their names, so that nobody chose them."""
    asked = [row for row in rows if row.kind == "in" and row.ids]
    chosen = sorted({row.ids[0] for row in asked}, key=lambda id: hashlib.sha256(id.encode()).hexdigest())[:entries]
    asked = [row for row in asked if row.ids[0] in chosen]
    clusters = [cluster.places for cluster in grouped([row.text for row in asked], encoder)]
    return _figures([row.ids[0] for row in asked], clusters, len({row.lang for row in asked}))


def _figures(truth: Sequence[str], clusters: Sequence[Sequence[int]], languages: int) -> Figures:
    counted = [Counter(truth[place] for place in places) for places in clusters]
    shown = [entries for entries in counted if entries.total() >= FEWEST]
    together = sum(comb(entries.total(), 2) for entries in counted)
    right = sum(comb(count, 2) for entries in counted for count in entries.values())
    alike = sum(comb(count, 2) for count in Counter(truth).values())
    return Figures(
        questions=len(truth),
        languages=languages,
        entries_asked=len(set(truth)),
        groups=len(shown),
        entries=len({entries.most_common(1)[0][0] for entries in shown}),
        purity=_share(sum(entries.most_common(1)[0][1] for entries in shown), sum(entries.total() for entries in shown)),
        coverage=_share(sum(entries.total() for entries in shown), len(truth)),
        precision=_share(right, together),
        recall=_share(right, alike),
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
