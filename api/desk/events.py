"""What changes while a page is open: server-sent events for the queue and for one conversation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel

from api.conversation.broadcast import QUEUE, topic
from api.deps import ServicesDep
from api.desk.access import TALK, ConversationDep, DeskDep, SecretDep, StaffDep
from api.desk.desk import Desk
from api.desk.filters import WantedDep
from api.desk.pages import queue_html, queue_view
from api.desk.route import DeskRoute
from api.desk.sessions import StaffSession
from api.desk.talk import look, message_html, panel_html, view_of
from api.errors import NotFound
from api.services import Services
from api.visitor import MAX_NUMBER, last_seen
from api.whatsapp.reach import reach_of
from api.workers import woken

router = APIRouter(route_class=DeskRoute)
CHECK_SECONDS = 60.0
"""How often a stream looks whether its login is still valid."""


class QueueChange(BaseModel):
    """The queue as it is now, and the title that tells how many wait."""

    html: str
    title: str
    waiting: int
    dangers: int


class NewMessage(BaseModel):
    """One message that was stored since."""

    id: int
    html: str


class Viewers(BaseModel):
    """Other workers who look at this conversation now."""

    names: tuple[str, ...]


class Panel(BaseModel):
    """State and actions of the conversation; `signature` differs when the page's own must be replaced."""

    signature: str
    html: str


@router.get("/events", response_class=EventSourceResponse, summary="Changes of the queue", dependencies=TALK)
async def queue_events(
    staff: StaffDep, services: ServicesDep, desk: DeskDep, wanted: WantedDep, secret: SecretDep = ""
) -> AsyncIterator[ServerSentEvent]:
    """The queue at once, and after each change (event `queue`). Ends with the login."""
    shown: object = None
    async with services.broadcast.listen(QUEUE) as changed:
        while await desk.sessions.find(secret):
            changed.clear()
            town = services.towns.of(staff.staff.town)
            view = await queue_view(services, desk, staff, wanted)
            if view.fingerprint != shown:
                shown = view.fingerprint
                html = queue_html(town, view)
                change = QueueChange(html=html, title=view.title, waiting=len(view.waiting), dangers=view.dangers)
                yield ServerSentEvent(event="queue", data=change)
            await woken(changed, CHECK_SECONDS)


@router.get("/gesprek/{id}/events", response_class=EventSourceResponse, summary="News in one conversation", dependencies=TALK)
async def conversation_events(
    conversation: ConversationDep,
    staff: StaffDep,
    services: ServicesDep,
    desk: DeskDep,
    secret: SecretDep = "",
    after: Annotated[int, Query(ge=0, le=MAX_NUMBER)] = 0,
    last_event_id: Annotated[str, Header()] = "",
) -> AsyncIterator[ServerSentEvent]:
    """Messages after `Last-Event-ID` or `after` (event `message`), and who has it (event `panel`). Ends with the login.

    Who else looks at it comes as `viewers`. `gone` is the last event when the newcomer has everything deleted.
    """
    seen = last_seen(last_event_id, after)
    signature, viewers = "", tuple[str, ...]()
    async with services.broadcast.listen(topic(conversation.id)) as changed, _looking(services, desk, staff, conversation.id):
        while await desk.sessions.find(secret):
            changed.clear()
            await look(services, desk, staff, conversation.id)
            town = services.towns.of(staff.staff.town)
            try:
                now = await services.store.get(conversation.id)
            except NotFound:
                yield ServerSentEvent(event="gone", data={})
                return
            news = await services.store.messages(conversation.id, seen)
            reach = await reach_of(services, now, desk.clock)  # after the messages: it says what came with them
            for message in news:
                seen = message.id
                html = message_html(town, desk, message, now, reach)
                yield ServerSentEvent(event="message", id=str(seen), data=NewMessage(id=seen, html=html))
            view = await view_of(services, desk, staff, now)
            newest = view.signature + (reach.signature if reach else "")
            if newest != signature:
                signature = newest
                html = await panel_html(services, desk, staff, view, reach)
                yield ServerSentEvent(event="panel", data=Panel(signature=signature, html=html))
            if view.viewers != viewers:
                viewers = view.viewers
                yield ServerSentEvent(event="viewers", data=Viewers(names=viewers))
            await woken(changed, CHECK_SECONDS)


@asynccontextmanager
async def _looking(services: Services, desk: Desk, staff: StaffSession, id: int) -> AsyncIterator[None]:
    """Colleagues see who has a page open, as long as it is."""
    await look(services, desk, staff, id)
    try:
        yield
    finally:
        # A stream ends by being cancelled, and then nothing can be awaited in it: a task of its own says goodbye.
        await asyncio.shield(asyncio.create_task(_leave(services, desk, staff, id)))


async def _leave(services: Services, desk: Desk, staff: StaffSession, id: int) -> None:
    await desk.presence.left(id, staff.staff.id)
    services.broadcast.publish(topic(id), QUEUE)
