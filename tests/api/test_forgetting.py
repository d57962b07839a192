"""Whoever is forgotten leaves nothing behind, in any table there is, also one that is made later."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import JSON, Column, Table, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from api import main
from api.conversation.retention import Retention
from api.conversation.tables import Base, Moment
from api.desk.audit.tables import AuditRow
from api.errors import NotFound
from api.services import Services, now
from api.sweep import sweep
from api.whatsapp.tables import InboxRow

assert main, "imported so that every table is known"
SAMPLES: dict[type, Any] = {
    str: "bot", int: 1, bool: False, float: 0.5, dt.date: dt.date(2026, 11, 2),
}  # fmt: skip
NOT_TIED = {AuditRow.__tablename__: "conversation", InboxRow.__tablename__: "sender"}
"""The audit log keeps a number that leads nowhere; a letter is emptied as soon as it is handled."""


def hanging() -> list[Table]:
    """The conversation and every table with a way to it, those that are pointed at first."""
    found = {"conversation"}
    tables = [table for table in Base.metadata.sorted_tables if table.name != "staff"]
    while more := {table.name for table in tables if {key.column.table.name for key in table.foreign_keys} & found} - found:
        found |= more
    return [table for table in Base.metadata.sorted_tables if table.name in found]


def values(table: Table, ids: dict[str, int]) -> dict[str, Any]:
    """A row with something in every column."""
    return {
        column.name: sample(column, ids)
        for column in table.columns
        if column.foreign_keys or not column.primary_key or len(table.primary_key) > 1
    }


def sample(column: Column[Any], ids: dict[str, int]) -> Any:
    for key in column.foreign_keys:
        # What points at its own table would point at nothing yet.
        return ids.get(key.column.table.name)
    if isinstance(column.type, JSON):
        return {}
    if column.name == "reason":
        return None
    return now() if isinstance(column.type, Moment) else SAMPLES[column.type.python_type]


async def fill(connection: AsyncConnection) -> None:
    ids: dict[str, int] = {}
    for table in [Base.metadata.tables["staff"], *hanging()]:
        made = await connection.execute(insert(table).values(values(table, ids)))
        ids[table.name] = made.inserted_primary_key[0]


async def left(connection: AsyncConnection) -> dict[str, int]:
    counted = {table.name: await connection.scalar(select(func.count()).select_from(table)) for table in hanging()}
    return {name: int(number or 0) for name, number in counted.items()}


async def test_forgetting_leaves_no_row_in_any_table_that_hangs_on_a_conversation(services: Services) -> None:
    async with services.engine.begin() as connection:
        await fill(connection)
        assert set((await left(connection)).values()) == {1}
        id = await connection.scalar(select(Base.metadata.tables["conversation"].c.id))
    await services.retention.forget(int(id or 0))
    async with services.engine.connect() as connection:
        assert [name for name, number in (await left(connection)).items() if number] == []


def test_what_names_a_conversation_is_tied_to_it() -> None:
    tied = {table.name for table in hanging()}
    naming = {
        table.name: column.name
        for table in Base.metadata.tables.values()
        for column in table.columns
        if "conversation" in column.name
    }
    loose = {name: column for name, column in naming.items() if name not in tied}
    assert loose.items() <= NOT_TIED.items()


async def test_what_rasa_cannot_forget_now_is_kept_to_be_forgotten_later(services: Services) -> None:
    class Locked:
        async def forget(self, sender: str) -> None:
            raise OSError("the database is locked")

    conversation = await services.store.open("web", "secret", services.towns.first.id)
    with pytest.raises(OSError, match="locked"):
        await Retention(services.store, Locked(), now, 1).forget(conversation.id)
    assert await services.store.get(conversation.id), "else nobody would know any more whose words Rasa still has"


async def test_retention_goes_on_when_somebody_was_forgotten_meanwhile(services: Services) -> None:
    first, second = [await services.store.open("web", secret, services.towns.first.id) for secret in "ab"]

    class Forgetting:
        """While the first is being forgotten, its newcomer asks for the same, and gets it."""

        async def forget(self, sender: str) -> None:
            if sender == first.sender:
                await services.store.forget(first.id)

    later = now() + dt.timedelta(days=3)
    await Retention(services.store, Forgetting(), lambda: later, 1).run()
    with pytest.raises(NotFound):
        await services.store.get(second.id)


async def test_letters_of_a_number_that_was_taken_away_go_as_well(services: Services) -> None:
    for days in (29, 27):
        at = now() - dt.timedelta(days=days)
        row = InboxRow(key=str(days), sender="1:2", letter={"text": "words"}, sent_at=at, received_at=at, next_at=at, attempts=0)
        async with services.store._sessions() as session, session.begin():
            session.add(row)
    await sweep(services)
    async with services.engine.connect() as connection:
        assert (await connection.scalars(select(InboxRow.key))).all() == ["27"]
