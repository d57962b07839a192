"""Stand-ins for search and the bot, and the services around them: all else in the tests is the real thing."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache, partial
from typing import cast

from api.answers.answer import Answer
from api.answers.ask import Asker
from api.answers.compose import Composer
from api.conversation.broadcast import Broadcast
from api.conversation.flow import Flow
from api.conversation.handover import Handover
from api.conversation.retention import Retention
from api.conversation.store import Clock, ConversationStore
from api.conversation.tables import Base
from api.conversation.watch import load_watch
from api.database import connect
from api.freshness.reports import Reports
from api.i18n.catalogue import load_catalogue
from api.publishing.publisher import build_publisher
from api.rasa.actions import Actions
from api.rasa.client import RasaClient
from api.services import Services, encoder_once
from api.settings import Settings
from api.towns import Town, Towns
from api.whatsapp.build import build_bridge
from knowledge.calibration import Zone
from knowledge.lexical import Letters
from knowledge.passages import Passage
from knowledge.search import Found, Hit
from sociale_kaart.kaart import Kaart
from sociale_kaart.loader import load_kaart


class FixedSearch:
    """Finds the entries that a test sets, in the zone that it sets."""

    def __init__(self) -> None:
        self.ids = ["zwemlessen", "zwemveiligheid", "stips"]
        self.zone: Zone = "answer"

    def find(self, text: str, language: str | None, limit: int = 10) -> Found:
        hits = tuple(Hit(id, 0.9 - n / 10, 0.9, 0.9, Passage(id, "nl", "name", id)) for n, id in enumerate(self.ids))
        return Found(hits[:limit], self.zone, 0.9)


class CannedBot:
    """Says what a test set for a message, else nothing: then search answers."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[str] = []
        self.forgotten: list[str] = []

    async def ask(self, sender: str, message: str, metadata: Mapping[str, str | None]) -> list[Answer]:
        self.asked.append(message)
        return self.answers.get(message, [])

    async def forget(self, sender: str) -> None:
        self.forgotten.append(sender)

    async def ready(self) -> bool:
        return True


def now() -> dt.datetime:
    """The present moment: pages say 'today' by it."""
    return dt.datetime.now(dt.UTC)


# Read once for all tests: hundreds of applications share these files.
catalogue_once = cache(load_catalogue)
kaart_once = cache(load_kaart)
watch_once = cache(load_watch)


def say(language: str, key: str, **values: object) -> str:
    """A sentence of the catalogue."""
    return catalogue_once().text(language, key, **values)


@asynccontextmanager
async def running_services(
    settings: Settings, kaart: Kaart, search: FixedSearch, bot: CannedBot, clock: Clock = now
) -> AsyncIterator[Services]:
    """The services on an empty database."""
    engine = connect(settings.database)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    catalogue, broadcast, store = catalogue_once(), Broadcast(), ConversationStore(engine, clock)
    towns = Towns([Town(kaart, catalogue, Asker(kaart, search), Composer(kaart, catalogue), None)])
    handover, limit = Handover(store, catalogue), settings.message_limit
    retention = Retention(store, bot, clock, settings.retention_days)
    flow = Flow(store, watch_once(), bot, towns, handover, retention, broadcast, clock, limit, Reports(engine, clock))
    client, actions = cast(RasaClient, bot), Actions(towns)
    publisher = build_publisher(settings, catalogue, engine, clock, partial(encoder_once, settings.encoder), towns)
    async with build_bridge(settings, engine, store, flow, towns, broadcast, clock) as whatsapp:
        yield Services(
            settings,
            towns,
            catalogue,
            engine,
            store,
            flow,
            handover,
            retention,
            actions,
            client,
            broadcast,
            publisher,
            Letters(),
            watch_once(),
            whatsapp,
        )
    await engine.dispose()
