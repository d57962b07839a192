"""How much each part of search adds, on the development questions (never on an evaluation set).

Each development question is searched for without itself and its like in the index; the encoder has not been trained on it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from knowledge.bench.untrained import Untrained
from knowledge.encoder import Encoder
from knowledge.lexical import LexicalIndex
from knowledge.passages import Passage
from knowledge.search import DENSE_SHARE, Ranking, Scores, development_scores

Table = dict[str, dict[str, float]]
"""Variant of search to column (a language, a style, `all`) to share of questions with the right entry first."""
Asked = list[tuple[Passage, Scores, Scores]]
"""Each development question with its dense and lexical scores, float32 [passages]."""

SHARES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)
KAART = "kaart"
"""The column of the kaart's own example questions, which have no style."""


def ablation(passages: Sequence[Passage], encoder: Encoder) -> Table:
    """Recall@1 of lexical search, dense search and mixtures, then of the shipped mixture with something taken away."""
    texts = [passage.text for passage in passages]
    lexical, ranking = LexicalIndex(texts), Ranking(passages)
    asked = list(development_scores(passages, encoder.encode(texts), encoder, lexical))
    table = {_name(share): _first(ranking, asked, share) for share in SHARES}
    table["without variants"] = _first(ranking, list(_without(asked, _variants(passages))), DENSE_SHARE)
    table["own language only"] = _first(ranking, list(_own_language(asked, passages)), DENSE_SHARE)
    table["one vector each"] = _first(*_one_each(passages, encoder), share=1.0)
    raw = Untrained(encoder.dimension)
    table["untrained, dense"] = _first(ranking, list(development_scores(passages, raw.encode(texts), raw, lexical)), 1.0)
    return table


def confusions(passages: Sequence[Passage], encoder: Encoder, most: int = 10) -> dict[str, list[tuple[str, str, int]]]:
    """Per language the `most` frequent mistakes of the shipped mixture: the entry asked for, the one found, how often."""
    texts = [passage.text for passage in passages]
    ranking, wrong = Ranking(passages), defaultdict[str, Counter[tuple[str, str]]](Counter)
    for passage, dense, words in development_scores(passages, encoder.encode(texts), encoder, LexicalIndex(texts)):
        found = ranking.rank(dense, words)[0].entry_id
        if found != passage.entry_id:
            wrong[passage.language][passage.entry_id, found] += 1
    return {code: [(*pair, count) for pair, count in counts.most_common(most)] for code, counts in wrong.items()}


def _first(ranking: Ranking, asked: Asked, share: float) -> dict[str, float]:
    """Share of questions whose entry comes first, per column."""
    right: dict[str, list[bool]] = defaultdict(list)
    for passage, dense, words in asked:
        first = ranking.rank(dense, words, share)[0].entry_id == passage.entry_id
        for column in (passage.language, passage.style or KAART, "all"):
            right[column].append(first)
    return {column: float(np.mean(hits)) for column, hits in right.items()}


def _variants(passages: Sequence[Passage]) -> Scores:
    return np.array([bool(passage.style) for passage in passages], dtype=np.float32)


def _without(asked: Asked, left_out: Scores) -> Iterator[tuple[Passage, Scores, Scores]]:
    """As if the passages marked 1 were not in the index."""
    for passage, dense, words in asked:
        yield passage, np.where(left_out > 0, np.float32(-1), dense), np.where(left_out > 0, np.float32(-1), words)


def _own_language(asked: Asked, passages: Sequence[Passage]) -> Iterator[tuple[Passage, Scores, Scores]]:
    """As if each question met the texts in its own language alone."""
    languages = np.array([passage.language for passage in passages])
    for row in asked:
        yield from _without([row], (languages != row[0].language).astype(np.float32))


def _one_each(passages: Sequence[Passage], encoder: Encoder) -> tuple[Ranking, Asked]:
    """One vector per entry: the mean of its passages that are not kept for development."""
    members: dict[str, list[str]] = defaultdict(list)
    for passage in passages:
        if not passage.development:
            members[passage.entry_id].append(passage.text)
    means = np.stack([encoder.encode(texts).mean(axis=0) for texts in members.values()])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    asked = [passage for passage in passages if passage.development]
    scores = encoder.encode([passage.text for passage in asked], query=True) @ means.T
    ranking = Ranking([Passage(entry_id, "", "name", entry_id) for entry_id in members])
    return ranking, [(passage, row, np.zeros_like(row)) for passage, row in zip(asked, scores, strict=True)]


def _name(share: float) -> str:
    return {0.0: "lexical only", 1.0: "dense only"}.get(share, f"fused, {share:.0%} dense")
