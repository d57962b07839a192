"""Pairs of texts that mean the same, drawn anew for every epoch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge.training.corpora import LANGUAGES, Rows, Texts

Numbers = npt.NDArray[np.int64]

_WEIGHTS = np.array([{"ti": 2.0, "nl": 2.0}.get(language, 1.0) for language in LANGUAGES])
"""How likely a language is to be drawn from a row: Tigrinya has the least text, Dutch is what the kaart is written in first."""


@dataclass(frozen=True)
class Pairs:
    """Text numbers left and right [pairs]; two pairs with an equal key on the same side are no negatives of each other."""

    left: Numbers
    right: Numbers
    left_key: Numbers
    right_key: Numbers

    def __len__(self) -> int:
        return len(self.left)

    def pick(self, chosen: Numbers | slice) -> Pairs:
        """The chosen pairs."""
        return Pairs(self.left[chosen], self.right[chosen], self.left_key[chosen], self.right_key[chosen])


def of_rows(rows: Rows, random: np.random.Generator) -> Pairs:
    """Two languages of each row, and two more of a row with four languages or five."""
    drawn = np.concatenate([rows, rows[(rows >= 0).sum(axis=1) >= 4]])
    chance = random.random(drawn.shape) ** (1 / _WEIGHTS)
    order = np.argsort(np.where(drawn >= 0, -chance, 1.0), axis=1)[:, :2]
    left, right = np.take_along_axis(drawn, order, axis=1).astype(np.int64).T
    both = (left >= 0) & (right >= 0)
    return Pairs(left[both], right[both], left[both], right[both])


class Entries:
    """The texts of each entry of the kaart: all of one entry, in all languages, mean the same to us."""

    def __init__(self, labelled: Iterable[tuple[str, str, str]], texts: Texts) -> None:
        members: dict[str, dict[int, None]] = defaultdict(dict)
        for label, language, text in labelled:
            members[label][texts.number(language, text)] = None
        self._members = [np.array(list(numbers), dtype=np.int64) for numbers in members.values() if len(numbers) > 1]

    def pairs(self, rounds: int, random: np.random.Generator) -> Pairs:
        """Each text, `rounds` times, with another of its entry; the entry is the key."""
        left, right, key = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for number, members in enumerate(self._members):
            for _ in range(rounds):
                shift = random.integers(1, len(members), len(members))
                left.append(members)
                right.append(members[(np.arange(len(members)) + shift) % len(members)])
                key.append(np.full(len(members), -1 - number))
        keys = np.concatenate(key)
        return Pairs(np.concatenate(left), np.concatenate(right), keys, keys)


def shuffled(parts: Iterable[Pairs], random: np.random.Generator) -> Pairs:
    """All pairs of the parts in random order."""
    columns = zip(*((part.left, part.right, part.left_key, part.right_key) for part in parts), strict=True)
    together = Pairs(*(np.concatenate(column) for column in columns))
    return together.pick(random.permutation(len(together)))
