"""Questions that are alike come together; how good the shipped encoder is at it is measured by `kaart signals measure`."""

from __future__ import annotations

import numpy as np
from hash_encoder import HashEncoder
from hypothesis import given
from hypothesis import strategies as st

from api.signals.grouping import clustered, grouped
from api.signals.measure import measure
from knowledge.evaluation import Row

TEXTS = ["fiets wiel band", "dokter ziek", "wiel fiets band", "dokter ziek", "Dokter  ziek", "school klas juf"]


def parts(texts: list[str]) -> set[frozenset[str]]:
    return {frozenset(texts[place] for place in cluster.places) for cluster in grouped(texts, HashEncoder())}


def test_what_is_alike_comes_together_the_largest_first() -> None:
    clusters = grouped(TEXTS, HashEncoder())
    assert [set(cluster.places) for cluster in clusters] == [{1, 3, 4}, {0, 2}, {5}]


@given(st.permutations(TEXTS))
def test_the_order_in_which_people_came_changes_nothing(texts: list[str]) -> None:
    assert parts(texts) == parts(TEXTS)


def test_what_the_encoder_does_not_know_stands_alone() -> None:
    rows = np.zeros((3, 4), dtype=np.float32)
    rows[0, 0] = 1
    assert sorted(clustered(rows)) == [[0], [1], [2]]
    assert clustered(rows[:0]) == []


def test_the_figures_count_pairs_and_groups() -> None:
    asked = [("fiets", "fiets wiel band")] * 3 + [("fiets", "wiel band fiets trappen")] * 2 + [("arts", "dokter ziek")] * 5
    asked += [("arts", "fiets wiel band"), ("geld", "lening")]
    rows = [Row(f"{n}", "nl", "in", "", "", text, (id,)) for n, (id, text) in enumerate(asked)]
    figures = measure(rows, HashEncoder())
    assert (figures.questions, figures.groups, figures.entries) == (12, 2, 2)
    assert figures.purity == 10 / 11
    assert figures.coverage == 11 / 12
    assert figures.recall == (10 + 10) / (10 + 15)
    assert figures.precision == (10 + 10) / (15 + 10)
