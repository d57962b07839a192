"""Editing the kaart in a real browser: accessible, at 320 px, from right to left, and without a script."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from app_house import app_with
from axe import check
from chat_server import Server
from desk_house import PASSWORD, Clock, cheap_desk
from fastapi import FastAPI
from hash_encoder import HashEncoder
from house import log_in, pages, served
from playwright.sync_api import Browser, Page, expect
from small_kaart import publish_first, write_small_kaart

from api.desk import router as desk_routes
from api.publishing.publisher import build_publisher
from api.services import Services
from api.settings import ROOT, Settings
from sociale_kaart.loader import load_kaart

pytestmark = pytest.mark.browser
SMALL, DESKTOP = {"width": 320, "height": 640}, {"width": 1280, "height": 800}
SIZES = pytest.mark.parametrize("viewport", [SMALL, DESKTOP], ids=["320", "1280"])
Open = Callable[..., Page]
KNITTING = "\n".join(f"breien {word}" for word in ("wol", "naald", "sok", "trui", "muts"))


def serving(settings: Settings) -> AbstractContextManager[Server]:
    """The desk of the kaart in the settings, with two workers."""
    settings.data.mkdir(exist_ok=True)
    clock = Clock()

    async def furnish(app: FastAPI, services: Services) -> None:
        publisher = build_publisher(settings, services.catalogue, services.engine, clock, HashEncoder, services.towns)
        app.state.services = dataclasses.replace(services, publisher=publisher)
        app.state.desk = cheap_desk(app.state.services, clock)
        accounts = app.state.desk.accounts
        for name in ("Sanne", "Omar"):
            await accounts.create(await accounts.invite(settings.kaart.name), name, name, PASSWORD)

    return served(app_with(desk_routes.router), settings, load_kaart(settings.kaart), furnish, clock=clock)


@pytest.fixture(scope="module")
def nijmegen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A copy of the real kaart, in five languages; nothing is published in it."""
    root = tmp_path_factory.mktemp("nijmegen")
    for name in ("nijmegen", "landelijk"):
        shutil.copytree(ROOT / "sociale_kaart" / name, root / name)
    settings = Settings(kaart=root / "nijmegen", other_kaarten=(), data=root / "data", logins_per_quarter=1000)
    with serving(settings) as running:
        yield running


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Server]:
    """A small kaart to publish in."""
    settings = Settings(kaart=write_small_kaart(tmp_path), other_kaarten=(), data=tmp_path / "data", logins_per_quarter=1000)
    publish_first(settings)
    with serving(settings) as running:
        yield running


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Logs a worker in and opens a page."""
    with pages(browser, locale="nl-NL") as new_page:

        def open_one(
            server: Server, path: str, viewport: dict[str, int] = DESKTOP, worker: str = "Sanne", **options: Any
        ) -> Page:
            page = new_page(viewport=viewport, **options)
            page.goto(f"{server.address}/balie/login")
            log_in(page, worker)
            page.goto(f"{server.address}{path}")
            return page

        yield open_one


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
