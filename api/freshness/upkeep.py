"""What the pages about freshness work with, made once per application from its services."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.conversation.store import Clock
from api.deps import made_once
from api.freshness.confirmation import Confirmations
from api.freshness.reports import Reports
from api.freshness.secret import load_secret
from api.services import Services, now
from sociale_kaart.hours import AMSTERDAM


@dataclass(frozen=True)
class Upkeep:
    """Reports, signed links, and the clock that all go by."""

    reports: Reports
    confirmations: Confirmations
    clock: Clock

    @property
    def today(self) -> dt.date:
        """The local day."""
        return self.clock().astimezone(AMSTERDAM).date()


def build_upkeep(services: Services, clock: Clock = now) -> Upkeep:
    """For these services; the secret of signed links is made when there is none."""
    return Upkeep(Reports(services.engine, clock), Confirmations(load_secret(services.settings), clock), clock)


async def upkeep(request: Request) -> Upkeep:
    """The application's."""
    return made_once(request, "upkeep", build_upkeep)


UpkeepDep = Annotated[Upkeep, Depends(upkeep)]
