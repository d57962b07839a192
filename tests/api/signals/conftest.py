"""The small kaart with its desk, and newcomers who ask; only search, bot, encoder and clocks are stand-ins."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from app_house import app_with
from desk_house import ORIGIN, Clock, Worker, new_worker
from fastapi import FastAPI
from signals_house import furnish, signals_house
from stand_ins import FixedSearch

from api.desk import router as desk_routes
from api.services import Services


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def house(tmp_path: Path, clock: Clock) -> AsyncIterator[tuple[Services, FixedSearch]]:
    async with signals_house(tmp_path, clock) as running:
        yield running


@pytest.fixture
def services(house: tuple[Services, FixedSearch]) -> Services:
    return house[0]


@pytest.fixture
def search(house: tuple[Services, FixedSearch]) -> FixedSearch:
    return house[1]


@pytest.fixture
def app(services: Services, clock: Clock) -> FastAPI:
    app = app_with(desk_routes.router)
    furnish(app, services, clock)
    return app


@pytest.fixture
async def sanne(app: FastAPI) -> AsyncIterator[Worker]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers={"accept": "text/html"}) as client:
        worker = await new_worker(app.state.desk, client, "sanne@example.org", "Sanne", town=app.state.services.towns.first.id)
        await worker.log_in()
        yield worker
