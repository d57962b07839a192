"""No number of too few people, and no way to work one out."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.signals.suppression import TOGETHER, protected

TABLES = st.dictionaries(st.sampled_from(["nl", "en", "ar", "ti", "uk", "", TOGETHER]), st.integers(1, 40), max_size=7)


def test_small_rows_go_together() -> None:
    assert protected({"nl": 20, "ar": 3, "ti": 4}, 5) == {"nl": 20, TOGETHER: 7}


def test_the_smallest_other_row_goes_along_when_that_is_still_too_small() -> None:
    assert protected({"nl": 20, "ar": 9, "ti": 1}, 5) == {"nl": 20, TOGETHER: 10}


def test_nothing_is_shown_of_too_few_people() -> None:
    assert protected({"nl": 2, "ti": 2}, 5) == {}


@given(TABLES, st.integers(3, 12))
def test_rows_are_large_enough_and_add_up_to_everybody(rows: dict[str, int], fewest: int) -> None:
    shown = protected(rows, fewest)
    assert all(people >= fewest for people in shown.values())
    assert sum(shown.values()) == (sum(rows.values()) if sum(rows.values()) >= fewest else 0)
    assert all(shown[key] == rows[key] for key in shown if key != TOGETHER)


@given(TABLES, st.integers(3, 12))
def test_what_is_protected_already_stays(rows: dict[str, int], fewest: int) -> None:
    shown = protected(rows, fewest)
    assert protected(shown, fewest) == shown


@pytest.mark.parametrize("fewest", [3, 5])
def test_an_attack_that_knows_the_rules_and_the_total_finds_no_small_number(fewest: int) -> None:
    """Somebody who sees a table, and tries every table that would be shown so, is never left with one value for a small row."""
    possible: dict[tuple[tuple[str, int], ...], list[tuple[int, ...]]] = defaultdict(list)
    for counts in product(range(3 * fewest), repeat=3):
        rows = {key: count for key, count in zip(("nl", "ar", "ti"), counts, strict=True) if count}
        possible[tuple(sorted(protected(rows, fewest).items()))].append(counts)
    for shown, candidates in possible.items():
        keys = dict(shown)
        for place, key in enumerate(("nl", "ar", "ti")):
            values = {counts[place] for counts in candidates}
            hidden = any(0 < value < fewest for value in values)
            assert not hidden or (key not in keys and len(values) > 1), (shown, key, values)
