"""How Alembic reaches the database: through the address that `api.database.migrate` hands over."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from api.conversation import tables as conversation
from api.desk import account_tables as accounts
from api.desk import tables as desk
from api.desk.audit import tables as audit
from api.freshness import tables as freshness
from api.publishing import tables as publishing
from api.signals import tables as signals
from api.volunteer import tables as volunteer
from api.whatsapp import tables as whatsapp

METADATA = {
    part.Base.metadata for part in (accounts, audit, conversation, desk, freshness, publishing, signals, volunteer, whatsapp)
}
"""One and the same for all parts: importing them makes their tables known."""


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=next(iter(METADATA)), render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


async def upgrade(url: str) -> None:
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        await connection.run_sync(run)
        await connection.commit()
    await engine.dispose()


# A thread of its own: the caller may be inside a running event loop.
with ThreadPoolExecutor(1) as pool:
    pool.submit(asyncio.run, upgrade(context.config.attributes["url"])).result()
