"""A small kaart whose entries are overdue since 31 July 2026, seen on 23 November; with a desk worker and an owner."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from aiosmtpd.controller import Controller
from desk_house import ORIGIN, Clock, Worker, new_worker
from fastapi import FastAPI
from freshness_house import build_app, furnish, running_house, write_kaart
from mail_server import Inbox, running_server

from api.freshness.upkeep import Upkeep
from api.services import Services


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_kaart(tmp_path / "kaarten")


@pytest.fixture
async def services(folder: Path, tmp_path: Path, clock: Clock) -> AsyncIterator[Services]:
    async with running_house(folder, tmp_path / "data", clock) as running:
        yield running


@pytest.fixture
def app(services: Services, clock: Clock) -> FastAPI:
    app = build_app()
    furnish(app, services, clock)
    return app


@pytest.fixture
def upkeep(app: FastAPI) -> Upkeep:
    found: Upkeep = app.state.upkeep
    return found


@pytest.fixture
async def visitor(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without JavaScript: it keeps cookies and follows no redirects."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN, headers={"accept": "text/html"}) as browser:
        yield browser


@pytest.fixture
async def sanne(app: FastAPI, visitor: httpx.AsyncClient) -> Worker:
    worker = await new_worker(app.state.desk, visitor, "sanne@example.org", "Sanne", town=app.state.services.towns.first.id)
    await worker.log_in()
    return worker


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def server(inbox: Inbox) -> Iterator[Controller]:
    """A mail server without encryption, as on the machine itself."""
    with running_server(inbox) as running:
        yield running
