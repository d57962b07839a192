"""The web application on a real database, with stand-ins for search and the bot."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import structlog
from app_house import app_with
from fastapi import FastAPI
from stand_ins import CannedBot, FixedSearch, now, running_services

from api.channels import web
from api.conversation.store import Clock
from api.services import Services
from api.settings import Settings
from sociale_kaart.kaart import Kaart


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, message_limit=200, messages_per_minute=50)


@pytest.fixture
def search() -> FixedSearch:
    return FixedSearch()


@pytest.fixture
def bot() -> CannedBot:
    return CannedBot()


@pytest.fixture
def clock() -> Clock:
    """The real one; where tests move time there is another."""
    return now


@pytest.fixture
async def services(
    settings: Settings, kaart: Kaart, search: FixedSearch, bot: CannedBot, clock: Clock
) -> AsyncIterator[Services]:
    async with running_services(settings, kaart, search, bot, clock) as running:
        yield running


@pytest.fixture
def app(services: Services) -> FastAPI:
    """The chat's routes."""
    app = app_with(web.router)
    app.state.services = services
    return app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without JavaScript: it keeps cookies and follows no redirects."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test", headers={"accept": "text/html"}) as browser:
        yield browser


@pytest.fixture
def logs_as_before() -> Iterator[None]:
    """A command sends the logs to its own standard error, which is gone after the test."""
    yield
    structlog.reset_defaults()
