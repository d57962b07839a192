"""A real browser and a real server, with stand-ins for search and the bot."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from app_house import app_with
from chat_server import Server
from house import served
from real_browser import browser as browser
from stand_ins import FixedSearch

from api.channels import web
from api.settings import Settings
from sociale_kaart.kaart import Kaart


@pytest.fixture(scope="session")
def search() -> FixedSearch:
    return FixedSearch()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, kaart: Kaart, search: FixedSearch) -> Iterator[Server]:
    """The chat's routes on a database of this session."""
    settings = Settings(data=tmp_path_factory.mktemp("browser"), messages_per_minute=1000)
    with served(app_with(web.router), settings, kaart, search=search) as running:
        yield running
