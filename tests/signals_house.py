"""Invented newcomers who ask in five languages, through the real flow: for tests of signals and for pictures of the pages."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from desk_house import Clock, cheap_desk
from fastapi import FastAPI
from hash_encoder import HashEncoder
from small_kaart import publish_first, write_small_kaart
from stand_ins import CannedBot, FixedSearch, running_services

from api.answers.ask import Asker
from api.answers.compose import Composer
from api.conversation.flow import Incoming
from api.conversation.model import Conversation
from api.publishing.publisher import build_publisher
from api.services import Services
from api.settings import Settings
from api.signals.groups import Groups
from api.signals.signals import Signals, build_signals
from api.signals.store import SignalStore
from api.towns import Town
from knowledge.build import outside
from knowledge.index import current_version, read_index
from knowledge.ingest import passages
from knowledge.lexical import LexicalIndex
from knowledge.search import Search
from sociale_kaart.loader import load_kaart


class Person:
    """A newcomer in a town, through the real flow; search finds what the test sets."""

    def __init__(self, services: Services, secret: str, language: str = "nl", channel: str = "web") -> None:
        self._services, self._secret, self._language, self._channel, self._count = services, secret, language, channel, 0

    async def conversation(self) -> Conversation:
        return await self._services.store.open(self._channel, self._secret, self._services.towns.first.id)

    async def ask(self, text: str) -> Conversation:
        """Write `text` in the person's language."""
        if self._count == 0:
            await self.tap(f'/language{{"language":"{self._language}"}}')
        return await self._send(text, False)

    async def tap(self, payload: str) -> Conversation:
        """Tap a button."""
        return await self._send(payload, True)

    async def _send(self, text: str, tapped: bool) -> Conversation:
        self._count += 1
        conversation = await self.conversation()
        await self._services.flow.receive(conversation, Incoming(f"{self._count}", text, tapped))
        return await self.conversation()


@asynccontextmanager
async def signals_house(root: Path, clock: Clock) -> AsyncIterator[tuple[Services, FixedSearch]]:
    """The services for the small kaart with its real publisher; what newcomers are answered is set by the test."""
    folder = write_small_kaart(root / "kaarten")
    settings, search, encoder = Settings(kaart=folder, other_kaarten=(), data=root / "data"), FixedSearch(), HashEncoder()
    settings.data.mkdir(parents=True, exist_ok=True)
    search.ids = ["zwemles", "fiets", "huisarts"]
    async with running_services(settings, load_kaart(folder), search, CannedBot(), clock) as services:
        publish_first(settings)
        publisher = build_publisher(settings, services.catalogue, services.engine, clock, lambda: encoder, services.towns)
        yield dataclasses.replace(services, publisher=publisher), search


def real_town(settings: Settings, services: Services) -> Town:
    """The town with the search that is published, for what is measured at the gate."""
    kaart, encoder = load_kaart(settings.kaart), HashEncoder()
    pieces = passages(kaart)
    dense = read_index(settings.index(settings.kaart), pieces, encoder)
    search = Search(pieces, encoder, dense, LexicalIndex([piece.text for piece in pieces]), outside(encoder))
    catalogue = services.catalogue
    return Town(
        kaart, catalogue, Asker(kaart, search), Composer(kaart, catalogue), None, current_version(settings.index(settings.kaart))
    )


def furnish(app: FastAPI, services: Services, clock: Clock) -> None:
    """Give the app its services, the desk and the signals, all by one clock, with the encoder without a model."""
    app.state.services, app.state.desk = services, cheap_desk(services, clock)
    app.state.signals = hashed_signals(services, clock)


def hashed_signals(services: Services, clock: Clock) -> Signals:
    """Signals that compare questions by their words."""
    store, fewest = SignalStore(services.engine), services.settings.signals_fewest
    encoder = HashEncoder()
    return dataclasses.replace(build_signals(services, clock), store=store, groups=Groups(store, lambda: encoder, fewest))


async def ask_in_vain(services: Services, search: FixedSearch, texts: Sequence[tuple[str, str]], prefix: str = "p") -> None:
    """One person for each (language, question), whom nothing can be answered."""
    before, search.zone = search.zone, "person"
    for number, (language, text) in enumerate(texts):
        await Person(services, f"{prefix}{number}", language).ask(text)
    search.zone = before
