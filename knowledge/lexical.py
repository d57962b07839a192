"""Lexical search: cosine over TF-IDF of character n-grams, which needs no tokenizer per language."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer

from knowledge.text import normalise

SHORTEST, LONGEST = 2, 5
"""Ethiopic and Arabic roots show in two letters; beyond five, n-grams only repeat whole words."""


class LexicalIndex:
    """TF-IDF rows of all passages, in memory."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._vectorizer = TfidfVectorizer(
            preprocessor=normalise, analyzer="char_wb", ngram_range=(SHORTEST, LONGEST), sublinear_tf=True, dtype=np.float32
        )
        # One row per n-gram: a query then touches only the rows of its own n-grams.
        self._postings = self._vectorizer.fit_transform(texts).T.tocsr()

    def scores(self, text: str) -> npt.NDArray[np.float32]:
        """Cosine of `text` with every passage, float32 [passages], 0 to 1."""
        scores: npt.NDArray[np.float32] = self.scores_of([text])[0]
        return scores

    def scores_of(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Cosine of each text with every passage, float32 [texts, passages]."""
        scores = (self._vectorizer.transform(texts) @ self._postings).toarray()
        return np.asarray(scores, dtype=np.float32)
