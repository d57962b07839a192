"""The database engine and its migrations."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_MILLISECONDS = 30_000
"""How long a writer waits for the others: they take turns in no order, so that with many at once one may wait long."""


def connect(url: str) -> AsyncEngine:
    """An engine for `url`. SQLite waits for a writer, keeps readers free of writers, and holds foreign keys."""
    engine = create_async_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _set_pragmas)
    return engine


def migrate(url: str) -> None:
    """Bring the database at `url` to the newest version, making its folder when needed."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    command.upgrade(config, "head")


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[AsyncEngine]:
    """The database at `url` for the work of one command: brought to the newest version, and let go of at the end."""
    await asyncio.to_thread(migrate, url)
    engine = connect(url)
    try:
        yield engine
    finally:
        await engine.dispose()


def _set_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", f"busy_timeout={BUSY_MILLISECONDS}", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
