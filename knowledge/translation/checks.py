"""What a machine made of a sentence, looked at without knowing either language: what is plainly wrong is refused, and why."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Final

from knowledge.languages import language
from knowledge.text import words

RIGHT_SCRIPT: Final = 0.9  # share of the letters
LONGEST, SHORTEST, SLACK = 3.0, 0.25, 12  # characters per character of the source, and how many more are fine anyway
SAME_WORDS: Final = 0.6  # share of the words of at least four that may stand in the source too
_FOREIGN_LETTERS: Final = {"uk": "ыэъё"}  # Russian for Ukrainian
_IN_A_ROW: Final = 3
_STUTTER: Final = re.compile(r"(\S{1,5}?)\1{5,}")


def wrong(source: str, result: str, target: str) -> str | None:
    """Why `result` cannot be a translation of `source` into `target`, or None. Both without their protected spans."""
    if not _letters(result):
        return "nothing came out"
    if re.search(r"\d", result):
        return "a number came in that the source does not have"
    return (
        _wrong_script(result, target)
        or _wrong_length(source, result)
        or _repeats(words(source), words(result), result)
        or _untranslated(words(source), words(result))
    )


def _letters(text: str) -> list[str]:
    return [char for char in text if char.isalpha()]


def _wrong_script(result: str, target: str) -> str | None:
    script, letters = language(target).script.upper(), _letters(result)
    right = sum(unicodedata.name(char, "").startswith(script) for char in letters)
    if right < RIGHT_SCRIPT * len(letters):
        return f"only {right} of {len(letters)} letters are {language(target).script}"
    foreign = sorted(set(result.lower()) & set(_FOREIGN_LETTERS.get(target, "")))
    return f"the letters {' '.join(foreign)} are not {language(target).english_name}" if foreign else None


def _wrong_length(source: str, result: str) -> str | None:
    if not SHORTEST * len(source) <= len(result) <= LONGEST * len(source) + SLACK:
        return f"{len(result)} characters came out of {len(source)}"
    return None


def _repeats(source: Sequence[str], result: Sequence[str], text: str) -> str | None:
    runs = max((_longest_run(result, size) for size in (1, 2, 3)), default=0)
    if runs >= _IN_A_ROW and runs > max((_longest_run(source, size) for size in (1, 2, 3)), default=0):
        return "words are repeated"
    counted = Counter(result).most_common(1)
    if counted and counted[0][1] > max(_IN_A_ROW, len(result) / 3):
        return "one word fills the sentence"
    return "letters are repeated" if _STUTTER.search(text) else None


def _longest_run(said: Sequence[str], size: int) -> int:
    """How many times in a row the same `size` words stand there."""
    longest, run = 1, 0
    for place in range(size, len(said)):
        run = run + 1 if said[place] == said[place - size] else 0
        longest = max(longest, 1 + run // size)
    return longest


def _untranslated(source: Sequence[str], result: Sequence[str]) -> str | None:
    if len(result) >= 4 and sum(word in set(source) for word in result) > SAME_WORDS * len(result):
        return "it is still in the source language"
    return None
