"""How much each part of search adds, on the development questions (never on an evaluation set).

Each development question is searched for without itself in the index; the encoder has not been trained on it.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np

from knowledge.encoder import Encoder, Model, load_encoder
from knowledge.lexical import LexicalIndex
from knowledge.passages import Passage
from knowledge.search import Ranking, Scores, development_scores

Table = dict[str, dict[str, float]]
"""Variant to language (and `all`) to share of questions with the right entry first."""

SHARES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)


def compare(passages: Sequence[Passage], model: Model) -> Table:
    """Recall@1 per variant and language: lexical only, dense only, and mixtures of both."""
    encoder = load_encoder(model)
    vectors = encoder.encode([passage.text for passage in passages])
    lexical, ranking = LexicalIndex([passage.text for passage in passages]), Ranking(passages)
    right: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for passage, dense, words in development_scores(passages, vectors, encoder, lexical):
        for share in SHARES:
            first = ranking.rank(dense, words, share)[0].entry_id == passage.entry_id
            for column in (passage.language, "all"):
                right[_name(share)][column].append(first)
    return {variant: {column: float(np.mean(hits)) for column, hits in columns.items()} for variant, columns in right.items()}


def milliseconds(step: Callable[[str], object], texts: Sequence[str]) -> float:
    """Median time of `step` per text."""
    times = []
    for text in texts:
        started = time.perf_counter()
        step(text)
        times.append((time.perf_counter() - started) * 1000)
    return float(np.median(times))


def speed(passages: Sequence[Passage], encoder: Encoder) -> dict[str, float]:
    """Median milliseconds per development question: encoding it, and scoring it lexically."""
    lexical = LexicalIndex([passage.text for passage in passages])
    texts = [passage.text for passage in passages if passage.development]

    def encode(text: str) -> Scores:
        return encoder.encode([text], query=True)

    return {"encode": milliseconds(encode, texts), "lexical": milliseconds(lexical.scores, texts)}


def _name(share: float) -> str:
    return {0.0: "lexical only", 1.0: "dense only"}.get(share, f"fused, {share:.0%} dense")
