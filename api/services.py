"""The composition root: builds everything from the settings, once, and closes it."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import httpx
import structlog
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from api.answers.ask import Asker, Searcher
from api.answers.compose import Composer
from api.conversation.broadcast import Broadcast
from api.conversation.flow import Flow
from api.conversation.handover import Handover
from api.conversation.retention import Retention
from api.conversation.store import ConversationStore
from api.conversation.watch import Watch, load_watch
from api.database import connect
from api.freshness.reports import Reports
from api.i18n.catalogue import Catalogue, load_catalogue
from api.publishing.publisher import Publisher, build_publisher
from api.rasa.actions import Actions
from api.rasa.client import RasaClient
from api.rasa.memory import RasaMemory
from api.settings import Settings
from api.towns import Town, Towns
from api.whatsapp.bridge import Bridge
from api.whatsapp.build import build_bridge
from knowledge.build import outside
from knowledge.encoder import load_encoder
from knowledge.errors import KnowledgeError
from knowledge.index import current_version, read_index
from knowledge.ingest import passages
from knowledge.lexical import Letters
from knowledge.search import Search
from sociale_kaart.errors import KaartInvalid
from sociale_kaart.kaart import Kaart
from sociale_kaart.loader import load_kaart

log = structlog.get_logger(__name__)
encoder_once = cache(load_encoder)
"""All towns share one encoder, also those that are built anew after a publication."""


@dataclass(frozen=True)
class Services:
    """Everything a request may need."""

    settings: Settings
    towns: Towns
    catalogue: Catalogue
    engine: AsyncEngine
    store: ConversationStore
    flow: Flow
    handover: Handover
    retention: Retention
    actions: Actions
    bot: RasaClient
    broadcast: Broadcast
    publisher: Publisher
    letters: Letters
    danger: Watch
    whatsapp: Bridge | None = None


def now() -> dt.datetime:
    """The present moment, aware."""
    return dt.datetime.now(dt.UTC)


def build_search(settings: Settings, folder: Path, kaart: Kaart, letters: Letters) -> Search:
    """Hybrid search over the built index; `letters` saves counting what did not change since the last time.

    Raises:
        KnowledgeError: the model or the index is missing or stale; the message says how to mend it.
    """
    pieces = passages(kaart)
    encoder = encoder_once(settings.encoder)
    dense = read_index(settings.index(folder), pieces, encoder)
    return Search(pieces, encoder, dense, letters.index(folder.name, [piece.text for piece in pieces]), outside(encoder))


def build_town(
    settings: Settings, folder: Path, catalogue: Catalogue, letters: Letters | None = None, *, strict: bool = True
) -> Town:
    """The kaart in `folder` and what answers from it. When not `strict`, a broken search leaves every question to a person."""
    kaart, version = load_kaart(folder), current_version(settings.index(folder))
    search: Searcher | None = None
    error: str | None = None
    try:
        search = build_search(settings, folder, kaart, letters or Letters())
    except KnowledgeError as failure:
        if strict:
            raise
        error = str(failure)
        log.error("search_unavailable", town=kaart.municipality.id, why=error)
    return Town(kaart, catalogue, Asker(kaart, search), Composer(kaart, catalogue), error, version)


def refresh_town(services: Services, folder: Path) -> None:
    """Take over what was published for the kaart in `folder` since; the old one stays when the new one cannot be used."""
    towns, version = services.towns, current_version(services.settings.index(folder))
    if version is None or version == towns.tried(folder.name):
        return
    try:
        town = build_town(services.settings, folder, services.catalogue, services.letters)
    except (KaartInvalid, KnowledgeError) as failure:
        log.error("publication_not_taken_over", town=folder.name, why=type(failure).__name__)
        towns.refuse(folder.name, version)
    else:
        towns.replace(town)
        log.info("publication_taken_over", town=town.id, version=version)


@asynccontextmanager
async def build_services(settings: Settings) -> AsyncIterator[Services]:
    """Everything for the server; closes connections at the end."""
    if not settings.bot_token.get_secret_value():
        settings = settings.model_copy(update={"bot_token": SecretStr(secrets.token_urlsafe(32))})
    catalogue, danger = load_catalogue(), load_watch()
    letters = Letters()
    towns = Towns(build_town(settings, folder, catalogue, letters, strict=False) for folder in settings.kaarten)
    engine, memory = connect(settings.database), RasaMemory(connect(settings.bot_database))
    async with httpx.AsyncClient(base_url=settings.bot_url, timeout=settings.bot_timeout) as http:
        store, broadcast, bot = ConversationStore(engine, now), Broadcast(), RasaClient(http)
        handover = Handover(store, catalogue)
        retention = Retention(store, memory, now, settings.retention_days)
        flow = Flow(
            store,
            danger,
            bot,
            towns,
            handover,
            retention,
            broadcast,
            now,
            settings.message_limit,
            Reports(engine, now),
        )
        actions = Actions(towns)
        publisher = build_publisher(settings, catalogue, engine, now, partial(encoder_once, settings.encoder), towns, letters)
        async with build_bridge(settings, engine, store, flow, towns, broadcast, now) as whatsapp:
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
                bot,
                broadcast,
                publisher,
                letters,
                danger,
                whatsapp,
            )
    await memory.close()
    await engine.dispose()
