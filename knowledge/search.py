"""Hybrid search: a question in, entries with the reason they ranked and a calibrated zone out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge.calibration import Example, Features, Zone
from knowledge.encoder import Encoder
from knowledge.index import DenseIndex
from knowledge.lexical import LexicalIndex
from knowledge.passages import Passage

Scores = npt.NDArray[np.float32]

DENSE_SHARE = 0.95
"""Weight of the dense score in the ranking, chosen on the development questions (`kaart bench`). The lexical score matters more
for how sure the ranking is: see `features`."""
BEST_SHARE = 0.3
"""Weight of an entry's best passage against the mean of its few best; both numbers were chosen on the development questions."""
BEST_FEW = 5
AT_ONCE = 64
"""How many questions are compared with all passages in one go."""


@dataclass(frozen=True)
class Hit:
    """One entry and why it ranked: both parts of its score, by meaning and by letters, and the passage that fitted best."""

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

    def __init__(
        self,
        passages: Sequence[Passage],
        encoder: Encoder,
        dense: DenseIndex,
        lexical: LexicalIndex,
        outside: Scores,
        dense_share: float = DENSE_SHARE,
    ) -> None:
        """`outside`: vectors of questions that no kaart answers, float32 [questions, dim]."""
        self._ranking, self._outside, self._dense_share = Ranking(passages), outside, dense_share
        self._encoder, self._dense, self._lexical = encoder, dense, lexical

    def find(self, text: str, language: str | None, limit: int = 10) -> Found:
        """The `limit` best entries for `text`; `language` chooses the calibration."""
        meaning = self._encoder.encode([text], query=True)[0]
        hits = self._ranking.rank(self._dense.scores(meaning), self._lexical.scores(text), self._dense_share)
        return self._found(hits, nearest(self._outside @ meaning), language, limit)

    def find_all(self, questions: Sequence[tuple[str, str | None]], limit: int = 10) -> Iterator[Found]:
        """What `find` gives for each (text, language), in much less time."""
        for start in range(0, len(questions), AT_ONCE):
            some = questions[start : start + AT_ONCE]
            texts = [text for text, _ in some]
            meanings = self._encoder.encode(texts, query=True)
            scores = zip(self._dense.scores_of(meanings), self._lexical.scores_of(texts), meanings @ self._outside.T, strict=True)
            for (_, language), (dense, lexical, outside) in zip(some, scores, strict=True):
                hits = self._ranking.rank(dense, lexical, self._dense_share)
                yield self._found(hits, nearest(outside), language, limit)

    def _found(self, hits: Sequence[Hit], outside: float, language: str | None, limit: int) -> Found:
        zone, probability = self._dense.manifest.calibration.zone(language, features(hits, outside))
        return Found(tuple(hits[:limit]), zone, probability)


class Ranking:
    """Passage scores to entries."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        members: dict[str, list[int]] = defaultdict(list)
        for position, passage in enumerate(passages):
            members[passage.entry_id].append(position)
        self._entries = list(members)
        most = max(map(len, members.values()), default=0)
        # [entries, most]: where the passages of each entry stand; places that are left over point past the last passage.
        self._places = np.array([places + [len(passages)] * (most - len(places)) for places in members.values()], dtype=np.intp)

    def rank(self, dense: Scores, lexical: Scores, dense_share: float = DENSE_SHARE) -> list[Hit]:
        """All entries, best first, from float32 scores per passage."""
        by_meaning, by_letters = (_pooled(self._of_entries(scores)) for scores in (dense, lexical))
        scores = dense_share * by_meaning + (1 - dense_share) * by_letters
        best = self._places[
            np.arange(len(self._entries)), self._of_entries(dense_share * dense + (1 - dense_share) * lexical).argmax(axis=1)
        ]
        return [
            Hit(self._entries[at], float(scores[at]), float(by_meaning[at]), float(by_letters[at]), self._passages[best[at]])
            for at in np.argsort(-scores, kind="stable")
        ]

    def _of_entries(self, scores: Scores) -> Scores:
        """[entries, most]: the scores of each entry's passages, -inf where there is none."""
        rows: Scores = np.append(scores, np.float32(-np.inf))[self._places]
        return rows


def _pooled(scores: Scores) -> Scores:
    """One score for each row: its best, steadied by the mean of its few best. -inf stands for no score."""
    few = min(BEST_FEW, scores.shape[1])
    top = -np.partition(-scores, few - 1, axis=1)[:, :few]
    there = np.isfinite(top)
    pooled: Scores = BEST_SHARE * top.max(axis=1) + (1 - BEST_SHARE) * np.where(there, top, 0).sum(axis=1) / there.sum(axis=1)
    return pooled


def nearest(scores: Scores) -> float:
    """The best of some scores, 0 without any."""
    return float(scores.max(initial=0.0))


def features(hits: Sequence[Hit], outside: float) -> Features:
    """How sure a ranking is; a missing second or third entry counts as score 0. `outside`: score of the nearest question that no
    kaart answers."""
    first, second, third = ([hit.score for hit in hits[:3]] + [0.0, 0.0, 0.0])[:3]
    others = max((hit.lexical for hit in hits[1:]), default=0.0)
    lexical = hits[0].lexical if hits else 0.0
    return Features(top=first, lead=first - second, third=third, lexical=lexical, lexical_lead=lexical - others, outside=outside)


def development_scores(
    passages: Sequence[Passage], vectors: Scores, encoder: Encoder, lexical: LexicalIndex
) -> Iterator[tuple[Passage, Scores, Scores]]:
    """Each development question with its dense and lexical scores, float32 [passages], as if neither it nor anything of its cell
    were in the index, nor the same words under another language."""
    same: dict[str, list[int]] = defaultdict(list)
    for position, passage in enumerate(passages):
        for key in {passage.text.casefold(), passage.cell}:
            same[key].append(position)
    asked = [position for position, passage in enumerate(passages) if passage.development]
    for start in range(0, len(asked), AT_ONCE):
        some = asked[start : start + AT_ONCE]
        texts = [passages[position].text for position in some]
        dense, letters = encoder.encode(texts, query=True) @ vectors.T, lexical.scores_of(texts)
        for row, position in enumerate(some):
            itself = same[passages[position].text.casefold()] + same[passages[position].cell]
            dense[row, itself] = letters[row, itself] = -1.0
            yield passages[position], dense[row], letters[row]


def calibration_examples(
    passages: Sequence[Passage], vectors: Scores, encoder: Encoder, unanswerable: Sequence[tuple[str, str]]
) -> Iterator[Example]:
    """Examples to calibrate on: development questions, each searched for without itself in the index, and
    `unanswerable` (language, question) pairs, each without itself among them. `vectors` is float32 [passages, dim]."""
    ranking, lexical = Ranking(passages), LexicalIndex([passage.text for passage in passages])
    texts = [text for _, text in unanswerable]
    outside = encoder.encode(texts, query=True)
    for passage, dense, words in development_scores(passages, vectors, encoder, lexical):
        hits = ranking.rank(dense, words)
        ids = [hit.entry_id for hit in hits[:3]]
        sure = features(hits, nearest(outside @ encoder.encode([passage.text], query=True)[0]))
        yield Example(passage.language, sure, ids[0] == passage.entry_id, passage.entry_id in ids, passage.entry_id)
    alike = outside @ outside.T
    np.fill_diagonal(alike, 0)
    scores = zip(outside @ vectors.T, lexical.scores_of(texts), alike, strict=True)
    for (language, _), (dense, words, others) in zip(unanswerable, scores, strict=True):
        yield Example(language, features(ranking.rank(dense, words), nearest(others)), False, False)
