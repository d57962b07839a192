"""Which character n-grams a word has, and which of them get a row of the table."""

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping

from knowledge.text import words

BOUNDARY = "_"
LONGEST = 5  # 4 in Ethiopic script, where a character is a syllable
ALPHABET = 271  # characters; a few very rare Ethiopic ones are left out
_ETHIOPIC = re.compile("[\u1200-\u137f]")
_LETTERS = re.compile(r"[_0-9a-z\u0430-\u045f\u0491\u0621-\u06d3\u1200-\u135a]+")


def _bounded(word: str) -> str:
    return BOUNDARY + word.replace("'", "") + BOUNDARY


def _all_of(word: str) -> Iterator[str]:
    bounded = _bounded(word)
    for start in range(len(bounded)):
        for end in range(start + 1, min(start + LONGEST, len(bounded)) + 1):
            gram = bounded[start:end]
            if len(gram) < LONGEST or not _ETHIOPIC.search(gram):
                yield gram


def count(texts: Iterable[str]) -> Counter[str]:
    """How often each n-gram occurs in the texts."""
    word_counts: Counter[str] = Counter()
    for text in texts:
        word_counts.update(words(text))
    counts: Counter[str] = Counter()
    for word, times in word_counts.items():
        for gram in _all_of(word):
            counts[gram] += times
    return counts


def choose(counts: Mapping[str, Mapping[str, int]], weights: Mapping[str, float], rows: int) -> list[str]:
    """The `rows` n-grams that are most frequent in any one language (counts by language, each weighed), of frequent characters.

    A part of an n-gram is at least as frequent as the n-gram, so every part of what is chosen is chosen.
    """
    best: dict[str, float] = {}
    for language, grams in counts.items():
        for gram, times in grams.items():
            best[gram] = max(best.get(gram, 0), times * weights.get(language, 1.0))
    ranked = sorted(filter(_LETTERS.fullmatch, best), key=lambda gram: (-best[gram], len(gram), gram))
    alphabet = set([gram for gram in ranked if len(gram) == 1][:ALPHABET])
    return [gram for gram in ranked if alphabet.issuperset(gram) and gram != BOUNDARY][:rows]


def longest_at_each_place(word: str, vocabulary: Container[str]) -> Iterator[str]:
    """What the tokenizer gives for one normalised word: at each place the longest n-gram of the vocabulary, if there is any."""
    bounded = _bounded(word)
    for start in range(len(bounded)):
        known = [bounded[start : start + size] for size in range(1, LONGEST + 1) if bounded[start : start + size] in vocabulary]
        if known:
            yield max(known, key=len)
