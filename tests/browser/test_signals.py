"""The pages about signals in a real browser: accessible, at 320 px, and wide in the dark."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from app_house import app_with
from axe import check
from chat_server import Server
from desk_house import PASSWORD, Clock
from fastapi import FastAPI
from house import log_in, pages, served
from playwright.sync_api import Browser, Page, expect
from signals_house import busy_weeks, furnish
from stand_ins import FixedSearch, now

from api.desk import router as desk_routes
from api.services import Services
from api.settings import ROOT, Settings
from api.signals.signals import count_weeks
from sociale_kaart.kaart import Kaart

pytestmark = pytest.mark.browser
SMALL, DESKTOP = {"width": 320, "height": 640}, {"width": 1280, "height": 800}
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def signals_server(tmp_path_factory: pytest.TempPathFactory, kaart: Kaart) -> Iterator[Server]:
    """The real kaart after three weeks of invented people; questions are compared by their words."""
    root = tmp_path_factory.mktemp("signals")
    for name in ("nijmegen", "landelijk"):  # a copy: a page with a button that publishes must not reach the real one
        shutil.copytree(ROOT / "sociale_kaart" / name, root / name)
    settings = Settings(kaart=root / "nijmegen", other_kaarten=(), data=root / "data", logins_per_quarter=1000)
    settings.data.mkdir()
    clock, search = Clock(), FixedSearch()

    async def furnish_and_fill(app: FastAPI, services: Services) -> None:
        furnish(app, services, clock)
        accounts = app.state.desk.accounts
        await accounts.create(await accounts.invite("nijmegen"), "Sanne", "Sanne", PASSWORD)
        await busy_weeks(services, search, clock)
        await count_weeks(services, clock)
        search.zone = "person"
        clock.now = max(clock.now, now())  # pages say 'today' by the real clock

    with served(app_with(desk_routes.router), settings, kaart, furnish_and_fill, clock=clock, search=search) as running:
        yield running


@pytest.fixture
def open_page(browser: Browser, signals_server: Server) -> Iterator[Open]:
    """Opens a page as a worker who logs in first."""
    with pages(browser, locale="nl-NL") as new_page:

        def open_one(path: str, viewport: dict[str, int], **options: Any) -> Page:
            page = new_page(viewport=viewport, **options)
            page.goto(f"{signals_server.address}/balie/login")
            log_in(page)
            page.goto(f"{signals_server.address}{path}")
            return page

        yield open_one


@pytest.mark.parametrize(("viewport", "scheme"), [(SMALL, "light"), (DESKTOP, "dark")], ids=["320", "1280-dark"])
def test_from_the_overview_to_a_group_to_a_new_entry(open_page: Open, viewport: dict[str, int], scheme: str) -> None:
    page, size = open_page("/balie/signalen", viewport, color_scheme=scheme), viewport["width"]
    expect(page.get_by_role("heading", level=1)).to_have_text("Signalen")
    expect(page.get_by_role("table", name="Taal").get_by_role("row").nth(1)).to_contain_text("Arabisch")
    check(page, f"signals-{size}")
    page.locator(".signal-groups a").first.click()
    check(page, f"signals-group-{size}")
    page.get_by_label("Onderwerp", exact=True).select_option("")
    page.get_by_role("button", name="Toevoegen en publiceren").click()
    expect(page.get_by_role("alert")).to_contain_text("het onderwerp waar die bij hoort")
    check(page, f"signals-group-error-{size}")
    page.get_by_role("link", name="Maak een onderwerp").click()
    expect(page.locator('textarea[name="nl.questions"]')).not_to_be_empty()
