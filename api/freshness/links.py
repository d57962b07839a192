"""Looks whether the web addresses in a kaart still work. Uses the network, so only when somebody asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

import httpx

from sociale_kaart.kaart import Kaart

AT_ONCE = 5
TIMEOUT_SECONDS = 15.0
AGENT = "kaart-assistant link check"
NO_HEAD = frozenset({403, 404, 405, 501})
"""Answers that some servers give to HEAD alone: these are asked again with GET."""


class LinkState(StrEnum):
    """What became of an address."""

    WORKS = "works"
    MOVED = "moved"
    BROKEN = "broken"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True)
class Link:
    """One address and what answered. `detail`: the status, the new address, or the sort of network error."""

    url: str
    users: tuple[str, ...]
    state: LinkState
    detail: str


def addresses(kaart: Kaart) -> dict[str, tuple[str, ...]]:
    """Every web address of the kaart with who uses it: ids of entries, and `sources.<key>`."""
    used: dict[str, list[str]] = {}
    for entry in kaart:
        if entry.contact.url:
            used.setdefault(str(entry.contact.url), []).append(entry.id)
    for key, source in kaart.municipality.sources.items():
        if source.url:
            used.setdefault(str(source.url), []).append(f"sources.{key}")
    return {url: tuple(users) for url, users in used.items()}


async def check_links(used: Mapping[str, Iterable[str]], client: httpx.AsyncClient) -> list[Link]:
    """Ask every address, a few at once and one at a time per host; in the given order."""
    gates = {urlsplit(url).netloc: asyncio.Lock() for url in used}
    together = asyncio.Semaphore(AT_ONCE)

    async def check(url: str, users: Iterable[str]) -> Link:
        async with gates[urlsplit(url).netloc], together:
            return Link(url, tuple(users), *await _ask(client, url))

    return await asyncio.gather(*(check(url, users) for url, users in used.items()))


def browser() -> httpx.AsyncClient:
    """A client that says what it is and follows where a site moved to."""
    return httpx.AsyncClient(headers={"user-agent": AGENT}, follow_redirects=True, timeout=TIMEOUT_SECONDS)


async def _ask(client: httpx.AsyncClient, url: str) -> tuple[LinkState, str]:
    try:
        response = await client.head(url)
        if response.status_code in NO_HEAD:
            async with client.stream("GET", url) as response:  # only the head of it
                pass
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return LinkState.UNREACHABLE, type(error).__name__
    if response.is_error:
        return LinkState.BROKEN, str(response.status_code)
    moved = any(step.status_code in (301, 308) for step in response.history)
    return (LinkState.MOVED, str(response.url)) if moved else (LinkState.WORKS, str(response.status_code))
