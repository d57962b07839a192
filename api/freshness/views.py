"""What pages about freshness show, made from a kaart and reports. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from api.answers.facts import FactSheet
from api.freshness.reports import Report, What
from api.towns import Town
from sociale_kaart.freshness import Due, due, owner_of
from sociale_kaart.municipality import Owner
from sociale_kaart.review import ORIGINAL
from sociale_kaart.schema import Entry, Verified


@dataclass(frozen=True)
class EntryView:
    """What the kaart says in Dutch about an entry, whole, also when newcomers are not told it any more."""

    id: str
    name: str
    answer: tuple[str, ...]
    steps: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    """Label and value."""
    sources: tuple[str, ...]
    verified: Verified
    owner: Owner | None
    own: bool
    """False for an entry that several kaarten share: it is not changed from here."""


@dataclass(frozen=True)
class ReportedView:
    """An entry that people reported something about. `name` is its id when the kaart does not have it any more."""

    id: str
    name: str
    counts: tuple[tuple[What, int], ...]
    texts: tuple[str, ...]
    newest: dt.datetime
    last_id: int


@dataclass(frozen=True)
class UpkeepView:
    """What is to be done to keep a kaart true."""

    reported: tuple[ReportedView, ...]
    dues: tuple[Due, ...]


def view_entry(town: Town, entry: Entry, now: dt.datetime) -> EntryView:
    """The entry as its Dutch text and facts tell it now."""
    text, documents = entry.texts[ORIGINAL], town.kaart.municipality.sources
    known = FactSheet(entry, ORIGINAL, town.catalogue, now).known()
    return EntryView(
        id=entry.id,
        name=text.name,
        answer=text.answer,
        steps=text.steps,
        facts=tuple((town.catalogue.text(ORIGINAL, f"facet.{facet}"), value) for facet, value in known),
        sources=tuple(
            f"{', '.join(filter(None, (documents[ref.document].title, ref.chapter)))} ({documents[ref.document].date})"
            for ref in entry.sources
        ),
        verified=entry.verified,
        owner=owner_of(town.kaart, entry),
        own=town.kaart.is_own(entry.id),
    )


def view_upkeep(town: Town, reports: Iterable[Report], today: dt.date) -> UpkeepView:
    """Entries with reports, the newest first; then those that are due, the longest first."""
    by_entry: dict[str, list[Report]] = {}
    for report in reports:
        by_entry.setdefault(report.entry_id, []).append(report)
    reported = [view_reported(town, id, about) for id, about in by_entry.items()]
    return UpkeepView(tuple(sorted(reported, key=lambda view: view.newest, reverse=True)), tuple(due(town.kaart, today)))


def view_reported(town: Town, id: str, about: list[Report]) -> ReportedView:
    """The open reports about one entry, at least one, oldest first."""
    entry = town.kaart.find(id)
    counted = ((what, sum(report.what is what for report in about)) for what in What)
    return ReportedView(
        id=id,
        name=entry.texts[ORIGINAL].name if entry else id,
        counts=tuple((what, count) for what, count in counted if count),
        texts=tuple(report.text for report in about if report.text),
        newest=about[-1].at,
        last_id=about[-1].id,
    )
