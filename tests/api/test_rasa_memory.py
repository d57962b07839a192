"""What Rasa keeps about one sender can be deleted from its own table, and only that."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import create_async_engine

from api.database import connect
from api.rasa.memory import RasaMemory


async def test_one_sender_is_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "rasa.db"
    with sqlite3.connect(file) as database:
        database.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, data TEXT)")
        database.executemany("INSERT INTO events (sender_id, data) VALUES (?, ?)", [("a", "1"), ("a", "2"), ("b", "3")])
    database.close()
    memory = RasaMemory(connect(f"sqlite+aiosqlite:///{file}"))
    await memory.forget("a")
    await memory.close()
    kept = sqlite3.connect(file)
    assert kept.execute("SELECT sender_id, data FROM events").fetchall() == [("b", "3")]
    kept.close()


async def test_nothing_to_forget_is_no_error(tmp_path: Path) -> None:
    memory = RasaMemory(connect(f"sqlite+aiosqlite:///{tmp_path / 'none.db'}"))
    await memory.forget("a")
    await memory.close()


async def test_what_cannot_be_deleted_now_is_an_error_and_not_taken_for_nothing(tmp_path: Path) -> None:
    file = tmp_path / "rasa.db"
    busy = sqlite3.connect(file, isolation_level=None)
    busy.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, data TEXT)")
    busy.execute("BEGIN EXCLUSIVE")
    memory = RasaMemory(create_async_engine(f"sqlite+aiosqlite:///{file}", connect_args={"timeout": 0}))
    with pytest.raises(OperationalError):
        await memory.forget("a")
    await memory.close()
    busy.close()
