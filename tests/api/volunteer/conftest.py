"""The whole application with two towns, as its server has it, but for search, the bot and time."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from desk_house import Clock
from fastapi import FastAPI
from public_towns import town_with
from stand_ins import CannedBot, FixedSearch, running_services

from api.main import create_app
from api.services import Services
from api.settings import ROOT, Settings
from api.volunteer import router
from sociale_kaart.kaart import Kaart
from sociale_kaart.loader import load_kaart


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time for the pages and for cards."""
    clock = Clock()
    monkeypatch.setattr(router, "now", clock)
    return clock


@pytest.fixture
async def services(settings: Settings, kaart: Kaart, search: FixedSearch, bot: CannedBot) -> AsyncIterator[Services]:
    async with running_services(settings, kaart, search, bot) as running:
        vught = load_kaart(ROOT / "sociale_kaart/vught")
        running.towns.replace(town_with(vught, running.catalogue, search))
        yield running


@pytest.fixture
def app(settings: Settings, services: Services) -> FastAPI:
    """What the server runs: the same routes in the same order."""
    app = create_app(settings)
    app.state.services = services
    return app
