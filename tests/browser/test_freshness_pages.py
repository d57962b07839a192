"""The pages that keep the kaart true, in a real browser: accessible, at 320 px, from right to left, and without a script."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe import check
from chat_server import Server
from desk_house import PASSWORD, Clock
from fastapi import FastAPI
from freshness_house import build_app, furnish
from house import log_in, pages, served
from playwright.sync_api import Browser, Page, expect

from api.freshness.confirmation import Claim
from api.freshness.reports import What
from api.services import Services
from api.settings import Settings
from sociale_kaart.kaart import Kaart
from sociale_kaart.schema import Entry

pytestmark = pytest.mark.browser
SMALL, DESKTOP = {"width": 320, "height": 640}, {"width": 1280, "height": 800}
SIZES = pytest.mark.parametrize("viewport", [SMALL, DESKTOP], ids=["320", "1280"])
Open = Callable[..., Page]


def changed(entry: Entry) -> Entry:
    """The entry with an Arabic text that was made from an older Dutch one."""
    text = entry.texts["ar"].model_copy(update={"source_hash": "0" * 12})
    return entry.model_copy(update={"texts": entry.texts | {"ar": text}})


@pytest.fixture(scope="module")
def upkeep_server(tmp_path_factory: pytest.TempPathFactory, kaart: Kaart) -> Iterator[Server]:
    """The real kaart, nine months on, with three reports. Nothing is published: what is signed here stays unsigned."""
    settings = Settings(data=tmp_path_factory.mktemp("upkeep"), logins_per_quarter=1000)
    clock = Clock(dt.datetime.now(dt.UTC) + dt.timedelta(days=270))
    entries = tuple(changed(entry) if entry.id == "zwemlessen" else entry for entry in kaart.entries)
    older = Kaart(kaart.municipality, entries, kaart.rules, kaart.own)

    async def furnish_and_fill(app: FastAPI, services: Services) -> None:
        furnish(app, services, clock)
        accounts, upkeep = app.state.desk.accounts, app.state.upkeep
        await accounts.create(await accounts.invite("nijmegen"), "Sanne", "Sanne", PASSWORD)
        for what, text in ((What.CLOSED, None), (What.CLOSED, None), (What.CHANGED, "De les is nu in zwembad West.")):
            await upkeep.reports.add("nijmegen", "zwemlessen", what, text)
        claim = Claim("nijmegen", "zwemlessen", "centraal-informatiepunt", kaart.entry("zwemlessen").verified.on)
        app.state.link = f"/nijmegen/bevestig/{upkeep.confirmations.token(claim)}"

    with served(build_app(), settings, older, furnish_and_fill, clock=clock) as running:
        yield running


@pytest.fixture
def open_page(browser: Browser, upkeep_server: Server) -> Iterator[Open]:
    """Opens a page as a visitor, or as a worker who logs in first."""
    with pages(browser, locale="nl-NL") as new_page:

        def open_one(path: str, viewport: dict[str, int], *, worker: bool, **options: Any) -> Page:
            page = new_page(viewport=viewport, **options)
            if worker:
                page.goto(f"{upkeep_server.address}/balie/login")
                log_in(page)
            page.goto(f"{upkeep_server.address}{path}")
            return page

        yield open_one


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("review-list", "/balie/nakijken?taal=ti"),
        ("review-arabic", "/balie/nakijken/ar/zwemlessen"),
        ("review-dutch", "/balie/nakijken/nl/zwemlessen"),
        ("review-shared", "/balie/nakijken/uk/ind"),
        ("stale-list", "/balie/versheid"),
        ("stale-entry", "/balie/versheid/zwemlessen"),
        ("stale-shared", "/balie/versheid/ind"),
        ("handbook", "/balie/handleiding"),
    ],
)
def test_the_desks_pages(open_page: Open, name: str, path: str) -> None:
    page = open_page(path, SMALL, worker=True)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    check(page, f"{name}-320")


@SIZES
def test_arabic_stands_from_right_to_left_beside_dutch(open_page: Open, viewport: dict[str, int]) -> None:
    page = open_page("/balie/nakijken/ar/zwemlessen", viewport, worker=True)
    sides = page.locator(".desk-beside dd")
    assert [sides.nth(place).evaluate("e => getComputedStyle(e).direction") for place in (0, 1)] == ["ltr", "rtl"]
    left, right = (sides.nth(place).bounding_box() for place in (0, 1))
    assert left
    assert right
    assert (right["x"] > left["x"]) == (viewport is DESKTOP)
    assert (right["y"] > left["y"]) == (viewport is SMALL)


@SIZES
def test_the_owners_page_works_without_a_script(open_page: Open, upkeep_server: Server, viewport: dict[str, int]) -> None:
    link = upkeep_server.app.state.link
    check(open_page(link, viewport, worker=False), f"confirm-{viewport['width']}")
    page = open_page(link, viewport, worker=False, java_script_enabled=False)
    page.get_by_role("button", name="Doorgeven aan de balie").click()
    expect(page.get_by_role("alert")).to_have_text("Schrijf op wat er veranderd is.")
    page.get_by_label("Wat is er veranderd?").fill("De les is nu op dinsdag.")
    page.get_by_role("button", name="Doorgeven aan de balie").click()
    expect(page.get_by_role("status")).to_contain_text("Dank je.")


@SIZES
def test_what_the_owner_is_told_when_something_is_wrong(open_page: Open, upkeep_server: Server, viewport: dict[str, int]) -> None:
    page = open_page(upkeep_server.app.state.link, viewport, worker=False)
    page.get_by_role("button", name="Doorgeven aan de balie").click()
    check(page, f"confirm-error-{viewport['width']}")
    check(open_page("/nijmegen/bevestig/x", viewport, worker=False), f"confirm-gone-{viewport['width']}")
