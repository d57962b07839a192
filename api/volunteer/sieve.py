"""The filters of a query over entries: what fits, what may fit since the kaart does not say, and what falls away. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from api.volunteer.query import SearchQuery
from sociale_kaart.fitting import costs_nothing, for_women, in_district, meant_for, open_now, speaks, takes_age
from sociale_kaart.schema import Entry

Test = Callable[[Entry], bool | None]


@dataclass(frozen=True)
class Verdict:
    """What each set filter says about an entry: True, False, or None when the kaart does not say."""

    entry: Entry
    by_filter: Mapping[str, bool | None]

    @property
    def fits(self) -> bool | None:
        """False when one filter says no, None when one does not know, else True."""
        said = self.by_filter.values()
        if False in said:
            return False
        return None if None in said else True


@dataclass(frozen=True)
class Sieved:
    """Entries in the order in which they came, parted by what the filters say."""

    fitting: tuple[Verdict, ...]
    unsure: tuple[Verdict, ...]
    away: tuple[Verdict, ...]


def sieve(entries: Iterable[Entry], query: SearchQuery, at: dt.datetime) -> Sieved:
    """Nothing is lost: every entry is in one of the three. `at` is the aware moment for 'open now'."""
    filters = dict(_tests(query, at))
    verdicts = [Verdict(entry, {name: test(entry) for name, test in filters.items()}) for entry in entries]
    parts = (tuple(verdict for verdict in verdicts if verdict.fits is said) for said in (True, None, False))
    return Sieved(*parts)


def _tests(query: SearchQuery, at: dt.datetime) -> Iterator[tuple[str, Test]]:
    """The filters that are set, in the order in which they are shown."""
    if theme := query.theme:
        yield "theme", lambda entry: theme in entry.themes
    if query.status:
        yield "status", partial(meant_for, status=query.status)
    if query.age is not None:
        yield "age", partial(takes_age, age=query.age)
    if query.women:
        yield "women", for_women
    if query.language:
        yield "language", partial(speaks, language=query.language)
    if query.cost:
        yield "cost", costs_nothing
    if query.open:
        yield "open", partial(open_now, at=at)
    if query.district:
        yield "district", partial(in_district, district=query.district)
