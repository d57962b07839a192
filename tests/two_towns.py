"""The whole application with two towns, as its server has it, but for search and the bot; as fixtures."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from desk_house import serve_vught
from fastapi import FastAPI
from stand_ins import CannedBot, FixedSearch, running_services

from api.main import create_app
from api.services import Services
from api.settings import Settings
from sociale_kaart.kaart import Kaart


@pytest.fixture
async def services(settings: Settings, kaart: Kaart, search: FixedSearch, bot: CannedBot) -> AsyncIterator[Services]:
    async with running_services(settings, kaart, search, bot) as running:
        serve_vught(running, search)
        yield running


@pytest.fixture
def app(settings: Settings, services: Services) -> FastAPI:
    """What the server runs: the same routes in the same order."""
    app = create_app(settings)
    app.state.services = services
    return app
