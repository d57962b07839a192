"""What one turn writes: kept until the turn is over, and then written at once, so that a crash leaves all of it or nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.conversation.model import Conversation

Write = Callable[[AsyncSession], Awaitable[None]]
"""Writes in the transaction it is given. Raises what the caller of the turn must hear."""


class Pending:
    """The writes of one turn about conversation `id`, in order, and how the conversation looks with them."""

    def __init__(self, id: int) -> None:
        self.id = id
        self._values: dict[str, Any] = {}
        self._writes: list[Write] = []

    def add(self, values: Mapping[str, Any], write: Write) -> None:
        """Keep `write`; `values` are the columns of the conversation that it changes."""
        self._values |= values
        self._writes.append(write)

    def seen(self, conversation: Conversation) -> Conversation:
        """The conversation as it will be."""
        values = dict(self._values)
        if "staff_id" in values and values["staff_id"] is None:
            values["staff_name"] = None
        return dataclasses.replace(conversation, **values)

    async def write(self, session: AsyncSession) -> None:
        """Write everything that was kept."""
        for write in self._writes:
            await write(session)


_CURRENT: ContextVar[Pending | None] = ContextVar("pending", default=None)


@contextmanager
def pending(id: int) -> Iterator[None]:
    """Inside, the store keeps what it is told to write about conversation `id`."""
    token = _CURRENT.set(Pending(id))
    try:
        yield
    finally:
        _CURRENT.reset(token)


def current(id: int) -> Pending | None:
    """The turn about conversation `id` that is going on here, or None."""
    turn = _CURRENT.get()
    return turn if turn and turn.id == id else None
