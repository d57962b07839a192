"""How often an address may make a card or report something: a public form that writes must not be filled by a machine."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.channels.limits import MINUTE, PEOPLE_PER_ADDRESS
from api.deps import made_once
from api.ratelimit import RateLimit
from api.settings import Settings


@dataclass(frozen=True)
class Limits:
    """Per address: many volunteers of one office share it."""

    cards: RateLimit
    reports: RateLimit
    searches: RateLimit


def build_limits(settings: Settings) -> Limits:
    """As many in a minute as messages of one conversation; searches as messages of one address."""
    cards, reports = (RateLimit(settings.messages_per_minute, MINUTE, time.monotonic) for _ in range(2))
    return Limits(cards, reports, RateLimit(settings.messages_per_minute * PEOPLE_PER_ADDRESS, MINUTE, time.monotonic))


async def limits(request: Request) -> Limits:
    """The application's limits."""
    return made_once(request, "volunteer_limits", lambda services: build_limits(services.settings))


LimitsDep = Annotated[Limits, Depends(limits)]
