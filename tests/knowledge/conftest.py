"""A small kaart in memory."""

from __future__ import annotations

import datetime as dt
from itertools import combinations

import pytest
from hash_encoder import TOPICS, HashEncoder

from knowledge.ingest import passages
from knowledge.passages import Passage
from sociale_kaart.kaart import Kaart
from sociale_kaart.municipality import DeskHours, Municipality
from sociale_kaart.schema import Entry, Review, Text, Verified


def text(id: str, language: str) -> Text:
    keys = TOPICS[id][language].split()
    return Text(
        name=f"{id} {keys[0]}",
        summary=" ".join(keys[:3]),
        answer=(" ".join(keys[2:]),),
        facts={"where": f"{keys[0]} {keys[1]}"},
        questions=tuple(f"{'waar' if language == 'nl' else 'where'} {one} {other}" for one, other in combinations(keys, 2)),
        review=Review(state="draft"),
    )


def entry(id: str, *languages: str) -> Entry:
    return Entry(
        id=id,
        kind="service",
        themes=("health",),
        state="active",
        sources=({"document": "BOEK"},),
        verified=Verified(on=dt.date(2026, 1, 31), by="redactie", against="source"),
        texts={language: text(id, language) for language in languages},
    )


@pytest.fixture
def small_kaart() -> Kaart:
    desk = DeskHours(name={"nl": "het loket", "en": "the desk"})
    settings = Municipality(id="dorp", name="Dorp", languages=("nl", "en"), desk=desk, sources={})
    return Kaart(settings, tuple(entry(id, "nl", "en") for id in TOPICS))


@pytest.fixture
def pieces(small_kaart) -> list[Passage]:
    return passages(small_kaart)


@pytest.fixture
def encoder() -> HashEncoder:
    return HashEncoder()


@pytest.fixture
def another_encoder() -> HashEncoder:
    return HashEncoder("fake-2")
