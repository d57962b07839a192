"""Nijmegen and Vught, served as open data."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from opendata_api import Api
from stand_ins import CannedBot, FixedSearch, running_services

from api.addresses import TownAddress
from api.answers.ask import Asker
from api.answers.compose import Composer
from api.opendata.router import router
from api.services import Services
from api.settings import ROOT, Settings
from api.towns import Town
from sociale_kaart.kaart import Kaart
from sociale_kaart.loader import load_kaart


@pytest.fixture(scope="session")
def vught() -> Kaart:
    return load_kaart(ROOT / "sociale_kaart/vught")


@pytest.fixture
async def services(
    settings: Settings, kaart: Kaart, vught: Kaart, search: FixedSearch, bot: CannedBot
) -> AsyncIterator[Services]:
    async with running_services(settings, kaart, search, bot) as running:
        running.towns.replace(Town(vught, running.catalogue, Asker(vught, search), Composer(vught, running.catalogue), None))
        yield running


@pytest.fixture
def app(app: FastAPI) -> FastAPI:
    app.add_middleware(TownAddress)
    app.include_router(router)
    return app


@pytest.fixture
def api(client: httpx.AsyncClient) -> Api:
    client.headers["accept"] = "*/*"
    return Api(client)
