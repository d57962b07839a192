"""An encoder without a model: words hashed to places in a vector. And the words of a small kaart."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from knowledge.text import words

TOPICS = {
    "zwemles": {"nl": "zwemmen zwembad water duiken badpak", "en": "swimming pool water dive swimsuit"},
    "fiets": {"nl": "fiets trappen wiel band zadel", "en": "bicycle pedal wheel tyre saddle"},
    "huisarts": {"nl": "dokter ziek koorts hoesten pijn", "en": "doctor ill fever cough pain"},
    "school": {"nl": "school klas juf leren rekenen", "en": "school classroom teacher learn maths"},
    "geld": {"nl": "geld schuld betalen rekening lening", "en": "money debt pay bill loan"},
    "tolk": {"nl": "tolk taal vertalen praten luisteren", "en": "interpreter language translate speak listen"},
}


class HashEncoder:
    """Knows only whether words are the same; deterministic. `asked` is every text that it was asked for."""

    dimension = 64

    def __init__(self, checksum: str = "fake-1") -> None:
        self.checksum = checksum
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str], *, query: bool = False) -> npt.NDArray[np.float32]:
        """Float32 unit rows [texts, 64]."""
        self.asked += texts
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[0] = 0.1  # no row is empty
            for word in words(text):
                row[zlib.crc32(word.encode()) % self.dimension] += 1
        normed: npt.NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return normed
