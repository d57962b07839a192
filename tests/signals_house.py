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

from api.conversation.model import Conversation, Step
from api.conversation.turn import Incoming
from api.publishing.publisher import build_publisher
from api.services import Services
from api.settings import Settings
from api.signals.groups import Groups
from api.signals.signals import Signals, build_signals
from api.signals.store import SignalStore
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


IN_VAIN = {
    "nl": [
        "waar kan ik gitaar leren spelen",
        "gitaarles voor mijn zoon",
        "ik zoek een gitaar leraar",
        "mijn naam is Sanne Bakker, is er gitaarles",
    ],
    "en": [
        "where can I learn to play the guitar",
        "guitar lessons for children",
        "is there a gitaar teacher, call me 0612345678",
    ],
    "ar": ["أين يمكنني تعلم العزف على الجيتار", "دروس جيتار للأطفال", "اسمي ياسين وأريد تعلم الجيتار"],
    "ti": ["ጊታር ክመሃር ኣበይ እኽእል", "ናይ ጊታር ትምህርቲ ንቖልዑ"],
    "uk": ["де можна навчитися грати на гітарі", "уроки гітари для дитини", "шукаю вчителя гітари"],
}
"""Questions that no kaart of ours answers; all names and numbers in them are invented."""
ANSWERED = {
    "nl": "waar vind ik een goede fiets",
    "en": "where can I find a good bike",
    "ar": "أين أجد دراجة جيدة",
    "ti": "ጽቡቕ ብሽክለታ ኣበይ ክረክብ እኽእል",
    "uk": "де знайти хороший велосипед",
}
ENTRIES = ("zwemlessen", "huisarts", "bijstandsuitkering", "fiets", "juridische-hulp")


async def busy_weeks(services: Services, search: FixedSearch, clock: Clock, weeks: int = 3) -> None:
    """Weeks of invented people who ask in five languages: some get answers, some wait for a person, some ask in vain.

    The clock stands in the week after them at the end.
    """
    for week in range(weeks):
        for number in range(20 + 6 * week):
            language = ("nl", "ar", "uk", "ti", "en", "ar")[number % 6]
            person = Person(services, f"w{week}p{number}", language)
            search.zone, search.ids = "answer", [ENTRIES[number % len(ENTRIES)], "stips", "fiets"]
            await person.ask(ANSWERED[language])
            if number % 3 == 0:
                await _helped(services, await person.tap("/person"), clock, 4 + number)
        search.zone = "person"
        for language, texts in IN_VAIN.items():
            for number, text in enumerate(texts):
                await Person(services, f"w{week}{language}{number}", language).ask(text)
        clock.move(days=7)
    search.zone = "answer"


async def _helped(services: Services, waiting: Conversation, clock: Clock, minutes: int) -> None:
    start = clock.now
    clock.move(minutes=minutes)
    held = await services.store.step(waiting, Step.CLAIM, staff_id=1)
    clock.move(minutes=12)
    await services.store.step(held, Step.CLOSE, staff_id=1)
    clock.now = start
