"""The desk in a real application with a real database; only the bot, the search and the clocks are stand-ins."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Iterable
from html import unescape

import httpx
from argon2 import PasswordHasher
from public_towns import town_with
from stand_ins import FixedSearch, kaart_once

from api.conversation.model import Conversation
from api.conversation.turn import Incoming, Turn
from api.desk.accounts import Accounts
from api.desk.desk import Desk, build_desk
from api.desk.roles import Role
from api.services import Services
from api.settings import ROOT

START = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
PASSWORD = "paard batterij nietje juist"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
ORIGIN = "http://desk.test"


class Clock:
    """Time that a test moves."""

    def __init__(self, start: dt.datetime = START) -> None:
        self.now = start

    def __call__(self) -> dt.datetime:
        return self.now

    def ticks(self) -> float:
        return self.now.timestamp()

    def move(self, **delta: float) -> None:
        self.now += dt.timedelta(**delta)


class Worker:
    """A desk worker with a browser."""

    def __init__(self, client: httpx.AsyncClient, login: str, name: str, id: int = 0) -> None:
        self.client, self.login, self.name, self.id = client, login, name, id

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(path)

    async def post(self, path: str, form_at: str = "/balie", **fields: str) -> httpx.Response:
        """Send a form as the page at `form_at` shows it."""
        return await self.client.post(path, data={"csrf": csrf_in(await self.get(form_at)), **fields})

    async def log_in(self, password: str = PASSWORD, **fields: str) -> httpx.Response:
        return await self.post("/balie/login", "/balie/login", login=self.login, password=password, **fields)


class Newcomer:
    """Someone who writes in the chat, through the real flow."""

    def __init__(self, services: Services, secret: str) -> None:
        self._services, self._secret, self._count = services, secret, 0

    async def conversation(self) -> Conversation:
        return await self._services.store.open("web", self._secret, "nijmegen")

    async def write(self, text: str, *, tapped: bool = False) -> Turn:
        self._count += 1
        return await self._services.flow.receive(await self.conversation(), Incoming(f"{self._count}", text, tapped))

    async def wait_for_person(self, language: str = "nl") -> int:
        """Ask for a person in `language`; gives the conversation's id."""
        await self.write(f'/language{{"language":"{language}"}}', tapped=True)
        await self.write("/person", tapped=True)
        return (await self.conversation()).id

    async def last_words(self) -> str:
        messages = await self._services.store.messages((await self.conversation()).id)
        return messages[-1].text


def csrf_in(response: httpx.Response) -> str:
    """The hidden field of the page's forms."""
    found = CSRF.search(response.text)
    assert found, f"no form on {response.url} ({response.status_code})"
    return unescape(found[1])


def words_in(response: httpx.Response) -> str:
    """The page's text without its tags, on one line."""
    body = response.text.partition("<body")[2]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


def cheap_desk(services: Services, clock: Clock) -> Desk:
    """The desk, with passwords that take no time to hash."""
    return dataclasses.replace(build_desk(services, clock, clock.ticks), accounts=Accounts(services.engine, clock, CHEAP))


async def new_worker(
    desk: Desk, client: httpx.AsyncClient, login: str, name: str, roles: Iterable[Role] = (), town: str = "nijmegen"
) -> Worker:
    """A worker with an account, not logged in. Without roles: all work, and the first of a town manages the others."""
    staff = await desk.accounts.create(await desk.accounts.invite(town, roles), login, name, PASSWORD)
    return Worker(client, login, name, staff.id)


async def taken(worker: Worker, person: Newcomer, language: str = "ti") -> str:
    """A conversation that the worker has; gives the address of its page."""
    path = f"/balie/gesprek/{await person.wait_for_person(language)}"
    await worker.post(f"{path}/overnemen", path)
    return path


def serve_vught(services: Services, search: FixedSearch | None = None) -> None:
    """From now on the installation serves a second town."""
    vught = kaart_once(ROOT / "sociale_kaart/vught")
    services.towns.replace(town_with(vught, services.catalogue, search or FixedSearch()))
