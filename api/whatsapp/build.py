"""Builds the bridge from the settings and the parts of the application."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from sqlalchemy.ext.asyncio import AsyncEngine

from api.conversation.broadcast import Broadcast
from api.conversation.flow import Flow
from api.conversation.store import Clock, ConversationStore
from api.settings import Settings, pairs
from api.towns import Towns
from api.whatsapp.attachments import Attachments
from api.whatsapp.bridge import Bridge, Parts
from api.whatsapp.client import GraphClient, GraphSettings, http_client
from api.whatsapp.contacts import Contacts
from api.whatsapp.inbox import Inbox
from api.whatsapp.outbox import Outbox
from api.whatsapp.pace import Pace
from api.whatsapp.receiver import Receiver
from api.whatsapp.render import Renderer
from api.whatsapp.sender import Sender


@asynccontextmanager
async def build_bridge(
    settings: Settings,
    engine: AsyncEngine,
    store: ConversationStore,
    flow: Flow,
    towns: Towns,
    broadcast: Broadcast,
    clock: Clock,
) -> AsyncIterator[Bridge | None]:
    """The bridge, or None when no WhatsApp number is set up. Nothing is called before something is to be sent."""
    if not settings.whatsapp_on:
        yield None
        return
    renderer = partial(_renderer, settings, towns)
    async with http_client() as http:
        client = GraphClient(http, _graph(settings))
        inbox, contacts = Inbox(engine, clock), Contacts(engine, store)
        outbox = Outbox(engine, clock, renderer, settings.whatsapp_unsure_seconds)
        attachments = Attachments(engine, clock, settings.whatsapp_media_days)
        pace = Pace(settings.whatsapp_per_second, settings.whatsapp_spacing, time.monotonic)
        stale = settings.whatsapp_stale_hours
        receiver = Receiver(inbox, contacts, attachments, store, flow, towns, client, renderer, broadcast, clock, stale)
        sender = Sender(outbox, contacts, client, renderer, pace, broadcast, clock)
        parts = Parts(inbox, outbox, contacts, attachments, receiver, sender, client, pace)
        yield Bridge(engine, parts, broadcast, pairs(settings.whatsapp_towns), towns.first.id)


def _renderer(settings: Settings, towns: Towns, name: str) -> Renderer:
    """What puts a town's words into bubbles; its public pages are only named when people can reach them."""
    town, address = towns.of(name), settings.public_url.rstrip("/")
    path = "" if town is towns.first else f"/{town.id}"
    return Renderer(town.catalogue, f"{address}{path}" if address else None)


def _graph(settings: Settings) -> GraphSettings:
    return GraphSettings(
        settings.whatsapp_api.rstrip("/"),
        settings.whatsapp_version,
        settings.whatsapp_token,
        settings.whatsapp_media_host,
        settings.whatsapp_media_megabytes,
    )
