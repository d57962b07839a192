"""Counts that may be shown: none below a set number of people, and none that can be worked out from the others. Pure.

Everyone counts once in a table, so its rows add up to everybody. Rows of too few people go together into one row. When that one
is still too small, or as large as so many small rows can be at most (then each would be known), the smallest others go along.
What is shown is then a division of everybody into parts of enough people: subtracting gives nothing but other such parts. Which
rows went together is not said, and depends on their numbers alone, so that any two of them may have each other's number.
"""

from __future__ import annotations

from collections.abc import Mapping

TOGETHER = "*"
"""The row of what is too small to stand alone."""


def protected(rows: Mapping[str, int], fewest: int) -> dict[str, int]:
    """The rows of one table, of at least `fewest` people each; nothing at all when there are fewer people than that."""
    alone = {key: people for key, people in rows.items() if people >= fewest}
    small = [people for people in rows.values() if people < fewest]
    together = sum(small)
    while small and alone and (together < fewest or together == len(small) * (fewest - 1)):
        least = min(alone.values())
        small = []  # from now on there is more than one way to make the sum
        together += sum(people for people in alone.values() if people == least)
        alone = {key: people for key, people in alone.items() if people > least}
    if 0 < together < fewest:
        return {}
    return alone | ({TOGETHER: alone.get(TOGETHER, 0) + together} if together else {})
