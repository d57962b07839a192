"""What tests in a browser share: an application at work, pages in contexts of their own, and what people do on them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager, contextmanager
from typing import Any

from chat_server import Server, running
from desk_house import PASSWORD
from fastapi import FastAPI
from playwright.sync_api import Browser, FrameLocator, Page, expect
from real_browser import write
from stand_ins import CannedBot, FixedSearch, now, running_services

from api.conversation.store import Clock
from api.main import create_app
from api.services import Services
from api.settings import Settings
from sociale_kaart.kaart import Kaart

QUESTIONS = {
    "nl": "Waar kan ik leren zwemmen?",
    "en": "Where can I learn to swim?",
    "ar": "أين أتعلم السباحة؟",
    "ti": "ምሕምባስ ኣበይ ክመሃር እኽእል?",
    "uk": "Де я можу навчитися плавати?",
}
Furnish = Callable[[FastAPI, Services], Awaitable[None]]


@contextmanager
def served(
    app: FastAPI,
    settings: Settings,
    kaart: Kaart,
    furnish: Furnish | None = None,
    *,
    clock: Clock = now,
    search: FixedSearch | None = None,
) -> Iterator[Server]:
    """The application at work on a database of its own; `furnish` gives it more than its services."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with running_services(settings, kaart, search or FixedSearch(), CannedBot(), clock) as services:
            app.state.services = services
            if furnish:
                await furnish(app, services)
            yield

    app.router.lifespan_context = lifespan
    with running(app) as server:
        yield server


def whole_app(
    settings: Settings, kaart: Kaart, furnish: Furnish | None = None, *, clock: Clock = now
) -> AbstractContextManager[Server]:
    """All that the real server has, at work."""
    return served(create_app(settings), settings, kaart, furnish, clock=clock)


@contextmanager
def pages(browser: Browser, **usual: Any) -> Iterator[Callable[..., Page]]:
    """Makes pages, each in a context of its own with the `usual` options and those it is made with; closes all of them."""
    with ExitStack() as contexts:
        yield lambda **options: contexts.enter_context(browser.new_context(**usual | options)).new_page()


@contextmanager
def pages_without_script(browser: Browser, site: Server, usual: dict[str, int]) -> Iterator[Callable[..., Page]]:
    """Opens paths of the site, each as a new visitor in the `usual` viewport; `script=True` is a browser that runs scripts."""
    with pages(browser, reduced_motion="reduce") as new_page:

        def open_one(path: str, viewport: dict[str, int] = usual, *, script: bool = False, **options: Any) -> Page:
            page = new_page(viewport=viewport, java_script_enabled=script, **options)
            page.goto(site.address + path)
            return page

        yield open_one


def log_in(page: Page, name: str = "Sanne") -> None:
    """Fill in the form of the desk that the page shows."""
    page.get_by_label("Inlognaam").fill(name)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()


def ask(page: Page | FrameLocator, language: str = "nl") -> None:
    """Ask for swimming lessons and wait for the answer."""
    write(page, QUESTIONS[language])
    expect(page.locator(".message--bot h2")).to_be_visible()
