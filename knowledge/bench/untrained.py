"""An encoder that learned nothing: what the shape alone gives, before training."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from knowledge.text import words

_SHORTEST, _LONGEST = 2, 5


class Untrained:
    """Character n-grams with rows drawn at random, summed: the shipped encoder's shape without what it learned."""

    checksum = "untrained"

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self._row = cache(self._drawn)

    def encode(self, texts: Sequence[str], *, query: bool = False) -> npt.NDArray[np.float32]:
        """Unit rows [len(texts), dimension]; zeros where there is no word."""
        sums = np.stack([self._sum(text) for text in texts])
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        unit: npt.NDArray[np.float32] = np.divide(sums, lengths, out=np.zeros_like(sums), where=lengths > 0)
        return unit

    def _sum(self, text: str) -> npt.NDArray[np.float32]:
        total = np.zeros(self.dimension, dtype=np.float32)
        for word in words(text):
            marked = f"_{word}_"
            for size in range(_SHORTEST, _LONGEST + 1):
                for at in range(len(marked) - size + 1):
                    total += self._row(marked[at : at + size])
        return total

    def _drawn(self, gram: str) -> npt.NDArray[np.float32]:
        return np.random.default_rng(zlib.crc32(gram.encode())).standard_normal(self.dimension).astype(np.float32)
