"""Accounts in a real browser: setting up the second step, logging in with it, colleagues, the audit log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pyotp
import pytest
from app_house import app_with
from axe import check
from chat_server import Server
from desk_house import PASSWORD, Clock, Newcomer, cheap_desk
from fastapi import FastAPI
from house import log_in, pages, served
from playwright.sync_api import Browser, Page, expect

from api.desk import router as desk_routes
from api.desk.roles import Role
from api.services import Services
from api.settings import Settings
from sociale_kaart.kaart import Kaart

pytestmark = pytest.mark.browser
SMALL, DESKTOP = {"width": 320, "height": 640}, {"width": 1280, "height": 800}
Open = Callable[..., Page]
CLOCK = Clock(dt.datetime.now(dt.UTC))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, kaart: Kaart) -> Iterator[Server]:
    """The desk with three workers: Sanne does all, Omar talks, Noor reviews."""
    settings = Settings(data=tmp_path_factory.mktemp("accounts"), logins_per_quarter=1000)

    async def furnish(app: FastAPI, services: Services) -> None:
        app.state.desk = cheap_desk(services, CLOCK)
        accounts = app.state.desk.accounts
        for name, roles in (("Sanne", ()), ("Omar", (Role.DESK,)), ("Noor", (Role.REVIEWER,)), ("Ilse", (Role.DESK,))):
            await accounts.create(await accounts.invite("nijmegen", roles), name, name, PASSWORD)
        await Newcomer(services, "een").wait_for_person()

    with served(app_with(desk_routes.router), settings, kaart, furnish, clock=CLOCK) as running:
        yield running


@pytest.fixture
def open_page(browser: Browser, server: Server) -> Iterator[Open]:
    """Opens the desk as a worker who gave the password."""
    with pages(browser, locale="nl-NL", reduced_motion="reduce") as new_page:

        def open_one(worker: str, viewport: dict[str, int] = DESKTOP, **options: Any) -> Page:
            page = new_page(viewport=viewport, **options)
            page.goto(f"{server.address}/balie/login")
            log_in(page, worker)
            return page

        yield open_one


def test_from_setting_up_to_logging_in_with_a_code(open_page: Open, server: Server) -> None:
    page = open_page("Omar")
    page.goto(f"{server.address}/balie/mijn-account")
    page.get_by_role("link", name="Tweede stap instellen").click()
    app = pyotp.TOTP(page.locator(".acc-secret").inner_text().replace(" ", ""))
    page.get_by_label("Vul de code in").fill("000000")
    page.get_by_role("button", name="Instellen").click()
    expect(page.get_by_role("alert")).to_contain_text("klopt niet")
    check(page, "second-step-wrong")
    page.get_by_label("Vul de code in").fill(app.at(CLOCK()))
    page.get_by_role("button", name="Instellen").click()
    expect(page.locator(".acc-codes li")).to_have_count(10)
    check(page, "recovery-codes")
    recovery = page.locator(".acc-codes code").first.inner_text()
    page.get_by_role("link", name="Ik heb ze bewaard").click()
    page.get_by_role("button", name="Uitloggen").click()
    CLOCK.move(minutes=1)

    page = open_page("Omar", viewport=SMALL)
    expect(page.get_by_label("Code uit je app")).to_be_focused()
    check(page, "code-320")
    # Pasted with a space, as apps show it: nobody must type or remember it (WCAG 3.3.8).
    code = app.at(CLOCK())
    page.get_by_label("Code uit je app").fill(f"{code[:3]} {code[3:]}")
    page.get_by_label("Code uit je app").press("Enter")
    expect(page.get_by_role("heading", name="Wachtrij", exact=True)).to_be_visible()
    field = open_page("Omar", java_script_enabled=False)
    assert field.get_by_label("Code uit je app").get_attribute("autocomplete") == "one-time-code"
    field.get_by_text("Ik heb mijn app niet bij de hand").click()
    field.get_by_label("Herstelcode").fill(recovery)
    field.get_by_role("button", name="Verder met herstelcode").click()
    expect(field.get_by_text("Je hebt nog 9 herstelcodes.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [SMALL, DESKTOP], ids=["320px", "desktop"])
def test_nothing_stands_in_the_way(open_page: Open, server: Server, viewport: dict[str, int], scheme: str) -> None:
    look = f"{viewport['width']}-{scheme}"
    page = open_page("Sanne", viewport=viewport, color_scheme=scheme)
    for path, name in (
        ("mijn-account", "own"),
        ("mijn-account/wachtwoord", "password"),
        ("tweede-stap", "second-step"),
        ("collegas", "colleagues"),
        ("collegas/2", "colleague"),
        ("logboek", "audit"),
    ):
        page.goto(f"{server.address}/balie/{path}")
        check(page, f"{name}-{look}")
    page.goto(f"{server.address}/balie/collegas")
    page.get_by_label("Balie Gesprekken lezen").check()
    page.get_by_role("button", name="Link maken").click()
    check(page, f"invited-{look}")
    noor = open_page("Noor", viewport=viewport, color_scheme=scheme)
    noor.goto(f"{server.address}/balie/kaart")
    expect(noor.get_by_role("alert")).to_contain_text("Dit hoort niet bij jouw rol.")
    check(noor, f"refused-{look}")


def test_everything_to_press_is_large_enough(open_page: Open, server: Server) -> None:
    page = open_page("Sanne", viewport=SMALL)
    for path in ("mijn-account", "collegas", "collegas/2", "logboek"):
        page.goto(f"{server.address}/balie/{path}")
        small = page.evaluate(
            "[...document.querySelectorAll('button, a, summary, input:not([type=hidden])')].filter((e) => e.offsetParent)"
            ".map((e) => [e.textContent.trim(), e.offsetWidth, e.offsetHeight]).filter(([, w, h]) => w < 24 || h < 24)"
        )
        assert small == [], path


def test_a_colleague_who_loses_the_account_is_out(open_page: Open, server: Server) -> None:
    ilse = open_page("Ilse")
    page = open_page("Sanne")
    page.goto(f"{server.address}/balie/collegas")
    page.get_by_role("link", name="Ilse").click()
    page.get_by_role("button", name="Account sluiten").click()
    expect(page.get_by_role("status").first).to_contain_text("Het account is gesloten")
    ilse.goto(f"{server.address}/balie")
    expect(ilse).to_have_title("Inloggen · Balie")
