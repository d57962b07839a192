"""The web application on a real database, with stand-ins for search and the bot."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import structlog
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from stand_ins import CannedBot, FixedSearch, running_services

from api.channels import web
from api.errors_http import install_handlers
from api.headers import SecurityHeaders
from api.pages import HERE
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
async def services(settings: Settings, kaart: Kaart, search: FixedSearch, bot: CannedBot) -> AsyncIterator[Services]:
    async with running_services(settings, kaart, search, bot) as running:
        yield running


@pytest.fixture
def app(services: Services) -> FastAPI:
    """The chat's routes with the project's headers and error handlers."""
    app = FastAPI()
    app.add_middleware(SecurityHeaders)
    install_handlers(app)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.include_router(web.router)
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
