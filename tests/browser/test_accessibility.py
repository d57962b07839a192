"""Every page for everybody: each language, light and dark, 320 px and 400 %; by keyboard alone; as a screen reader tells it.

The pages of the desk are looked at in light, at 320 px, by the modules of their own parts; here they are wide and in the dark.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
from axe import violations, wider_than_the_screen
from chat_server import Server
from desk_house import PASSWORD, Clock, Newcomer, cheap_desk
from fastapi import FastAPI
from house import QUESTIONS, log_in, pages, whole_app
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from real_browser import write
from stand_ins import now, say

from api.freshness.upkeep import build_upkeep
from api.services import Services
from api.settings import Settings
from sociale_kaart.kaart import Kaart

pytestmark = pytest.mark.browser
# Axe measures what lies half under the sticky composer as too small to tap, though it scrolls: here all of it is in view.
NARROW, WIDE = ViewportSize(width=320, height=5000), ViewportSize(width=1280, height=5000)
PHONE, DESKTOP, ZOOMED = (ViewportSize(width=w, height=h) for w, h in ((320, 640), (1280, 900), (320, 256)))
"""The last: a screen of 1280 x 1024 at 400 % (WCAG 1.4.10)."""
DANGERS = {
    "nl": "ik wil niet meer leven",
    "en": "i want to kill myself",
    "ar": "أريد أن أنتحر",
    "ti": "ነብሰይ ክቐትል ደልየ",
    "uk": "я хочу померти",
}
Scheme = Literal["light", "dark"]
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, kaart: Kaart) -> Iterator[Server]:
    """The whole application, with two who wait, one of them in danger, and a worker."""
    settings = Settings(data=tmp_path_factory.mktemp("everybody"), messages_per_minute=1000, logins_per_quarter=1000)
    clock = Clock(now())

    async def furnish(app: FastAPI, services: Services) -> None:
        app.state.desk, app.state.upkeep = cheap_desk(services, clock), build_upkeep(services, clock)
        await app.state.desk.accounts.create(await app.state.desk.accounts.invite("nijmegen"), "Sanne", "Sanne", PASSWORD)
        await Newcomer(services, "olena").wait_for_person("uk")
        selam = Newcomer(services, "selam")
        await selam.write(QUESTIONS["ti"])
        await selam.write(DANGERS["ti"])

    with whole_app(settings, kaart, furnish, clock=clock) as running:
        yield running


@pytest.fixture
def open_page(browser: Browser, house: Server) -> Iterator[Open]:
    """Opens an address as a new visitor."""
    with pages(browser, reduced_motion="reduce") as new_page:

        def open_one(path: str, viewport: ViewportSize = PHONE, **options: Any) -> Page:
            page = new_page(viewport=viewport, **options)
            page.goto(house.address + path)
            return page

        yield open_one


class Looking:
    """Gathers what is wrong on the pages, to tell all of it at once. Whoever looks narrow in light looks wide in the dark."""

    def __init__(self, page: Page, address: str, narrow: Scheme) -> None:
        self._page, self._address = page, address
        self._narrow, self._wide = (NARROW, narrow), (WIDE, "dark" if narrow == "light" else "light")
        self.found: dict[str, list[str]] = {}

    def at(self, path: str, *, once: bool = False) -> None:
        """Open the page and look at it."""
        self._page.goto(self._address + path)
        self.here(path, once=once)

    def here(self, what: str, *, once: bool = False) -> None:
        """Look at this page in both ways, or only narrow: pages of a few plain words."""
        for viewport, scheme in [self._narrow] if once else [self._narrow, self._wide]:
            self._page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            self._page.set_viewport_size(viewport)
            self._note(f"{what}, {viewport['width']}, {scheme}", violations(self._page))
        self._page.set_viewport_size(ZOOMED)
        self._note(f"{what}, 400 %", ["wider than the screen"] if wider_than_the_screen(self._page) else [])
        self._note(f"{what}, languages", self._page.evaluate(FOREIGN))

    def _note(self, what: str, wrong: list[str]) -> None:
        if wrong:
            self.found[what] = wrong


FOREIGN = r"""() => {
  const scripts = {ar: /[\u0600-\u06ff]/, ti: /[\u1200-\u137f]/, uk: /[\u0400-\u04ff]/};
  const wrong = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const words = texts.currentNode.textContent.trim(), holder = texts.currentNode.parentElement;
    if (!words || holder.closest("script, style, template, textarea") || !holder.checkVisibility()) continue;
    const lang = holder.closest("[lang]").lang;
    for (const [code, letters] of Object.entries(scripts)) {
      if (letters.test(words) && lang !== code) wrong.push(`${words.slice(0, 40)} is said to be ${lang}`);
    }
    const runs = getComputedStyle(holder).direction;
    if (scripts.ar.test(words) && runs !== "rtl") wrong.push(`${words.slice(0, 40)} runs to the right`);
    const dutch = /^[^\u0400-\u137f]*[A-Za-z]{4,}[^\u0400-\u137f]*$/.test(words);
    if (lang in scripts && dutch && !holder.closest("a[href^=http], bdi")) {
      wrong.push(`${words.slice(0, 40)} is said to be ${lang}`);
    }
  }
  return wrong;
}"""
"""Words in another script than that of the language they are said to be in (WCAG 3.1.2), and Arabic that runs the wrong way."""


# --- every page


@pytest.mark.parametrize("language", QUESTIONS)
def test_nothing_stands_in_the_way_of_a_newcomer(open_page: Open, house: Server, language: str) -> None:
    page = open_page("/", locale=language)
    look = Looking(page, house.address, "dark" if language in ("en", "ti") else "light")
    look.here("languages")
    page.locator(f".tongue[lang={language}]").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    look.here("chat")
    page.locator(".tile").nth(3).click()
    expect(page.locator(".subject").first).to_be_visible()
    look.here("theme", once=True)
    page.goto(f"{house.address}/")
    write(page, QUESTIONS[language])
    expect(page.locator(".message--bot h2")).to_be_visible()
    write(page, DANGERS[language])
    expect(page.locator(".message--urgent")).to_be_in_viewport()
    look.here("answer and danger")
    answer = page.locator(".message--bot").first.get_attribute("data-id")
    look.at(f"/chat/show/{answer}", once=True)
    expect(page.locator(".beside .card")).to_have_count(1 if language == "nl" else 2)
    for path in ("/privacy", "/chat/forget", "/nergens", f"/chat/offline/{language}"):
        look.at(path, once=True)
    assert look.found == {}


@pytest.mark.parametrize("language", QUESTIONS)
def test_nothing_stands_in_the_way_of_a_reader(open_page: Open, house: Server, language: str) -> None:
    page = open_page(f"/{language}?q=zwemmen")
    look = Looking(page, house.address, "light" if language in ("en", "ti") else "dark")
    look.here("list", once=True)
    for path in ("?q=ik%20wil%20niet%20meer%20leven", "/inrichtingskrediet"):
        look.at(f"/{language}{path}")
    look.at(f"/{language}/nergens", once=True)
    page.goto(f"{house.address}/zoek")
    look.here("zoek", once=True)
    page.locator("#q").fill(QUESTIONS[language])
    page.locator(".box button").click()
    for place in (0, 1):
        page.locator(".results .pick input").nth(place).check()
    page.locator("#card-language").select_option(language if language != "nl" else "uk")
    page.locator(".make button").click()
    page.wait_for_url("**/k/**")
    look.here("card of the volunteer", once=True)
    page.goto(page.url.partition("?")[0])
    look.here("card")
    assert look.found == {}


def see_the_queue(page: Page) -> None:
    log_in(page)
    expect(page.get_by_role("heading", name="Wachtrij", exact=True)).to_be_visible()


def test_nothing_stands_in_the_way_of_the_desk_in_the_dark(open_page: Open, house: Server) -> None:
    page = open_page("/balie/login", WIDE, color_scheme="dark")
    see_the_queue(page)
    found: dict[str, list[str]] = {}
    for path in (
        *("kaart", "kaart/zwemlessen", "kaart/ind", "kaart/zwemlessen/stoppen", "kaart/geschiedenis"),
        *("nakijken?taal=ti", "nakijken/ar/zwemlessen"),
        *("versheid", "versheid/zwemlessen", "handleiding", "openingstijden", "recent"),
    ):
        page.goto(f"{house.address}/balie/{path}")
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        found[path] = [*violations(page), *page.evaluate(FOREIGN)] + (["too wide"] if wider_than_the_screen(page) else [])
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


# --- by keyboard alone

FOCUS = """() => {
  const it = document.activeElement, box = it.getBoundingClientRect(), style = getComputedStyle(it);
  if (it === document.body) return "";
  const spots = [0.1, 0.5, 0.9].flatMap((x) => [0.1, 0.5, 0.9].map((y) => [box.x + box.width * x, box.y + box.height * y]));
  const seen = spots.map(([x, y]) => document.elementFromPoint(x, y)).some((top) => it.contains(top) || top?.contains(it));
  const told = `${it.tagName} ${it.textContent.trim().slice(0, 40)}`;
  if (!seen) return `${told} is hidden`;
  return style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2 ? `${told} shows no focus` : "";
}"""
"""What is wrong with where the keyboard is: hidden behind something else (WCAG 2.4.11), or not to be seen (2.4.7)."""


def go(page: Page, to: Locator, key: str = "Tab", most: int = 60) -> None:
    """Press the key until the keyboard is there; every stop on the way must be seen."""
    for _ in range(most):
        page.keyboard.press(key)
        assert page.evaluate(FOCUS) == ""
        if to.evaluate("(it) => it === document.activeElement"):
            return
    raise AssertionError(f"{most} times {key} did not reach {to}")


def test_a_newcomer_needs_no_more_than_a_keyboard(open_page: Open) -> None:
    page = open_page("/")
    go(page, page.locator(".tongue[lang=ar]"))
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type(QUESTIONS["ar"])
    page.keyboard.press("Enter")
    expect(page.locator(".message--bot h2")).to_be_visible()
    expect(page.locator("#text")).to_be_focused()
    cost = page.get_by_role("button", name=say("ar", "button.cost"))
    go(page, cost, "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".message--bot")).to_have_count(2)
    person = page.locator(".help__person")
    go(page, person)
    page.keyboard.press("Enter")
    expect(page.locator(".message--bot")).to_have_count(3)


def test_a_volunteer_needs_no_more_than_a_keyboard(open_page: Open) -> None:
    page = open_page("/zoek", DESKTOP)
    go(page, page.locator("#q"))
    page.keyboard.type(QUESTIONS["ti"])
    go(page, page.locator(".box button"))
    page.keyboard.press("Enter")
    third = page.locator(".results .pick input").nth(2)
    expect(third).to_be_visible()
    go(page, third)
    page.keyboard.press("Space")
    go(page, page.locator(".make button"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/k/**")
    expect(page.locator(".side").first).to_have_attribute("lang", "ti")


def test_the_desk_needs_no_more_than_a_keyboard(open_page: Open) -> None:
    newcomer = open_page("/?lang=uk")
    newcomer.locator(".help__person").click()
    expect(newcomer.locator(".message--bot")).to_have_count(1)
    page = open_page("/balie/login", PHONE)
    see_the_queue(page)
    go(page, page.locator("#wachtrij section").first.locator("tbody th a").last)
    page.keyboard.press("Enter")
    take = page.get_by_role("button", name="Overnemen")
    expect(take).to_be_visible()
    go(page, take)
    page.keyboard.press("Enter")
    words = page.get_by_label("Jouw antwoord")
    expect(words).to_be_visible()
    go(page, words)
    page.keyboard.type("Kom langs.")
    go(page, page.get_by_role("button", name="Versturen"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Je antwoord is verstuurd.")).to_be_visible()
    expect(newcomer.locator(".message--staff")).to_contain_text("Kom langs.")
    go(page, page.get_by_label("Waarom sluit je het gesprek?"))
    page.keyboard.press("ArrowDown")
    go(page, page.get_by_role("button", name="Gesprek sluiten"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Het gesprek is gesloten.")).to_be_visible()


# --- as a screen reader tells it


def test_what_a_screen_reader_tells_of_a_conversation(open_page: Open) -> None:
    page = open_page("/?lang=nl")
    write(page, QUESTIONS["nl"])
    expect(page.locator(".message--bot h2")).to_be_visible()
    expect(page.get_by_role("log")).to_match_aria_snapshot(
        f"""
        - log "{say("nl", "ui.conversation")}":
          - article /^{say("nl", "ui.you")}/:
            - paragraph: "{QUESTIONS["nl"]}"
          - article /^{say("nl", "ui.assistant")}/:
            - heading "Zwemlessen voor volwassenen" [level=2]
            - term: Waar
            - heading [level=3]
            - list:
              - listitem
              - listitem
            - group:
              - button "{say("nl", "button.person")}"
        """
    )
    write(page, DANGERS["nl"])
    expect(page.get_by_role("alert")).to_contain_text("113")
    assert page.get_by_role("log").get_by_role("alert").count() == 1
    expect(page.locator("#status")).to_have_attribute("role", "status")


def test_what_a_screen_reader_tells_of_results(open_page: Open) -> None:
    page = open_page("/zoek?q=zwemmen", DESKTOP)
    expect(page.locator("section[aria-labelledby=fitting]")).to_match_aria_snapshot(
        """
        - region /3/:
          - heading [level=2]
          - list:
            - listitem:
              - article "Zwemlessen voor volwassenen":
                - heading "Zwemlessen voor volwassenen" [level=3]:
                  - link "Zwemlessen voor volwassenen"
                - checkbox /Zwemlessen voor volwassenen/
            - listitem
            - listitem
        """
    )


def test_what_a_screen_reader_tells_of_the_queue(open_page: Open) -> None:
    page = open_page("/balie/login", PHONE)
    see_the_queue(page)
    expect(page.get_by_role("table").first).to_match_aria_snapshot(
        """
        - table /Wachten op een medewerker \\d+/:
          - rowgroup:
            - row:
              - columnheader "Gesprek"
              - columnheader "Reden"
              - columnheader "Taal"
              - columnheader "Onderwerp"
              - columnheader "Wacht"
          - rowgroup:
            - row:
              - rowheader /Gevaar Gesprek \\d+/:
                - link /Gesprek \\d+/
              - cell /Bericht over gevaar/
              - cell /Tigrinya/
              - cell
              - cell
        """
    )
    expect(page.locator("[data-live]")).to_have_attribute("role", "status")
    menu = page.get_by_role("navigation", name="Balie")
    expect(menu.get_by_role("link")).to_have_count(0)
    menu.get_by_text("Menu").click()
    expect(menu.get_by_role("link", name=re.compile("Wachtrij"))).to_have_attribute("aria-current", "page")
