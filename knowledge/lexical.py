"""Lexical search: cosine over TF-IDF of character n-grams, which needs no tokenizer per language.

The n-grams of a municipality's passages are counted once, in memory. A million passages would need gigabytes so: then only those
of the few passages that a question may be about are counted, at the question, and a sample tells how rare each n-gram is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, vstack
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from knowledge.passages import MOST_EXACT
from knowledge.text import normalise

SHORTEST, LONGEST = 2, 5
"""Ethiopic and Arabic roots show in two letters; beyond five, n-grams only repeat whole words."""
SAMPLE = 20_000
"""How many passages tell how rare n-grams are, when there are too many to count them all."""
MOST_COUNT = np.iinfo(np.uint16).max
MOST_GONE = 0.1
"""With more n-grams that stand nowhere than this share, everything is counted anew, so that memory does not grow for ever."""


class LexicalIndex:
    """TF-IDF rows of all passages, in memory."""

    def __init__(self, texts: Sequence[str], before: LexicalIndex | None = None) -> None:
        """Index `texts`; those that stand in `before` need not be counted again, and the outcome is the same without it."""
        self._split: Callable[[str], list[str]] = CountVectorizer(
            preprocessor=normalise, analyzer="char_wb", ngram_range=(SHORTEST, LONGEST)
        ).build_analyzer()
        self._columns: dict[str, int] = dict(before._columns) if before else {}
        self._rows = {text: row for row, text in enumerate(dict.fromkeys(texts))}
        self._counts = self._counted(before)
        counts = self._counts[[self._rows[text] for text in texts]].astype(np.float32)
        self._weights = TfidfTransformer(sublinear_tf=True).fit(counts)
        # An n-gram that stood only in texts that went is unknown again: it must not make a question longer.
        gone = np.bincount(counts.indices, minlength=len(self._columns)) == 0
        self._weights.idf_[gone] = 0
        self.gone = float(gone.mean()) if self._columns else 0.0
        """Share of the n-grams that stand in no text any more."""
        # One row per n-gram: a query then touches only the rows of its own n-grams.
        self._postings = self._weights.transform(counts).T.tocsr()

    def scores(self, text: str) -> npt.NDArray[np.float32]:
        """Cosine of `text` with every passage, float32 [passages], 0 to 1."""
        scores: npt.NDArray[np.float32] = self.scores_of([text])[0]
        return scores

    def scores_of(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Cosine of each text with every passage, float32 [texts, passages]."""
        known = [[(self._columns[gram], count) for gram, count in self._grams(text) if gram in self._columns] for text in texts]
        queries = self._weights.transform(_matrix(known, len(self._columns)).astype(np.float32))
        return np.asarray((queries @ self._postings).toarray(), dtype=np.float32)

    def _counted(self, before: LexicalIndex | None) -> csr_matrix:
        """How often every n-gram stands in every text, uint16 [texts, n-grams]; new n-grams get columns of their own."""
        known = before._rows if before else {}
        new = [text for text in self._rows if text not in known]
        columns = self._columns
        counted = [[(columns.setdefault(gram, len(columns)), count) for gram, count in self._grams(text)] for text in new]
        fresh = _matrix(counted, len(columns))
        if before is None:
            return fresh
        old = before._counts
        wider = csr_matrix((old.data, old.indices, old.indptr), shape=(old.shape[0], len(columns)))
        rows = known | {text: old.shape[0] + place for place, text in enumerate(new)}
        return vstack([wider, fresh], format="csr")[[rows[text] for text in self._rows]]

    def _grams(self, text: str) -> Iterable[tuple[str, int]]:
        return Counter(self._split(text)).items()


class LexicalSample:
    """How rare n-grams are, from a fixed sample of the passages, and nothing of the others."""

    def __init__(self, texts: Sequence[str], most: int = SAMPLE) -> None:
        """Count at most so many of `texts`."""
        some = np.random.default_rng(0).choice(len(texts), min(most, len(texts)), replace=False)
        self._counter = CountVectorizer(preprocessor=normalise, analyzer="char_wb", ngram_range=(SHORTEST, LONGEST))
        counts = self._counter.fit_transform([texts[place] for place in np.sort(some)])
        self._weights = TfidfTransformer(sublinear_tf=True).fit(counts)

    def scores(self, text: str, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Cosine of `text` with each of `texts`, float32 [texts], 0 to 1; n-grams outside the sample do not count."""
        rows = self._weights.transform(self._counter.transform([text, *texts]).astype(np.float32))
        return np.asarray((rows[1:] @ rows[0].T).toarray()[:, 0], dtype=np.float32)


class Letters:
    """Keeps the newest lexical index of each kaart, so that the next one counts only what is new."""

    def __init__(self) -> None:
        self._newest: dict[str, LexicalIndex] = {}

    def index(self, kaart: str, texts: Sequence[str]) -> LexicalIndex | LexicalSample:
        """The letters of the texts of the kaart with this name: of all, or of a sample when there are too many."""
        if len(texts) > MOST_EXACT:
            return LexicalSample(texts)
        before = self._newest.get(kaart)
        self._newest[kaart] = LexicalIndex(texts, before if before and before.gone < MOST_GONE else None)
        return self._newest[kaart]


def _matrix(rows: Sequence[Sequence[tuple[int, int]]], columns: int) -> csr_matrix:
    """A sparse matrix, uint16, of rows that are given as (column, count)."""
    size = sum(map(len, rows))
    indices = np.fromiter((column for row in rows for column, _ in row), dtype=np.int32, count=size)
    counts = np.fromiter((min(count, MOST_COUNT) for row in rows for _, count in row), dtype=np.uint16, count=size)
    ends = np.fromiter(accumulate(map(len, rows), initial=0), dtype=np.int32, count=len(rows) + 1)
    return csr_matrix((counts, indices, ends), shape=(len(rows), columns))
