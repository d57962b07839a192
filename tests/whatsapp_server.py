"""The application with the bridge in a process of its own, that a test may kill: real uvicorn, real database, real HTTP.

Search and the bot are stand-ins: `vraag 7` finds the entry with number 7, so that each answer tells which question it is about.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from graph_api import SECRET, TOKEN, VERIFY
from pydantic import SecretStr
from stand_ins import CannedBot, FixedSearch, kaart_once, running_services

from api.errors_http import install_handlers
from api.settings import ROOT, Settings
from api.whatsapp.router import router
from knowledge.passages import Passage
from knowledge.search import Found, Hit
from sociale_kaart.kaart import Kaart
from sociale_kaart.schema import State


def kaart() -> Kaart:
    return kaart_once(ROOT / "sociale_kaart/nijmegen")


def askable() -> list[str]:
    """Entries whose answers are one bubble that begins with their name, and ask nothing back."""
    entries = [entry for entry in kaart() if entry.state is State.ACTIVE and not entry.texts["nl"].for_status]
    return sorted(entry.id for entry in entries)


class NumberedSearch(FixedSearch):
    """Finds the entry whose number stands in the question."""

    def find(self, text: str, language: str | None, limit: int = 10) -> Found:
        number = re.search(r"\d+", text)
        ids = askable()
        id = ids[int(number[0]) % len(ids)] if number else ids[0]
        return Found((Hit(id, 0.9, 0.9, 0.9, Passage(id, "nl", "name", id)),), "answer", 0.9)


def serve(data: str, port: int, graph: str) -> None:
    """Run until killed."""
    settings = Settings(
        data=Path(data),
        whatsapp_token=SecretStr(TOKEN),
        whatsapp_app_secret=SecretStr(SECRET),
        whatsapp_verify_token=SecretStr(VERIFY),
        whatsapp_api=graph,
        whatsapp_per_second=80,
        whatsapp_spacing=0.0,
        whatsapp_unsure_seconds=20,
    )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with running_services(settings, kaart(), NumberedSearch(), CannedBot()) as services:
            app.state.services = services
            assert services.whatsapp
            task = asyncio.create_task(services.whatsapp.run())
            yield
            task.cancel()

    app = FastAPI(lifespan=lifespan)
    install_handlers(app)
    app.include_router(router)
    uvicorn.run(app, port=port, log_level="error", access_log=False)
