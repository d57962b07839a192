"""Puts questions that are alike together, whatever their language. Pure: the same questions always give the same groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage

from knowledge.encoder import Encoder

Vectors = npt.NDArray[np.float32]
APART = 0.6
"""How far apart (1 - cosine, the mean over pairs) two groups may be and still become one. Chosen on question variants of thirty
entries in five languages; `kaart signals measure` tells how it does on questions that it was not chosen on."""


@dataclass(frozen=True)
class Cluster:
    """Places of questions that belong together, the most central first."""

    places: tuple[int, ...]


def grouped(texts: Sequence[str], encoder: Encoder, apart: float = APART) -> list[Cluster]:
    """The groups, the largest first. Questions of one wording are compared once, and all of them belong to its group."""
    same: dict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        same[" ".join(text.casefold().split())].append(place)
    wordings = sorted(same)  # so that the order in which people came changes nothing
    vectors = encoder.encode(wordings, query=True)
    clusters = [
        Cluster(tuple(place for member in _central_first(members, vectors) for place in same[wordings[member]]))
        for members in clustered(vectors, apart)
    ]
    return sorted(clusters, key=lambda cluster: (-len(cluster.places), cluster.places))


def clustered(vectors: Vectors, apart: float = APART) -> list[list[int]]:
    """Places of unit rows [texts, dim] by cluster. Average linkage: one stray question does not chain two groups into one.

    A row of zeros, of a text without a known letter, is nobody's neighbour.
    """
    known = [place for place, vector in enumerate(vectors) if vector.any()]
    alone = [[place] for place in range(len(vectors)) if place not in set(known)]
    if len(known) < 2:
        return [*([place] for place in known), *alone]
    labels = fcluster(linkage(vectors[known], method="average", metric="cosine"), apart, criterion="distance")
    members: dict[int, list[int]] = defaultdict(list)
    for place, label in zip(known, labels.tolist(), strict=True):
        members[label].append(place)
    return [*members.values(), *alone]


def _central_first(members: Sequence[int], vectors: Vectors) -> list[int]:
    middle = vectors[list(members)].sum(axis=0)
    return sorted(members, key=lambda place: (-round(float(vectors[place] @ middle), 6), place))
