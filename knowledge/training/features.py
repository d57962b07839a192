"""Texts as bags of n-gram numbers, made once and kept as two arrays."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

_SYLLABLES = re.compile("[\u1200-\u137f]")


@dataclass(frozen=True)
class Bags:
    """Bag i holds `ids[starts[i]:starts[i + 1]]`."""

    ids: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]

    def take(self, chosen: npt.NDArray[np.int64]) -> Bags:
        """The chosen bags, in that order."""
        lengths = self.starts[chosen + 1] - self.starts[chosen]
        starts = np.concatenate([[0], np.cumsum(lengths)])
        places = np.repeat(self.starts[chosen] - starts[:-1], lengths) + np.arange(starts[-1])
        return Bags(self.ids[places], starts)

    def followed_by(self, other: Bags) -> Bags:
        """These bags and then the others."""
        return Bags(np.concatenate([self.ids, other.ids]), np.concatenate([self.starts, other.starts[1:] + self.starts[-1]]))

    def thinned(self, share: float, random: np.random.Generator) -> Bags:
        """The same bags, each n-gram left out with this chance."""
        kept = random.random(len(self.ids)) >= share
        return Bags(self.ids[kept], np.concatenate([[0], np.cumsum(kept)])[self.starts])


def _bags(lists: Sequence[Sequence[int]]) -> Bags:
    starts = np.concatenate([[0], np.cumsum([len(ids) for ids in lists], dtype=np.int64)])
    return Bags(np.fromiter((number for ids in lists for number in ids), dtype=np.int32, count=int(starts[-1])), starts)


def alone(count: int) -> Bags:
    """For each of so many pieces its own number: its row is all there is of it."""
    return _bags([[number] for number in range(count)])


def beginnings(vocabulary: Sequence[str]) -> Bags:
    """For each n-gram the numbers of those whose rows add up to its row: itself and its beginnings from 3 (Ethiopic 2) on."""
    numbers = {gram: number for number, gram in enumerate(vocabulary)}
    return _bags([[number, *(numbers[part] for part in _parts(gram))] for gram, number in numbers.items()])


def _parts(gram: str) -> list[str]:
    return [gram[:size] for size in range(2 if _SYLLABLES.search(gram) else 3, len(gram))]


def tokenise(tokenizer: Tokenizer, texts: Sequence[str], parts: Bags) -> Bags:
    """The n-grams of each text, each with its beginnings."""
    encodings = (tokenizer.encode_batch_fast(batch, add_special_tokens=False) for batch in _batches(texts))
    tokens = _bags([array("i", encoding.ids) for batch in encodings for encoding in batch])
    expanded = parts.take(tokens.ids.astype(np.int64))
    return Bags(expanded.ids, expanded.starts[tokens.starts])


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """A thousand texts at a time: what the tokenizer gives back for a text is large."""
    for start in range(0, len(texts), 1000):
        yield list(texts[start : start + 1000])
