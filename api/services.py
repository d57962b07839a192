"""The composition root: builds everything from the settings, once, and closes it."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import structlog
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from api.answers.ask import Asker, Searcher
from api.answers.compose import Composer
from api.conversation.broadcast import Broadcast
from api.conversation.danger import load_rules
from api.conversation.flow import Flow
from api.conversation.handover import Handover
from api.conversation.retention import Retention
from api.conversation.store import ConversationStore
from api.database import connect
from api.i18n.catalogue import Catalogue, load_catalogue
from api.rasa.actions import Actions
from api.rasa.client import RasaClient
from api.rasa.form import RuleForm
from api.rasa.memory import RasaMemory
from api.settings import Settings
from knowledge.encoder import load_encoder
from knowledge.errors import KnowledgeError
from knowledge.index import read_index
from knowledge.ingest import passages
from knowledge.lexical import LexicalIndex
from knowledge.search import Search
from sociale_kaart.kaart import Kaart
from sociale_kaart.loader import load_kaart

log = structlog.get_logger(__name__)
KREDIET = "inrichtingskrediet"
DANGER_RULES = Path(__file__).parent / "conversation" / "danger.yaml"


@dataclass(frozen=True)
class Knowledge:
    """What answers questions, without a server: also what the terminal and the evaluation use."""

    kaart: Kaart
    catalogue: Catalogue
    asker: Asker
    composer: Composer
    search_error: str | None


@dataclass(frozen=True)
class Services:
    """Everything a request may need."""

    settings: Settings
    knowledge: Knowledge
    engine: AsyncEngine
    store: ConversationStore
    flow: Flow
    handover: Handover
    retention: Retention
    actions: Actions
    bot: RasaClient
    broadcast: Broadcast


def now() -> dt.datetime:
    """The present moment, aware."""
    return dt.datetime.now(dt.UTC)


def build_search(settings: Settings, kaart: Kaart) -> Search:
    """Hybrid search over the built index.

    Raises:
        KnowledgeError: the model or the index is missing or stale; the message says how to mend it.
    """
    pieces = passages(kaart)
    encoder = load_encoder(settings.model)
    dense = read_index(settings.index, pieces, encoder)
    return Search(pieces, encoder, dense, LexicalIndex([piece.text for piece in pieces]))


def build_knowledge(settings: Settings, *, strict: bool = True) -> Knowledge:
    """The kaart and what answers from it. When not `strict`, a broken search leaves every question to a person."""
    kaart, catalogue = load_kaart(settings.kaart), load_catalogue()
    search: Searcher | None = None
    error: str | None = None
    try:
        search = build_search(settings, kaart)
    except KnowledgeError as failure:
        if strict:
            raise
        error = str(failure)
        log.error("search_unavailable", why=error)
    return Knowledge(kaart, catalogue, Asker(kaart, search), Composer(kaart, catalogue), error)


@asynccontextmanager
async def build_services(settings: Settings) -> AsyncIterator[Services]:
    """Everything for the server; closes connections at the end."""
    if not settings.bot_token.get_secret_value():
        settings = settings.model_copy(update={"bot_token": SecretStr(secrets.token_urlsafe(32))})
    knowledge = build_knowledge(settings, strict=False)
    engine, memory = connect(settings.database), RasaMemory(connect(settings.bot_database))
    async with httpx.AsyncClient(base_url=settings.bot_url, timeout=settings.bot_timeout) as http:
        store, broadcast, bot = ConversationStore(engine, now), Broadcast(), RasaClient(http)
        handover = Handover(store, knowledge.composer, knowledge.catalogue, knowledge.kaart.municipality.desk)
        retention = Retention(store, memory, now, settings.retention_days)
        flow = Flow(
            store,
            load_rules(DANGER_RULES),
            bot,
            knowledge.asker,
            knowledge.composer,
            handover,
            retention,
            broadcast,
            now,
            settings.message_limit,
        )
        actions = Actions(knowledge.asker, RuleForm(knowledge.kaart.rule(KREDIET)))
        yield Services(settings, knowledge, engine, store, flow, handover, retention, actions, bot, broadcast)
    await memory.close()
    await engine.dispose()
