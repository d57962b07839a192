"""Editing the kaart in a real browser: accessible, at 320 px, from right to left, and without a script."""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from axe import violations, wider_than_the_screen
from chat_server import Server
from desk_house import PASSWORD, Clock, cheap_desk
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from hash_encoder import HashEncoder
from playwright.sync_api import Browser, BrowserContext, Page, expect
from small_kaart import publish_first, write_small_kaart
from stand_ins import CannedBot, FixedSearch, running_services

from api.desk import router as desk_routes
from api.errors_http import install_handlers
from api.headers import SecurityHeaders
from api.pages import HERE
from api.publishing.publisher import build_publisher
from api.settings import ROOT, Settings
from sociale_kaart.loader import load_kaart

pytestmark = pytest.mark.browser
SMALL, DESKTOP = {"width": 320, "height": 640}, {"width": 1280, "height": 800}
SIZES = pytest.mark.parametrize("viewport", [SMALL, DESKTOP], ids=["320", "1280"])
SHOTS = os.environ.get("KAART_SCREENSHOTS")
"""Folder to keep pictures in, for people to look at."""
Open = Callable[..., Page]
KNITTING = "\n".join(f"breien {word}" for word in ("wol", "naald", "sok", "trui", "muts"))


def serving(settings: Settings) -> Server:
    """The desk of the kaart in the settings, with two workers."""
    settings.data.mkdir(exist_ok=True)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        clock, kaart = Clock(), load_kaart(settings.kaart)
        async with running_services(settings, kaart, FixedSearch(), CannedBot(), clock) as services:
            publisher = build_publisher(settings, services.catalogue, services.engine, clock, HashEncoder, services.towns)
            app.state.services = dataclasses.replace(services, publisher=publisher)
            app.state.desk = cheap_desk(app.state.services, clock)
            accounts = app.state.desk.accounts
            for name in ("Sanne", "Omar"):
                await accounts.create(await accounts.invite(settings.kaart.name), name, name, PASSWORD)
            yield

    app = FastAPI(lifespan=lifespan)
    app.add_middleware(SecurityHeaders)
    install_handlers(app)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.include_router(desk_routes.router)
    return Server(app)


@pytest.fixture(scope="module")
def nijmegen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A copy of the real kaart, in five languages; nothing is published in it."""
    root = tmp_path_factory.mktemp("nijmegen")
    for name in ("nijmegen", "landelijk"):
        shutil.copytree(ROOT / "sociale_kaart" / name, root / name)
    running = serving(Settings(kaart=root / "nijmegen", other_kaarten=(), data=root / "data", logins_per_quarter=1000))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Server]:
    """A small kaart to publish in."""
    settings = Settings(kaart=write_small_kaart(tmp_path), other_kaarten=(), data=tmp_path / "data", logins_per_quarter=1000)
    publish_first(settings)
    running = serving(settings)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Logs a worker in and opens a page."""
    contexts: list[BrowserContext] = []

    def open_one(server: Server, path: str, viewport: dict[str, int] = DESKTOP, worker: str = "Sanne", **options: Any) -> Page:
        context = browser.new_context(viewport=viewport, locale="nl-NL", **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{server.address}/balie/login")
        page.get_by_label("Inlognaam").fill(worker)
        page.get_by_label("Wachtwoord").fill(PASSWORD)
        page.get_by_role("button", name="Inloggen").click()
        page.goto(f"{server.address}{path}")
        return page

    yield open_one
    for context in contexts:
        context.close()


def check(page: Page, name: str) -> None:
    """Accessible, and not wider than the screen."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
    assert violations(page) == []
    assert not wider_than_the_screen(page)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("kaart-list", "/balie/kaart"),
        ("kaart-form", "/balie/kaart/zwemlessen"),
        ("kaart-new", "/balie/kaart/nieuw"),
        ("kaart-shared", "/balie/kaart/ind"),
        ("kaart-stop", "/balie/kaart/zwemlessen/stoppen"),
    ],
)
def test_pages(open_page: Open, nijmegen: Server, name: str, path: str) -> None:
    page = open_page(nijmegen, path, SMALL)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    check(page, f"{name}-320")


@SIZES
def test_mistakes_and_preview(open_page: Open, nijmegen: Server, viewport: dict[str, int]) -> None:
    page = open_page(nijmegen, "/balie/kaart/zwemlessen", viewport, java_script_enabled=False)
    page.get_by_label("Openingstijden").fill("altijd")
    page.get_by_role("button", name="Bekijk hoe het eruitziet").click()
    expect(page.get_by_label("Openingstijden")).to_have_value("altijd")
    page.get_by_role("link", name="Openingstijden: ‘altijd’").click()
    page.get_by_label("Openingstijden").fill("ma 09:00-12:00")
    page.get_by_role("button", name="Bekijk hoe het eruitziet").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Zo lezen nieuwkomers het")
    arabic = page.get_by_role("region", name="Arabisch").locator(".kaart-plain")
    assert arabic.evaluate("e => getComputedStyle(e).direction") == "rtl"


@SIZES
def test_what_mistakes_and_preview_look_like(open_page: Open, nijmegen: Server, viewport: dict[str, int]) -> None:
    page = open_page(nijmegen, "/balie/kaart/zwemlessen", viewport)
    page.get_by_label("Website").fill("nergens")
    page.get_by_role("button", name="Bekijk hoe het eruitziet").click()
    expect(page.get_by_label("Website")).to_have_attribute("aria-invalid", "true")
    check(page, f"kaart-mistakes-{viewport['width']}")
    page.get_by_label("Website").fill("")
    page.get_by_role("button", name="Bekijk hoe het eruitziet").click()
    check(page, f"kaart-preview-{viewport['width']}")


def test_publish_clash_refusal_and_back(open_page: Open, village: Server) -> None:
    hers, his = (open_page(village, "/balie/kaart/zwemles", worker=name) for name in ("Sanne", "Omar"))
    answer = 'textarea[name="nl.answer"]'
    hers.locator(answer).fill("Van Sanne.")
    hers.get_by_role("button", name="Publiceer meteen").click()
    expect(hers.get_by_text("Gepubliceerd.")).to_be_visible()
    check(hers, "kaart-published")
    his.locator(answer).fill("Van Omar.")
    his.get_by_role("button", name="Publiceer meteen").click()
    expect(his.get_by_role("alert")).to_contain_text("Sanne heeft dit onderwerp veranderd")
    expect(his.locator(answer)).to_have_value("Van Omar.")
    check(his, "kaart-clash")
    for code in ("nl", "en"):
        for name, words in (
            ("name", "Breien"),
            ("summary", "Breien."),
            ("answer", "Kom."),
            ("facts.where", ""),
            ("questions", KNITTING),
        ):
            his.locator(f'[name="{code}.{name}"]').fill(words)
    his.get_by_role("button", name="Publiceer meteen").click()
    expect(his.get_by_role("alert")).to_contain_text("gaan 2 vragen slechter")
    check(his, "kaart-refused")
    his.get_by_role("button", name="Terug naar het formulier").click()
    expect(his.locator('[name="nl.name"]')).to_have_value("Breien")
    hers.goto(f"{village.address}/balie/kaart/zwemles/geschiedenis")
    check(hers, "kaart-history")
    hers.get_by_role("button", name="Terug naar hoe het hiervoor was").click()
    expect(hers.get_by_text("Gepubliceerd.")).to_be_visible()
