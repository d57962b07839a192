"""A small kaart and an encoder without a model: words hashed to places in a vector."""

from __future__ import annotations

import datetime as dt
import zlib
from itertools import combinations

import numpy as np
import pytest

from knowledge.ingest import passages
from knowledge.passages import Passage
from knowledge.text import words
from sociale_kaart.kaart import Kaart
from sociale_kaart.municipality import DeskHours, Municipality
from sociale_kaart.schema import Entry, Review, Text, Verified

TOPICS = {
    "zwemles": {"nl": "zwemmen zwembad water duiken badpak", "en": "swimming pool water dive swimsuit"},
    "fiets": {"nl": "fiets trappen wiel band zadel", "en": "bicycle pedal wheel tyre saddle"},
    "huisarts": {"nl": "dokter ziek koorts hoesten pijn", "en": "doctor ill fever cough pain"},
    "school": {"nl": "school klas juf leren rekenen", "en": "school classroom teacher learn maths"},
    "geld": {"nl": "geld schuld betalen rekening lening", "en": "money debt pay bill loan"},
    "tolk": {"nl": "tolk taal vertalen praten luisteren", "en": "interpreter language translate speak listen"},
}


class HashEncoder:
    """Knows only whether words are the same; deterministic. `encode` gives float32 unit rows [texts, 64]."""

    dimension = 64

    def __init__(self, checksum: str = "fake-1") -> None:
        self.checksum = checksum

    def encode(self, texts):
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[0] = 0.1  # no row is empty
            for word in words(text):
                row[zlib.crc32(word.encode()) % self.dimension] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


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
