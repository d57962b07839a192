"""Hybrid search: a question in, entries with the reason they ranked and a calibrated zone out.

A question is compared with every passage. When there are too many for that (`MOST_EXACT`), the nearest by meaning say which
entries it may be about, and only these are ranked, as they would be among all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from knowledge.calibration import Example, Features, Zone
from knowledge.encoder import Encoder
from knowledge.index import DenseIndex, Places
from knowledge.lexical import LexicalIndex, LexicalSample
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
NEAREST = 300
"""How many passages are asked for to find the entries that a question may be about."""
CANDIDATES = 20
"""How many entries that is: more change neither the first nor, but once in hundreds, the first three."""
LETTERED = 200
"""How many passages of the candidates have their letters compared, the nearest by meaning; the others count as 0."""


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


class Ranker(Protocol):
    """Scores passages and ranks their entries."""

    def rank(self, texts: Sequence[str], meanings: Scores, dense_share: float) -> Iterator[Sequence[Hit]]:
        """For each text, with its meaning in `meanings` [texts, dim]: entries, best first."""


class Search:
    """Ranks the entries of one kaart for a question in any language."""

    def __init__(
        self,
        passages: Sequence[Passage],
        encoder: Encoder,
        dense: DenseIndex,
        lexical: LexicalIndex | LexicalSample,
        outside: Scores,
        dense_share: float = DENSE_SHARE,
    ) -> None:
        """`outside`: vectors of questions that no kaart answers, float32 [questions, dim]."""
        self._encoder, self._outside, self._dense_share = encoder, outside, dense_share
        self._calibration = dense.manifest.calibration
        self._ranker: Ranker = (
            Everything(passages, dense, lexical) if isinstance(lexical, LexicalIndex) else Candidates(passages, dense, lexical)
        )

    def find(self, text: str, language: str | None, limit: int = 10) -> Found:
        """The `limit` best entries for `text`; `language` chooses the calibration."""
        return next(self.find_all([(text, language)], limit))

    def find_all(self, questions: Sequence[tuple[str, str | None]], limit: int = 10) -> Iterator[Found]:
        """What `find` gives for each (text, language), in much less time."""
        for start in range(0, len(questions), AT_ONCE):
            some = questions[start : start + AT_ONCE]
            texts = [text for text, _ in some]
            meanings = self._encoder.encode(texts, query=True)
            rankings = self._ranker.rank(texts, meanings, self._dense_share)
            for (_, language), hits, outside in zip(some, rankings, meanings @ self._outside.T, strict=True):
                zone, probability = self._calibration.zone(language, features(hits, nearest(outside)))
                yield Found(tuple(hits[:limit]), zone, probability)


class Everything:
    """Ranks all entries."""

    def __init__(self, passages: Sequence[Passage], dense: DenseIndex, lexical: LexicalIndex) -> None:
        self._ranking, self._dense, self._lexical = Ranking(passages), dense, lexical

    def rank(self, texts: Sequence[str], meanings: Scores, dense_share: float) -> Iterator[Sequence[Hit]]:
        """See `Ranker`."""
        for dense, lexical in zip(self._dense.scores_of(meanings), self._lexical.scores_of(texts), strict=True):
            yield self._ranking.rank(dense, lexical, dense_share)


class Candidates:
    """Ranks the entries of the nearest passages, with all passages that these entries have."""

    def __init__(
        self,
        passages: Sequence[Passage],
        dense: DenseIndex,
        lexical: LexicalSample,
        nearest: int = NEAREST,
        candidates: int = CANDIDATES,
        lettered: int = LETTERED,
    ) -> None:
        self._passages, self._dense, self._lexical = passages, dense, lexical
        self._nearest, self._candidates, self._lettered = nearest, candidates, lettered
        self._members: dict[str, list[int]] = defaultdict(list)
        for place, passage in enumerate(passages):
            self._members[passage.entry_id].append(place)

    def rank(self, texts: Sequence[str], meanings: Scores, dense_share: float) -> Iterator[Sequence[Hit]]:
        """See `Ranker`."""
        _, nearest = self._dense.nearest(meanings, self._nearest)
        for text, meaning, near in zip(texts, meanings, nearest, strict=True):
            places = self._places(near)
            some = [self._passages[place] for place in places]
            dense = self._dense.scores_at(meaning, places)
            yield Ranking(some).rank(dense, self._letters(text, some, dense), dense_share)

    def _places(self, near: Places) -> Places:
        """Where all passages stand of the first entries that `near` leads to, in the order of the kaart."""
        entries = list(dict.fromkeys(self._passages[place].entry_id for place in near if place >= 0))[: self._candidates]
        return np.array(sorted(place for entry in entries for place in self._members[entry]), dtype=np.int64)

    def _letters(self, text: str, some: Sequence[Passage], dense: Scores) -> Scores:
        lettered = np.argsort(-dense, kind="stable")[: self._lettered]
        scores = np.zeros_like(dense)
        scores[lettered] = self._lexical.scores(text, [some[place].text for place in lettered])
        return scores


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
