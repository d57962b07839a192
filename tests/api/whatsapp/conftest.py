"""The bridge against a strict fake of the Graph API on loopback; search and the bot are stand-ins, all else is real."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from app_house import app_with
from desk_house import Clock
from fastapi import FastAPI
from graph_api import SECRET, TOKEN, VERIFY, GraphApi, running_graph
from pydantic import SecretStr
from whatsapp_house import World

from api import health
from api.services import Services
from api.settings import Settings
from api.whatsapp.bridge import Bridge
from api.whatsapp.router import router


@pytest.fixture
def clock() -> Clock:
    return Clock(dt.datetime.now(dt.UTC))


@pytest.fixture
def graph(clock: Clock) -> Iterator[GraphApi]:
    with running_graph(clock) as graph:
        yield graph


@pytest.fixture
def settings(tmp_path: Path, graph: GraphApi) -> Settings:
    return Settings(
        data=tmp_path,
        message_limit=200,
        whatsapp_token=SecretStr(TOKEN),
        whatsapp_app_secret=SecretStr(SECRET),
        whatsapp_verify_token=SecretStr(VERIFY),
        whatsapp_api=graph.address,
        whatsapp_per_second=80,
        whatsapp_spacing=0,
        whatsapp_templates="nl:antwoord_klaar,en:reply_ready,ar:reply_ready",
    )


@pytest.fixture
def bridge(services: Services) -> Bridge:
    assert services.whatsapp
    return services.whatsapp


@pytest.fixture
def app(services: Services) -> FastAPI:
    app = app_with(router, health.router)
    app.state.services = services
    return app


@pytest.fixture
async def world(app: FastAPI, graph: GraphApi, services: Services, clock: Clock) -> AsyncIterator[World]:
    """The bridge does not run yet."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bridge.test") as client:
        yield World(client, graph, services, clock)


@pytest.fixture
async def running(world: World, bridge: Bridge) -> AsyncIterator[World]:
    """The same, with the bridge at work."""
    task = asyncio.create_task(bridge.run())
    yield world
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
