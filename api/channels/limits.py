"""How often people may write, of one conversation and from one address."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.deps import made_once
from api.ratelimit import RateLimit
from api.settings import Settings

MINUTE = 60.0
PEOPLE_PER_ADDRESS = 15
"""A reception centre is one address to us: so many people may write from one at full speed."""


@dataclass(frozen=True)
class Limits:
    """How often people may write."""

    conversation: RateLimit
    address: RateLimit


def build_limits(settings: Settings) -> Limits:
    """Limits per minute, of one conversation and of one address."""
    a_minute = settings.messages_per_minute
    return Limits(RateLimit(a_minute, MINUTE, time.monotonic), RateLimit(a_minute * PEOPLE_PER_ADDRESS, MINUTE, time.monotonic))


async def limits(request: Request) -> Limits:
    """The application's limits."""
    return made_once(request, "chat_limits", lambda services: build_limits(services.settings))


LimitsDep = Annotated[Limits, Depends(limits)]
