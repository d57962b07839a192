"""A real browser and a real server, with stand-ins for search and the bot."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from chat_server import Server
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from playwright.sync_api import Browser, sync_playwright
from stand_ins import CannedBot, FixedSearch, running_services

from api.channels import web
from api.errors_http import install_handlers
from api.headers import SecurityHeaders
from api.pages import HERE
from api.settings import Settings
from sociale_kaart.kaart import Kaart

CHROMIUM = Path("/usr/bin/chromium")
REQUIRED = os.environ.get("KAART_REQUIRE_BROWSER") == "1"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium; without it these tests are skipped, unless the environment requires them.

    One for each module: playwright keeps an event loop running, beside which no test with coroutines could run.
    """
    if not CHROMIUM.exists() and not REQUIRED:
        pytest.skip("chromium is not installed (apt-get install chromium); KAART_REQUIRE_BROWSER=1 makes this a failure")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield started
        started.close()


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
