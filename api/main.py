"""The application: middleware, routers, nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import structlog
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from prometheus_client import make_asgi_app

from api import health
from api.channels import web
from api.database import migrate
from api.desk.router import router as desk
from api.errors_http import install_handlers
from api.headers import SecurityHeaders
from api.rasa import webhook
from api.services import Services, build_services
from api.settings import Settings

log = structlog.get_logger(__name__)
STATIC = Path(__file__).parent / "static"
RETENTION_EVERY_SECONDS = 3600


def create_app(settings: Settings) -> FastAPI:
    """The web application for `settings`. Building happens when the server starts it."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        migrate(settings.database)
        async with build_services(settings) as services:
            app.state.services = services
            sweeper = asyncio.create_task(_sweep(services))
            yield
            sweeper.cancel()
            with suppress(asyncio.CancelledError):
                await sweeper

    app = FastAPI(title="Kaart assistant", version="0.1.0", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.add_middleware(SecurityHeaders)
    install_handlers(app)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.mount("/metrics", make_asgi_app())
    for router in (health.router, web.router, desk, webhook.router):
        app.include_router(router)
    return app


async def _sweep(services: Services) -> None:
    """Retention, as long as the server runs."""
    while True:
        removed = await services.retention.run()
        if removed:
            log.info("retention", conversations=removed)
        await asyncio.sleep(RETENTION_EVERY_SECONDS)
