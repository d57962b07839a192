"""The application with no more routes than a test needs."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles

from api.addresses import TownAddress
from api.channels.frame import Frame
from api.errors_http import install_handlers
from api.headers import SecurityHeaders
from api.pages import HERE


def app_with(*routers: APIRouter) -> FastAPI:
    """The routes behind the project's middleware and error handlers, as the real application has them."""
    app = FastAPI()
    app.add_middleware(Frame)
    app.add_middleware(TownAddress)
    app.add_middleware(SecurityHeaders)
    install_handlers(app)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    for router in routers:
        app.include_router(router)
    return app
