"""A real browser and a real server, with stand-ins for search and the bot."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from chat_server import Server
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from real_browser import browser as browser
from stand_ins import CannedBot, FixedSearch, running_services

from api.channels import web
from api.errors_http import install_handlers
from api.headers import SecurityHeaders
from api.pages import HERE
from api.settings import Settings
from sociale_kaart.kaart import Kaart


@pytest.fixture(scope="session")
def search() -> FixedSearch:
    return FixedSearch()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, kaart: Kaart, search: FixedSearch) -> Iterator[Server]:
    """The chat's routes on a database of this session."""
    settings = Settings(data=tmp_path_factory.mktemp("browser"), messages_per_minute=1000)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with running_services(settings, kaart, search, CannedBot()) as services:
            app.state.services = services
            yield

    app = FastAPI(lifespan=lifespan)
    app.add_middleware(SecurityHeaders)
    install_handlers(app)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.include_router(web.router)
    running = Server(app)
    running.start()
    yield running
    running.stop()
