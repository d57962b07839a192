"""People with phones, WhatsApp between them and us, and the bridge at work."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from desk_house import Clock
from graph_api import NUMBER, GraphApi, envelope, message_from, raw_bytes, signed_headers
from sqlalchemy import func, select

from api.services import Services
from api.whatsapp.tables import BubbleRow, InboxRow

SELAM = "31600000001"


class World:
    """What tests do and see."""

    def __init__(self, client: httpx.AsyncClient, graph: GraphApi, services: Services, clock: Clock) -> None:
        self.client, self.graph, self.services, self.clock = client, graph, services, clock
        self._count = itertools.count(1)

    async def post(self, body: dict[str, Any]) -> httpx.Response:
        raw = raw_bytes(body)
        return await self.client.post("/whatsapp/webhook", content=raw, headers=signed_headers(raw))

    async def writes(self, body: str | dict[str, Any], person: str = SELAM, **more: Any) -> None:
        """A person sends something; it is stored when this ends."""
        id = more.pop("id", None) or f"wamid.{person}.{next(self._count)}"
        at = more.pop("at", None) or self.clock()
        self.graph.heard(person)
        answer = await self.post(envelope(more.pop("number", NUMBER), messages=[message_from(person, body, id, at)]))
        assert answer.status_code == 200

    async def says(self, body: str | dict[str, Any], person: str = SELAM, bubbles: int = 1, **more: Any) -> list[str]:
        """Send something and wait for so many bubbles; gives their words."""
        before = len(self.graph.words_to(person))
        await self.writes(body, person, **more)
        await self.until(lambda graph: len(graph.words_to(person)) >= before + bubbles)
        return self.graph.words_to(person)[before:]

    async def until(self, enough: Callable[[GraphApi], bool]) -> None:
        await asyncio.to_thread(self.graph.wait, enough)

    async def settled(self) -> None:
        """Until nothing is left to handle or to send now."""
        await soon(self._nothing_left)

    async def not_busy(self) -> None:
        """Until what is under way has been written down; what must wait may still be there."""
        await soon(self._idle)

    async def settled_or_halted(self) -> None:
        """Until the sender has given up for now."""
        await soon(self._halted)

    async def _nothing_left(self) -> bool:
        bridge = self.services.whatsapp
        assert bridge
        open_letters = await bridge._parts.inbox.senders()
        await bridge.outbox.plan()
        return not open_letters and not await bridge.outbox.due() and await self._idle()

    async def _halted(self) -> bool:
        assert self.services.whatsapp
        return self.services.whatsapp.trouble is not None

    async def _idle(self) -> bool:
        """Whether no letter is being handled and no bubble is on its way right now."""
        async with self.services.store._sessions() as session:
            letters = await session.scalar(select(func.count()).select_from(InboxRow).where(InboxRow.done.is_(False)))
            bubbles = await session.scalar(select(func.count()).select_from(BubbleRow).where(BubbleRow.state == "sending"))
        return not letters and not bubbles


async def soon(done: Callable[[], Awaitable[bool]]) -> None:
    """Wait for it; TimeoutError when it does not come about."""
    async with asyncio.timeout(30):
        while not await done():
            await asyncio.sleep(0.05)
