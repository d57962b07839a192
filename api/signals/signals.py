"""What the pages about signals work with, made once per application; and the counting of weeks that are over."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import Annotated

import structlog
from fastapi import Depends, Request

from api.conversation.store import Clock
from api.deps import made_once
from api.services import Services, encoder_once, now
from api.signals.counting import Number, numbers
from api.signals.groups import Groups
from api.signals.overview import shown
from api.signals.store import SignalStore
from api.signals.weeks import bounds, complete
from api.towns import Town
from sociale_kaart.hours import AMSTERDAM

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Signals:
    """Counts and groups, and the clock that they go by."""

    store: SignalStore
    groups: Groups
    fewest: int
    clock: Clock

    @property
    def today(self) -> dt.date:
        """The local day."""
        return self.clock().astimezone(AMSTERDAM).date()

    async def weeks(self, town: str) -> dict[dt.date, list[Number]]:
        """The numbers that may be shown of each week, the oldest first."""
        return await weeks_shown(self.store, town, self.fewest)


async def weeks_shown(store: SignalStore, town: str, fewest: int) -> dict[dt.date, list[Number]]:
    """The numbers that may be shown of each week, the oldest first; none of fewer than `fewest` people."""
    return {week: shown(numbers, fewest) for week, numbers in (await store.numbers(town)).items()}


def build_signals(services: Services, clock: Clock = now) -> Signals:
    """For these services."""
    store, fewest = SignalStore(services.engine), services.settings.signals_fewest
    return Signals(store, Groups(store, partial(encoder_once, services.settings.encoder), fewest), fewest, clock)


async def signals(request: Request) -> Signals:
    """The application's."""
    return made_once(request, "signals", build_signals)


SignalsDep = Annotated[Signals, Depends(signals)]


async def count_weeks(services: Services, clock: Clock = now) -> int:
    """Count the weeks that are over and were not counted yet, of every town; returns how many."""
    store, fewest = SignalStore(services.engine), services.settings.signals_fewest
    return sum([await _count(store, town, clock(), fewest) for town in services.towns])


async def _count(store: SignalStore, town: Town, now: dt.datetime, fewest: int) -> int:
    oldest, done, counted = await store.oldest(town.id), await store.counted(town.id), 0
    for week in complete(oldest, now) if oldest else ():
        if week in done:
            continue
        start, end = bounds(week)
        turns = await store.turns(town.id, start, end)
        if not turns:  # nothing to keep, so the week is looked at again until retention takes the turns before it
            continue
        happened = await store.happened(town.id, start, end)
        counted += await store.keep(town.id, week, numbers(turns, happened, start, end, partial(_theme, town), fewest))
    if counted:
        log.info("weeks_counted", town=town.id, weeks=counted)
    return counted


def _theme(town: Town, entry_id: str) -> str | None:
    entry = town.kaart.find(entry_id)
    return str(entry.themes[0]) if entry else None
