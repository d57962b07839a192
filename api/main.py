"""The application: middleware, routers, nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import httpx
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from prometheus_client import make_asgi_app

from api import health
from api.addresses import TownAddress
from api.channels import web
from api.channels.frame import Frame
from api.database import migrate
from api.desk.alarm import TIMEOUT_SECONDS, build_alarm
from api.desk.router import router as desk
from api.errors_http import install_handlers
from api.freshness.router import router as confirmation
from api.headers import SecurityHeaders
from api.opendata.router import router as opendata
from api.public.router import router as public
from api.rasa import webhook
from api.services import Services, build_services, now, refresh_town
from api.settings import Settings
from api.sweep import sweep
from api.volunteer.router import router as volunteer
from api.whatsapp.router import router as whatsapp
from api.workers import keep_going

STATIC = Path(__file__).parent / "static"
RETENTION_EVERY_SECONDS = 3600
LOOK_FOR_PUBLICATIONS_SECONDS = 1
PAUSE_SECONDS = 10.0
"""Before work that broke down begins again."""


def create_app(settings: Settings) -> FastAPI:
    """The web application for `settings`. Building happens when the server starts it."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        migrate(settings.database)
        async with build_services(settings) as services:
            app.state.services = services
            await services.store.adopt(services.towns.first.id)
            work = {"sweep": _sweep, "publications": _follow_publications, "whatsapp": _serve_whatsapp, "alarm": _warn}
            tasks = [asyncio.create_task(keep_going(name, partial(do, services), PAUSE_SECONDS)) for name, do in work.items()]
            yield
            if hasattr(app.state, "desk"):
                await app.state.desk.translating.close()
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    app = FastAPI(title="Kaart assistant", version="0.1.0", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.add_middleware(Frame)
    app.add_middleware(TownAddress)
    app.add_middleware(SecurityHeaders)
    install_handlers(app)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.mount("/metrics", make_asgi_app())
    for router in (health.router, web.router, desk, webhook.router, whatsapp, confirmation, opendata, volunteer, public):
        app.include_router(router)
    return app


async def _sweep(services: Services) -> None:
    """Retention, as long as the server runs."""
    while True:
        await sweep(services)
        await asyncio.sleep(RETENTION_EVERY_SECONDS)


async def _warn(services: Services) -> None:
    """Warn about who waits too long for a person, where a way to warn is set."""
    async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as http:
        await build_alarm(services.settings, services.engine, services.towns, now, http).keep_running()


async def _follow_publications(services: Services) -> None:
    """Whoever publishes swaps the index; every server process sees that and takes over the new kaart."""
    while True:
        await asyncio.sleep(LOOK_FOR_PUBLICATIONS_SECONDS)
        for folder in services.settings.kaarten:
            await asyncio.to_thread(refresh_town, services, folder)


async def _serve_whatsapp(services: Services) -> None:
    """The bridge to WhatsApp, where there is one."""
    if services.whatsapp:
        await services.whatsapp.run()
