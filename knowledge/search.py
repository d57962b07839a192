"""Hybrid search: a question in, entries with the reason they ranked and a calibrated zone out."""

from __future__ import annotations

from collections import defaultdict
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

DENSE_SHARE = 0.95
"""Weight of the dense score in the ranking, chosen on the development questions (`kaart bench`). The lexical score matters more
for how sure the ranking is: see `features`."""
BEST_SHARE = 0.7
"""Weight of an entry's best passage against the mean of its three best."""
BEST_FEW = 3
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
        dense_share: float = DENSE_SHARE,
    ) -> None:
        self._ranking, self._dense_share = Ranking(passages), dense_share
        self._encoder, self._dense, self._lexical = encoder, dense, lexical

    def find(self, text: str, language: str | None, limit: int = 10) -> Found:
        """The `limit` best entries for `text`; `language` chooses the calibration."""
        dense = self._dense.scores(self._encoder.encode([text], query=True)[0])
        hits = self._ranking.rank(dense, self._lexical.scores(text), self._dense_share)
        return self._found(hits, language, limit)

    def find_all(self, questions: Sequence[tuple[str, str | None]], limit: int = 10) -> Iterator[Found]:
        """What `find` gives for each (text, language), in much less time."""
        for start in range(0, len(questions), AT_ONCE):
            some = questions[start : start + AT_ONCE]
            texts = [text for text, _ in some]
            scores = zip(
                self._dense.scores_of(self._encoder.encode(texts, query=True)), self._lexical.scores_of(texts), strict=True
            )
            for (_, language), (dense, lexical) in zip(some, scores, strict=True):
                yield self._found(self._ranking.rank(dense, lexical, self._dense_share), language, limit)

    def _found(self, hits: Sequence[Hit], language: str | None, limit: int) -> Found:
        zone, probability = self._dense.manifest.calibration.zone(language, features(hits))
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
    """One score for each row: its best, steadied by the mean of its three best. -inf stands for no score."""
    few = min(BEST_FEW, scores.shape[1])
    top = -np.partition(-scores, few - 1, axis=1)[:, :few]
    there = np.isfinite(top)
    pooled: Scores = BEST_SHARE * top.max(axis=1) + (1 - BEST_SHARE) * np.where(there, top, 0).sum(axis=1) / there.sum(axis=1)
    return pooled


def features(hits: Sequence[Hit]) -> Features:
    """How sure a ranking is; a missing second or third entry counts as score 0."""
    first, second, third = ([hit.score for hit in hits[:3]] + [0.0, 0.0, 0.0])[:3]
    others = max((hit.lexical for hit in hits[1:]), default=0.0)
    lexical = hits[0].lexical if hits else 0.0
    return Features(top=first, lead=first - second, third=third, lexical=lexical, lexical_lead=lexical - others)


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
    passages: Sequence[Passage], vectors: Scores, encoder: Encoder, unanswerable: Iterable[tuple[str, str]]
) -> Iterator[Example]:
    """Examples to calibrate on: development questions, each searched for without itself in the index, and
    `unanswerable` (language, question) pairs. `vectors` is float32 [passages, dim]."""
    ranking, lexical = Ranking(passages), LexicalIndex([passage.text for passage in passages])
    for passage, dense, words in development_scores(passages, vectors, encoder, lexical):
        hits = ranking.rank(dense, words)
        ids = [hit.entry_id for hit in hits[:3]]
        yield Example(passage.language, features(hits), ids[0] == passage.entry_id, passage.entry_id in ids)
    questions = list(unanswerable)
    meanings = (
        encoder.encode([text for _, text in questions], query=True) if questions else np.zeros((0, vectors.shape[1]), np.float32)
    )
    for (language, text), meaning in zip(questions, meanings, strict=True):
        hits = ranking.rank(vectors @ meaning, lexical.scores(text))
        yield Example(language, features(hits), False, False)
