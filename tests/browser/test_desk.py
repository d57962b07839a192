"""The desk in a real browser: accessible, live, and whole without a script."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from app_house import app_with
from axe import check
from chat_server import Server
from desk_house import PASSWORD, Clock, Newcomer, cheap_desk
from fastapi import FastAPI
from house import log_in, pages, served
from playwright.sync_api import Browser, Page, expect

from api.channels import web
from api.desk import router as desk_routes
from api.services import Services
from api.settings import Settings
from sociale_kaart.kaart import Kaart

pytestmark = pytest.mark.browser
SMALL, DESKTOP = {"width": 320, "height": 640}, {"width": 1280, "height": 800}
DANGER_TI = "ክነብር ኣይደልን እየ፡ ሎሚ ለይቲ ህይወተይ ከጥፍእ እየ"
QUESTION_TI = "ምሕምባስ ኣበይ ክመሃር እኽእል?"
WORKERS = ("Sanne", "Omar")
Open = Callable[..., Page]


async def fill(services: Services, clock: Clock) -> None:
    """A morning at the desk."""
    clock.move(minutes=-64)
    hamid, olena, selam = (Newcomer(services, name) for name in ("hamid", "olena", "selam"))
    await hamid.write("أين أتعلم السباحة؟")
    await hamid.write("/person", tapped=True)
    clock.move(minutes=41)
    await olena.write("Де я можу навчитися плавати?")
    await olena.write("/person", tapped=True)
    clock.move(minutes=19)
    await selam.write(QUESTION_TI)
    await selam.write(DANGER_TI)
    clock.move(minutes=4)


@pytest.fixture(scope="module")
def desk_server(tmp_path_factory: pytest.TempPathFactory, kaart: Kaart) -> Iterator[Server]:
    """The chat and the desk on a database with three people who wait and two workers."""
    settings = Settings(data=tmp_path_factory.mktemp("desk"), messages_per_minute=1000, logins_per_quarter=1000)
    clock = Clock(dt.datetime.now(dt.UTC))

    async def furnish(app: FastAPI, services: Services) -> None:
        app.state.desk = cheap_desk(services, clock)
        await fill(services, clock)
        accounts = app.state.desk.accounts
        for name in WORKERS:
            await accounts.create(await accounts.invite("nijmegen"), name, name, PASSWORD)
        app.state.invitation = await accounts.invite("nijmegen")

    with served(app_with(web.router, desk_routes.router), settings, kaart, furnish, clock=clock) as running:
        yield running


@pytest.fixture
def open_page(browser: Browser, desk_server: Server) -> Iterator[Open]:
    """Opens a page as a visitor, or as a worker who logs in first."""
    with pages(browser, locale="nl-NL", reduced_motion="reduce") as new_page:

        def open_one(path: str, worker: str | None = "Sanne", viewport: dict[str, int] = DESKTOP, **options: Any) -> Page:
            page = new_page(viewport=viewport, **options)
            page.goto(f"{desk_server.address}{path}")
            if worker:
                log_in(page, worker)
            return page

        yield open_one


def ask_for_person(open_page: Open, language: str = "nl") -> Page:
    """A newcomer who asks for a person in the chat; gives their page."""
    page = open_page(f"/?lang={language}", worker=None)
    page.locator(".help__person").click()
    expect(page.locator(".message--bot").last).to_be_visible()
    return page


def newest(page: Page) -> str:
    """Address of the conversation that joined the queue last."""
    links = page.locator("tr[data-key] a")
    ids = [int((link.get_attribute("href") or "").rsplit("/", 1)[-1]) for link in links.all()]
    return f"/balie/gesprek/{max(ids)}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [SMALL, DESKTOP], ids=["320px", "desktop"])
def test_nothing_stands_in_the_way(open_page: Open, desk_server: Server, viewport: dict[str, int], scheme: str) -> None:
    look = f"{viewport['width']}-{scheme}"
    visitor = open_page("/balie/login", worker=None, viewport=viewport, color_scheme=scheme)
    check(visitor, f"login-{look}")
    visitor.goto(f"{desk_server.address}/balie/account?token={desk_server.app.state.invitation}")
    visitor.get_by_label("Je naam").fill("Noor")
    visitor.get_by_label("Inlognaam").fill("noor")
    visitor.get_by_label("Wachtwoord").fill("te kort")
    visitor.get_by_role("button", name="Account maken").click()
    check(visitor, f"account-{look}")
    page = open_page("/balie", viewport=viewport, color_scheme=scheme)
    check(page, f"queue-{look}")
    page.get_by_role("rowheader", name="Gevaar").get_by_role("link").click()
    check(page, f"conversation-{look}")
    page.goto(f"{desk_server.address}/balie/recent")
    check(page, f"recent-{look}")
    page.keyboard.press("?")
    check(page, f"keys-{look}")
    page.goto(f"{desk_server.address}/balie/gesprek/999999")
    check(page, f"missing-{look}")


@pytest.mark.parametrize("look", ["320-dark", "1280-light"])
def test_what_helps_with_answering_stands_in_nobodys_way(open_page: Open, desk_server: Server, look: str) -> None:
    width, scheme = look.split("-")
    viewport = SMALL if width == "320" else DESKTOP
    ask_for_person(open_page, "ar")
    page = open_page("/balie", viewport=viewport, color_scheme=scheme)
    path = newest(page)
    page.goto(f"{desk_server.address}{path}")
    page.get_by_role("button", name="Overnemen").click()
    page.get_by_role("button", name="Verstuur: Wacht even, alstublieft.").click()
    expect(page.get_by_text("De zin is verstuurd.")).to_be_visible()
    expect(page.locator(".desk-message-staff .message__words, .desk-message-staff p[lang=nl]")).to_contain_text("Wacht even")
    page.locator("summary", has_text="Notities").click()
    page.get_by_label("Nieuwe notitie").fill("Komt morgen terug.")
    page.get_by_role("button", name="Bewaar", exact=True).click()
    expect(page.locator(".desk-note-words")).to_have_text("Komt morgen terug.")
    page.goto(f"{desk_server.address}{path}?zoek=zwemmen")
    check(page, f"helping-{look}")
    page.locator(".desk-suggestions").get_by_role("link", name="Zwemlessen voor volwassenen").click()
    check(page, f"insert-{look}")
    page.get_by_role("button", name="Verstuur als antwoord").click()
    expect(page.get_by_text("Het onderwerp is als antwoord verstuurd.")).to_be_visible()
    check(page, f"inserted-{look}")
    page.goto(f"{desk_server.address}/balie/openingstijden")
    check(page, f"hours-{look}")
    page.goto(f"{desk_server.address}{path}")
    page.get_by_label("Waarom sluit je het gesprek?").select_option("answered")
    page.get_by_role("button", name="Gesprek sluiten").click()


def test_keys_work_but_not_while_typing_and_can_be_switched_off(open_page: Open) -> None:
    page = open_page("/balie")
    expect(page.get_by_role("button", name="Sneltoetsen")).to_be_visible()  # the script is there
    page.keyboard.press("j")
    expect(page.locator("tbody tr").first.get_by_role("link")).to_be_focused()
    page.keyboard.press("o")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Gesprek")
    page.keyboard.press("n")
    field = page.get_by_label("Nieuwe notitie")
    expect(field).to_be_focused()
    page.keyboard.type("jw?")
    expect(field).to_have_value("jw?")
    page.locator("body").click(position={"x": 5, "y": 5})
    page.keyboard.press("?")
    page.get_by_label("Zet sneltoetsen uit in deze browser").check()
    page.get_by_role("button", name="Sluiten", exact=True).click()
    page.keyboard.press("w")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Gesprek")


def test_notifications_are_asked_for_by_a_button_and_tell_nothing(open_page: Open) -> None:
    page = open_page("/balie", permissions=["notifications"])
    # A page that is in view needs none: the test says that it is not, and keeps what would be shown.
    page.evaluate(
        "() => { window.told = []; Object.defineProperty(document, 'hidden', { get: () => true });"
        " const real = Notification; window.Notification = class { static permission = 'granted';"
        " static requestPermission() { return real.requestPermission(); }"
        " constructor(title, options) { window.told.push([title, options.body ?? '']); } }; }"
    )
    ask_for_person(open_page, "uk")
    expect(page.locator("[data-live]")).to_contain_text("Nieuw in de wachtrij")
    assert page.evaluate("window.told") == []
    page.get_by_role("button", name="Meldingen aan").click()
    expect(page.get_by_role("button", name="Meldingen uit")).to_be_visible()
    ask_for_person(open_page, "uk")
    page.wait_for_function("window.told.length > 0")
    assert page.evaluate("window.told") == [["Iemand wacht", ""]]


def test_danger_is_first_and_said_in_words(open_page: Open) -> None:
    page = open_page("/balie")
    first = page.locator("tbody tr").first
    expect(first).to_contain_text("Gevaar")
    expect(first).to_contain_text("ትግርኛ (Tigrinya)")
    assert page.title().startswith("(")
    assert "Gevaar!" in page.title()
    first.get_by_role("link").click()
    expect(page.get_by_text(DANGER_TI)).to_be_in_viewport()


def test_from_the_queue_to_a_closed_conversation_live(open_page: Open, desk_server: Server) -> None:
    page = open_page("/balie")
    link = page.locator("tbody tr").first.get_by_role("link")
    link.focus()
    count = page.locator("tr[data-key]").count()
    newcomer = ask_for_person(open_page)
    expect(page.locator("tr[data-key]")).to_have_count(count + 1)
    expect(page.locator("[data-live]")).to_contain_text("Nieuw in de wachtrij: gesprek")
    expect(link).to_be_focused()
    assert page.title().startswith(f"({count + 1})")

    path = newest(page)
    colleague = open_page(path, worker="Omar")
    page.goto(f"{desk_server.address}{path}")
    page.get_by_role("button", name="Overnemen").click()
    expect(newcomer.locator(".message").last).to_contain_text("Sanne")
    expect(colleague.locator("[data-panel]")).to_contain_text("Sanne heeft dit gesprek.")
    expect(colleague.get_by_role("button", name="Overnemen")).to_have_count(0)

    newcomer.locator("#text").fill("Ik heb een vraag over mijn fiets")
    newcomer.locator("#text").press("Enter")
    expect(page.locator("[data-log]")).to_contain_text("mijn fiets")
    page.get_by_label("Jouw antwoord").fill("Waar gaat het over?")
    check(page, "answering")
    page.get_by_role("button", name="Versturen").click()
    expect(page.get_by_text("Je antwoord is verstuurd.")).to_be_visible()
    expect(page.get_by_label("Jouw antwoord")).to_have_value("")
    expect(newcomer.locator(".message--staff")).to_contain_text("Waar gaat het over?")
    expect(colleague.locator("[data-log]")).to_contain_text("Waar gaat het over?")

    page.get_by_label("Waarom sluit je het gesprek?").select_option("answered")
    page.get_by_role("button", name="Gesprek sluiten").click()
    expect(page.get_by_text("Het gesprek is gesloten.")).to_be_visible()
    expect(newcomer.locator(".message").last).to_contain_text("gesloten")


def test_what_comes_after_a_long_answer_is_in_view(open_page: Open, desk_server: Server) -> None:
    newcomer = ask_for_person(open_page, "ar")
    page = open_page("/balie")
    path = newest(page)
    page.goto(f"{desk_server.address}{path}")
    page.get_by_role("button", name="Overnemen").click()
    page.goto(f"{desk_server.address}{path}/onderwerp/zwemlessen")
    page.get_by_role("button", name="Verstuur als antwoord").click()
    expect(page.get_by_text("Het onderwerp is als antwoord verstuurd.")).to_be_visible()
    newcomer.locator("#text").fill("شكرا")
    newcomer.locator("#text").press("Enter")
    expect(page.locator("[data-log]").get_by_text("شكرا")).to_be_in_viewport()
    page.get_by_role("button", name="Teruggeven").click()


def test_what_is_being_written_outlives_a_reload_and_a_lost_login(open_page: Open, desk_server: Server) -> None:
    ask_for_person(open_page)
    page = open_page("/balie")
    path = newest(page)
    page.goto(f"{desk_server.address}{path}")
    page.get_by_role("button", name="Overnemen").click()
    page.get_by_label("Jouw antwoord").fill("Een lang antwoord")
    page.context.clear_cookies()
    page.get_by_role("button", name="Versturen").click()
    log_in(page)
    expect(page).to_have_url(f"{desk_server.address}{path}")
    expect(page.get_by_label("Jouw antwoord")).to_have_value("Een lang antwoord")
    page.get_by_role("button", name="Teruggeven").click()


def test_everything_works_without_a_script(open_page: Open, desk_server: Server) -> None:
    newcomer = ask_for_person(open_page)
    page = open_page("/balie", java_script_enabled=False)
    page.goto(f"{desk_server.address}{newest(page)}")
    page.get_by_role("button", name="Overnemen").click()
    page.get_by_label("Jouw antwoord").fill("Zonder script")
    page.get_by_role("button", name="Versturen").click()
    expect(page.locator("[data-log]")).to_contain_text("Zonder script")
    expect(newcomer.locator(".message--staff")).to_contain_text("Zonder script")
    page.get_by_role("button", name="Teruggeven").click()
    expect(page.get_by_text("Het gesprek is teruggegeven aan de chatbot.")).to_be_visible()
    page.get_by_role("button", name="Uitloggen").click()
    expect(page).to_have_title("Inloggen · Balie")


def test_everything_to_press_is_large_enough(open_page: Open) -> None:
    page = open_page("/balie", viewport=SMALL)
    page.get_by_role("rowheader", name="Gevaar").get_by_role("link").click()
    small = page.evaluate(
        "[...document.querySelectorAll('button, a')].filter((e) => e.offsetParent && !e.closest('.message'))"
        ".map((e) => [e.textContent.trim(), e.offsetWidth, e.offsetHeight]).filter(([, w, h]) => w < 24 || h < 24)"
    )
    assert small == []
