"""How likely a message tells of danger: what was learned from messages that were written for it.

Fixed rules come first (`api/conversation/danger.py`); this catches what nobody foresaw in a rule. It weighs pieces of words and
short runs of words, in all languages at once, by numbers in `alarm.npz` that `python -m knowledge.training.danger` makes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer

from knowledge.text import words

MODEL: Final = Path(__file__).with_suffix(".npz")
KINDS: Final = ("emergency", "suicide", "violence", "child")
SIZE: Final = 2**16
"""Places that pieces are hashed to."""
_SHORTEST, _LONGEST, _RUN = 2, 5, 3

Weights = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Reading:
    """The likeliest kind of danger, how likely any danger is (0 to 1), and whether that is enough for an alarm."""

    kind: str
    probability: float
    alarm: bool


def pieces(text: str) -> Iterator[str]:
    """Letter sequences of each word, its edges marked, and runs of up to three words."""
    spoken = words(text)
    for word in spoken:
        marked = f" {word} "
        for size in range(_SHORTEST, min(_LONGEST, len(marked)) + 1):
            yield from (marked[at : at + size] for at in range(len(marked) - size + 1))
    for size in range(1, _RUN + 1):
        yield from ("=" + " ".join(spoken[at : at + size]) for at in range(len(spoken) - size + 1))


def count(texts: Sequence[str]) -> csr_matrix:
    """How often each place is hit, [texts, SIZE]."""
    return HashingVectorizer(analyzer=pieces, n_features=SIZE, alternate_sign=False, norm=None).transform(texts)


def weigh(counts: csr_matrix, rarity: Weights) -> csr_matrix:
    """Rows of length 1: the logarithm of each count times how rare its place is (TF-IDF)."""
    rows = counts.astype(np.float32)
    rows.data = (1 + np.log(rows.data)) * rarity[rows.indices]
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    rows.data /= np.repeat(np.maximum(lengths, np.finfo(np.float32).tiny), np.diff(rows.indptr))
    return rows


class Alarm:
    """The learned numbers. `danger` [SIZE] and `kinds` [4, SIZE] are weights of pieces, `intercepts` [5] stand before them."""

    def __init__(self, rarity: Weights, danger: Weights, kinds: Weights, intercepts: Weights, alarm_from: float) -> None:
        self._rarity, self._intercepts = rarity, intercepts
        self._weights = np.ascontiguousarray(np.vstack([danger, kinds]).T)  # [SIZE, 5]
        self.alarm_from = alarm_from

    @classmethod
    def load(cls, path: Path = MODEL) -> Self:
        """The numbers in the file."""
        with np.load(path) as file:
            stored = {name: file[name].astype(np.float32) for name in ("rarity", "danger", "kinds", "intercepts")}
            return cls(**stored, alarm_from=float(file["alarm_from"]))

    def save(self, path: Path) -> None:
        """Write the numbers in 16 bits."""
        np.savez_compressed(
            path,
            rarity=self._rarity.astype(np.float16),
            danger=self._weights[:, 0].astype(np.float16),
            kinds=self._weights[:, 1:].T.astype(np.float16),
            intercepts=self._intercepts,
            alarm_from=np.float64(self.alarm_from),
        )

    def read(self, text: str) -> Reading:
        """What one message tells. Never raises; a message without a word is harmless."""
        row = weigh(count([text]), self._rarity)
        if not row.nnz:
            return Reading(KINDS[0], 0.0, alarm=False)
        scores = row.data @ self._weights[row.indices] + self._intercepts
        probability = float(1 / (1 + np.exp(-scores[0])))
        kind = KINDS[int(scores[1:].argmax())]
        return Reading(kind, probability, alarm=probability >= self.alarm_from)
