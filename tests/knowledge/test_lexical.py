"""Letters of a sample: what a kaart too large to count as a whole has instead of the letters of all its passages."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.lexical import Letters, LexicalIndex, LexicalSample
from knowledge.passages import MOST_EXACT

TEXTS = ["waar is de dokter", "zwemles in het zwembad", "ዶክተር ኣበይ ኣሎ", "أين الطبيب", "fiets", ""]


@pytest.mark.parametrize("question", ["dokter en zwemmen", "ዶክተር", "الطبيب", "", "qqq"])
def test_sample_of_everything_scores_as_the_index(question):
    assert np.allclose(LexicalSample(TEXTS).scores(question, TEXTS), LexicalIndex(TEXTS).scores(question), atol=1e-6)


def test_texts_outside_the_sample_are_scored_too():
    sample = LexicalSample([f"waar is nummer {number}" for number in range(100)], most=20)
    first, other = sample.scores("waar is nummer 42", ["waar is nummer 42", "iets anders"])
    assert first == pytest.approx(1, abs=1e-5)
    assert other < 0.5


def test_sample_is_a_fixed_one():
    texts = [f"woord{number}" for number in range(500)]
    one, other = (LexicalSample(texts, most=50).scores("woord7", texts) for _ in range(2))
    assert np.array_equal(one, other)


def test_letters_of_a_large_kaart_are_those_of_a_sample():
    letters = Letters()
    assert isinstance(letters.index("dorp", TEXTS), LexicalIndex)
    assert isinstance(letters.index("land", [str(number) for number in range(MOST_EXACT + 1)]), LexicalSample)
