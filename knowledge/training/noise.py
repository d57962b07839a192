"""Spelling as people type it on a phone: swapped, missing and doubled letters, and left-out words."""

from __future__ import annotations

import numpy as np


def _typo(word: str, random: np.random.Generator) -> str:
    place = int(random.integers(len(word) - 1))
    match int(random.integers(3)):
        case 0:
            return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        case 1:
            return word[:place] + word[place + 1 :]
        case _:
            return word[: place + 1] + word[place:]


def noisy(text: str, random: np.random.Generator) -> str:
    """The text with each word left out at one chance in six and mistyped at one in eight, never empty."""
    words = text.split()
    kept = [word for word in words if random.random() > 1 / 6] or words
    return " ".join(_typo(word, random) if len(word) > 3 and random.random() < 1 / 8 else word for word in kept)
