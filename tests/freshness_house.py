"""A small kaart with owners, served by the chat, the desk and the page for owners; only search, bot and clock are stand-ins."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from app_house import app_with
from desk_house import Clock, cheap_desk
from fastapi import FastAPI
from hash_encoder import HashEncoder
from small_kaart import write_small_kaart
from stand_ins import CannedBot, FixedSearch, running_services

from api.channels import web
from api.desk import router as desk_routes
from api.freshness import router as confirmation_routes
from api.freshness.upkeep import build_upkeep
from api.publishing.publisher import build_publisher
from api.services import Services
from api.settings import Settings
from sociale_kaart.loader import load_kaart

OWNERS = "owners:\n  loket: {name: team sport, email: sport@example.org}\n  stil: {name: de buren}\nowner: loket\n"
MAIL_ADDRESS = "sport@example.org"


def write_kaart(root: Path) -> Path:
    """The small kaart with an owner who has an address, and `geld` with one who has none."""
    folder = write_small_kaart(root)
    add(folder / "kaart.yaml", OWNERS)
    add(folder / "entries/geld.yaml", "owner: stil\n")
    return folder


def add(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


@asynccontextmanager
async def running_house(folder: Path, data: Path, clock: Clock, **options: Any) -> AsyncIterator[Services]:
    """The services for the kaart in `folder`, with the real publisher."""
    data.mkdir(parents=True, exist_ok=True)
    settings, search = Settings(kaart=folder, other_kaarten=(), data=data, **options), FixedSearch()
    search.ids = ["zwemles", "fiets"]
    async with running_services(settings, load_kaart(folder), search, CannedBot(), clock) as services:
        encoder = HashEncoder()
        publisher = build_publisher(settings, services.catalogue, services.engine, clock, lambda: encoder, services.towns)
        yield dataclasses.replace(services, publisher=publisher)


def build_app() -> FastAPI:
    """The routes of the chat, the desk and the page for owners."""
    return app_with(web.router, desk_routes.router, confirmation_routes.router)


def furnish(app: FastAPI, services: Services, clock: Clock) -> None:
    """Give the app its services, the desk and the upkeep, all by one clock."""
    app.state.services = services
    app.state.desk, app.state.upkeep = cheap_desk(services, clock), build_upkeep(services, clock)
