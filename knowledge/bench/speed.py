"""How long search takes for one question, part by part."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.encoder import Encoder
from knowledge.lexical import LexicalIndex
from knowledge.search import Search


@dataclass(frozen=True)
class Times:
    """Milliseconds per question."""

    median: float
    p95: float


def measure(encoder: Encoder, lexical: LexicalIndex, search: Search, questions: Sequence[str]) -> dict[str, Times]:
    """Encoding a question, scoring it by its letters, and all of search with both and the ranking."""
    return {
        "encode": times(lambda text: encoder.encode([text], query=True), questions),
        "letters": times(lexical.scores, questions),
        "search, with both": times(lambda text: search.find(text, None), questions),
    }


def times(step: Callable[[str], object], texts: Sequence[str]) -> Times:
    """The time of `step` for each text, one by one."""
    taken = []
    for text in texts:
        started = time.perf_counter()
        step(text)
        taken.append((time.perf_counter() - started) * 1000)
    return Times(float(np.median(taken)), float(np.quantile(taken, 0.95)))
