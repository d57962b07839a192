"""A publisher on a small kaart in a folder of its own, with a database and an index; nothing is a stand-in but the encoder."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hash_encoder import HashEncoder
from small_kaart import publish_first, write_small_kaart
from sqlalchemy.ext.asyncio import AsyncEngine
from stand_ins import catalogue_once

from api.answers.ask import Asker
from api.answers.compose import Composer
from api.conversation.tables import Base
from api.database import connect
from api.publishing.publisher import Publisher, build_publisher
from api.settings import Settings
from api.towns import Town, Towns
from knowledge.build import outside
from knowledge.index import current_version, read_index
from knowledge.ingest import passages
from knowledge.lexical import LexicalIndex
from knowledge.search import Search
from sociale_kaart.loader import load_kaart


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_small_kaart(tmp_path / "kaarten")


@pytest.fixture
def settings(tmp_path: Path, folder: Path) -> Settings:
    return Settings(kaart=folder, other_kaarten=(), data=tmp_path / "data")


@pytest.fixture
def encoder() -> HashEncoder:
    return HashEncoder()


@pytest.fixture
def towns(settings: Settings, folder: Path, encoder: HashEncoder) -> Towns:
    """What a server process serves: built from the index on disk."""
    kaart, catalogue = load_kaart(folder), catalogue_once()
    pieces = passages(kaart)
    publish_first(settings)
    dense = read_index(settings.index(folder), pieces, encoder)
    search = Search(pieces, encoder, dense, LexicalIndex([piece.text for piece in pieces]), outside(encoder))
    version = current_version(settings.index(folder))
    return Towns([Town(kaart, catalogue, Asker(kaart, search), Composer(kaart, catalogue), None, version)])


@pytest.fixture
async def engine(settings: Settings) -> AsyncIterator[AsyncEngine]:
    engine = connect(settings.database)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield engine
    await engine.dispose()


@pytest.fixture
def publisher(settings: Settings, towns: Towns, engine: AsyncEngine, encoder: HashEncoder) -> Publisher:
    return build_publisher(settings, catalogue_once(), engine, lambda: dt.datetime.now(dt.UTC), lambda: encoder, towns)
