"""Hybrid search: a question in, entries with the reason they ranked and a calibrated zone out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge.calibration import Example, Features, Zone
from knowledge.encoder import Encoder
from knowledge.index import DenseIndex
from knowledge.lexical import LexicalIndex
from knowledge.passages import Passage

Scores = npt.NDArray[np.float32]

DENSE_SHARE = 0.5
"""Weight of the dense score; chosen on the development questions (`make bench` prints the alternatives)."""
BEST_SHARE = 0.7
"""Weight of an entry's best passage against the mean of its three best."""
BEST_FEW = 3


@dataclass(frozen=True)
class Hit:
    """One entry and why it ranked: the passage that fitted best and both parts of its score."""

    entry_id: str
    score: float
    dense: float
    lexical: float
    passage: Passage


@dataclass(frozen=True)
class Found:
    """Entries, best first, the zone, and the probability that the first is right."""

    hits: tuple[Hit, ...]
    zone: Zone
    probability: float


class Search:
    """Ranks the entries of one kaart for a question in any language."""

    def __init__(self, passages: Sequence[Passage], encoder: Encoder, dense: DenseIndex, lexical: LexicalIndex) -> None:
        self._ranking = Ranking(passages)
        self._encoder, self._dense, self._lexical = encoder, dense, lexical

    def find(self, text: str, language: str | None, limit: int = 10) -> Found:
        """The `limit` best entries for `text`; `language` chooses the calibration."""
        dense = self._dense.scores(self._encoder.encode([text])[0])
        hits = self._ranking.rank(dense, self._lexical.scores(text))
        zone, probability = self._dense.manifest.calibration.zone(language, features(hits))
        return Found(tuple(hits[:limit]), zone, probability)


class Ranking:
    """Passage scores to entries."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self._entries = list(dict.fromkeys(passage.entry_id for passage in passages))
        self._members = [np.flatnonzero([p.entry_id == id for p in passages]) for id in self._entries]

    def rank(self, dense: Scores, lexical: Scores, dense_share: float = DENSE_SHARE) -> list[Hit]:
        """All entries, best first, from float32 scores per passage."""
        fused = dense_share * dense + (1 - dense_share) * lexical
        hits = [self._hit(id, members, fused, dense, lexical) for id, members in zip(self._entries, self._members, strict=True)]
        return sorted(hits, key=lambda hit: -hit.score)

    def _hit(self, id: str, members: npt.NDArray[np.intp], fused: Scores, dense: Scores, lexical: Scores) -> Hit:
        order = members[np.argsort(-fused[members])][:BEST_FEW]
        best = int(order[0])
        score = BEST_SHARE * float(fused[best]) + (1 - BEST_SHARE) * float(fused[order].mean())
        return Hit(id, score, float(dense[best]), float(lexical[best]), self._passages[best])


def features(hits: Sequence[Hit]) -> Features:
    """How sure a ranking is; a missing second or third entry counts as score 0."""
    first, second, third = ([hit.score for hit in hits[:3]] + [0.0, 0.0, 0.0])[:3]
    return Features(top=first, lead=first - second, third=third)


def calibration_examples(
    passages: Sequence[Passage], vectors: Scores, encoder: Encoder, unanswerable: Iterable[tuple[str, str]]
) -> Iterator[Example]:
    """Examples to calibrate on: development questions, each searched for without itself in the index, and
    `unanswerable` (language, question) pairs. `vectors` is float32 [passages, dim]."""
    ranking, lexical = Ranking(passages), LexicalIndex([passage.text for passage in passages])
    for position, passage in enumerate(passages):
        if passage.development:
            dense, words = vectors @ vectors[position], lexical.scores(passage.text)
            dense[position] = words[position] = -1.0
            hits = ranking.rank(dense, words)
            ids = [hit.entry_id for hit in hits[:3]]
            yield Example(passage.language, features(hits), ids[0] == passage.entry_id, passage.entry_id in ids)
    for language, text in unanswerable:
        hits = ranking.rank(vectors @ encoder.encode([text])[0], lexical.scores(text))
        yield Example(language, features(hits), False, False)
