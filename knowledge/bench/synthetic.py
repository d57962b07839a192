"""Kaarten that nobody wrote, as large as wanted, to measure how search grows.

Every entry mixes pieces of the passages of two or three real ones under a name of its own, in two languages, so that texts are as
long and as near to each other as real ones. Entry number n is the same in a kaart of any size.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, get_args

import numpy as np

from knowledge.passages import Passage, PassageKind
from knowledge.training.noise import noisy

KINDS: Final[tuple[PassageKind, ...]] = get_args(PassageKind)
NAMED: Final = ("name", "summary")
"""The kinds of passages that tell the name of what they are about."""
ASKED: Final = ("summary", "answer", "question")
FEWEST_WORDS: Final = 5
"""Shorter passages, such as 'free of charge', stand in too many entries to ask for one of them."""
LANGUAGES_EACH: Final = 2
FEWEST_PARENTS, MOST_PARENTS = 2, 3
SYLLABLES: Final = tuple(begin + end for begin in "bdfghklmnprstvwz" for end in ("a", "e", "i", "o", "u", "an", "el", "or"))

Parts = dict[tuple[str, str, PassageKind], list[str]]
"""Entry, language and kind of passage to texts."""


@dataclass(frozen=True)
class Question:
    """What somebody asks, and the entry that it is about."""

    entry_id: str
    language: str
    text: str


def invented(real: Sequence[Passage], entries: int, seed: int = 0) -> Iterator[Passage]:
    """Some ten passages for each of so many entries, made of the `real` ones of at least three entries."""
    parts: Parts = defaultdict(list)
    for passage in real:
        parts[passage.entry_id, passage.language, passage.kind].append(passage.text)
    ids, languages = (sorted({key[place] for key in parts}) for place in (0, 1))
    for number in range(entries):
        random = Random(f"{seed} {number}")
        parents = random.sample(ids, random.randint(FEWEST_PARENTS, MOST_PARENTS))
        name = "".join(random.sample(SYLLABLES, 3)).capitalize()
        for language in random.sample(languages, min(LANGUAGES_EACH, len(languages))):
            for kind in KINDS:
                sources = [texts for parent in parents if (texts := parts.get((parent, language, kind)))]
                if sources:
                    named = [name] if kind in NAMED else []
                    yield Passage(f"e{number}", language, kind, " ".join([*named, *_mixed(sources, random)]))


def questions(passages: Sequence[Passage], count: int, seed: int = 0) -> list[Question]:
    """At most so many questions, each with the words of one passage that no other entry has, mistyped, and in no passage."""
    random, known = np.random.default_rng(seed), Counter(passage.text for passage in passages)
    asked: list[Question] = []
    for place in random.permutation(len(passages)):
        passage = passages[place]
        if passage.kind in ASKED and len(passage.text.split()) >= FEWEST_WORDS and known[passage.text] == 1:
            text = noisy(passage.text, random)
            if text not in known:
                asked.append(Question(passage.entry_id, passage.language, text))
        if len(asked) == count:
            break
    return asked


def _mixed(sources: Sequence[Sequence[str]], random: Random) -> Iterator[str]:
    """Words of one text of each source, from each an equal share of what it says."""
    for texts in sources:
        words = random.choice(texts).split()
        share = max(1, round(len(words) / len(sources)))
        start = random.randint(0, len(words) - share)
        yield from words[start : start + share]
