"""The desk through HTTP, as workers in their browsers meet it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import cast

import httpx
import pytest
from app_house import app_with
from desk_house import ORIGIN, Clock, Newcomer, Worker, cheap_desk, new_worker
from fastapi import FastAPI

from api.desk import router as desk_routes
from api.desk.desk import Desk
from api.services import Services
from api.settings import Settings


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, message_limit=500, logins_per_quarter=5, session_hours=10)


@pytest.fixture
def app(services: Services, clock: Clock) -> FastAPI:
    """The desk's routes."""
    app = app_with(desk_routes.router)
    app.state.services = services
    app.state.desk = cheap_desk(services, clock)
    return app


@pytest.fixture
def desk(app: FastAPI) -> Desk:
    return cast(Desk, app.state.desk)


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[Callable[[], httpx.AsyncClient]]:
    """Makes browsers: each keeps its own cookies and follows no redirects."""
    opened: list[httpx.AsyncClient] = []

    def open_one() -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app)
        opened.append(httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers={"accept": "text/html"}))
        return opened[-1]

    yield open_one
    for client in opened:
        await client.aclose()


@pytest.fixture
async def sanne(app: FastAPI, desk: Desk, browser: Callable[[], httpx.AsyncClient]) -> Worker:
    worker = await new_worker(desk, browser(), "sanne@example.org", "Sanne", town=app.state.services.towns.first.id)
    await worker.log_in()
    return worker


@pytest.fixture
async def omar(app: FastAPI, desk: Desk, browser: Callable[[], httpx.AsyncClient]) -> Worker:
    worker = await new_worker(desk, browser(), "omar@example.org", "Omar", town=app.state.services.towns.first.id)
    await worker.log_in()
    return worker


@pytest.fixture
def newcomer(services: Services) -> Callable[[], Newcomer]:
    """Makes newcomers, each with a conversation of their own."""
    count = iter(range(1000))
    return lambda: Newcomer(services, f"secret-{next(count)}")
