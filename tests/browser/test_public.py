"""The public pages in a real browser: accessible, light, without a script, and on paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from axe import violations, wider_than_the_screen
from chat_server import Server
from house import pages_without_script, whole_app
from playwright.sync_api import Browser, Page, Response, expect
from stand_ins import say

from api.settings import Settings
from sociale_kaart.kaart import Kaart

pytestmark = pytest.mark.browser
LANGUAGES = ["nl", "en", "ar", "ti", "uk"]
NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 800}
MOST_BYTES = 150_000
"""A page with its style and fonts: those of Arabic and Tigrinya on every page, for the names of the languages."""
MOST_REQUESTS = 9
FONTS = {"ar": "NotoSansArabic", "ti": "NotoSansEthiopic"}
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, kaart: Kaart) -> Iterator[Server]:
    """The whole application on a database of this module."""
    settings = Settings(data=tmp_path_factory.mktemp("public"), messages_per_minute=1000)
    with whole_app(settings, kaart) as running:
        yield running


@pytest.fixture
def open_page(browser: Browser, site: Server) -> Iterator[Open]:
    """Opens a public page as a new visitor, by default in a browser without JavaScript."""
    with pages_without_script(browser, site, NARROW) as open_one:
        yield open_one


# --- accessibility


def test_the_directory_on_a_screen(open_page: Open) -> None:
    assert violations(open_page("/ar/print", script=True), without=".chapter ~ .chapter") == [], "chapters are alike"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_entry_is_wider_than_a_small_screen(open_page: Open, language: str) -> None:
    assert not wider_than_the_screen(open_page(f"/{language}/print", script=True)), "the directory holds all of them"


@pytest.mark.parametrize("language", ["nl", "ar", "ti"])
def test_everything_to_tap_is_large_enough(open_page: Open, language: str) -> None:
    for path in ("", "/zwemlessen"):
        page = open_page(f"/{language}{path}", script=True)
        # A link within a sentence is as high as its line.
        sizes = page.evaluate(
            "[...document.querySelectorAll('a, button, input, select')]"
            ".filter((e) => e.offsetParent && !e.closest('p') && !e.closest('.facts') && !e.closest('.skip'))"
            ".map((e) => [e.textContent.trim(), e.offsetHeight]).filter(([, h]) => h < 44)"
        )
        assert sizes == []


def test_the_first_tab_goes_straight_to_the_content(open_page: Open) -> None:
    page = open_page("/ar/zwemlessen", script=True)
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_arabic_runs_from_the_right(open_page: Open) -> None:
    page = open_page("/ar/zwemlessen", script=True)
    title, brand = page.locator("h1"), page.locator(".brand img").bounding_box()
    assert title.evaluate("(e) => getComputedStyle(e).direction") == "rtl"
    assert brand
    assert brand["x"] > NARROW["width"] / 2


# --- light, and by its own rules


@pytest.mark.parametrize("path", ["/nl", "/ti", "/nl/zwemlessen", "/ar/zwemlessen", "/ti/zwemlessen"])
def test_a_page_is_light_and_breaks_no_rule_of_its_policy(browser: Browser, site: Server, path: str) -> None:
    context = browser.new_context(viewport=NARROW)  # type: ignore[arg-type]
    page, told, came = context.new_page(), [], []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("response", lambda response: came.append(response))
    page.goto(site.address + path, wait_until="networkidle")
    assert told == [], "also not about the data for machines in the page"
    assert sum(_weight(response) for response in came) < MOST_BYTES
    assert len(came) <= MOST_REQUESTS
    assert all(response.url.startswith(site.address) for response in came)
    assert page.locator("script:not([type='application/ld+json'])").count() == 0
    assert context.cookies() == []
    context.close()


def _weight(response: Response) -> int:
    return int(response.request.sizes()["responseBodySize"])


# --- without a script


def test_searching_reading_and_asking_work_without_a_script(open_page: Open, kaart: Kaart) -> None:
    page = open_page("/ti")
    page.get_by_role("searchbox").fill("zwemlessen")
    page.get_by_role("button", name=say("ti", "public.find")).click()
    page.locator(".entries a[href='/ti/zwemlessen']").click()
    expect(page.locator("h1")).to_have_text(kaart.entry("zwemlessen").texts["ti"].name)
    page.locator(".languages a[lang=ar]").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.locator(".ask a").click()
    page.locator("form[aria-labelledby=about] button").click()
    answer = page.locator(".message--bot").first
    expect(answer.locator("h2")).to_have_text(kaart.entry("zwemlessen").texts["ar"].name)
    expect(page.locator(".message--person")).to_contain_text("zwemlessen")


def test_a_choice_of_status_shortens_the_list(open_page: Open) -> None:
    page = open_page("/nl")
    everything = page.locator(".entries li").count()
    page.locator("#status").select_option("undocumented")
    page.locator(".search button").click()
    assert 0 < page.locator(".entries li").count() < everything
    expect(page.locator("#status")).to_have_value("undocumented")


def test_with_a_script_the_entry_is_told_as_well(open_page: Open, kaart: Kaart) -> None:
    page = open_page("/?lang=ti&about=zwemlessen", script=True)
    page.locator("form[aria-labelledby=about] button").click()
    expect(page.locator(".message--bot h2").first).to_have_text(kaart.entry("zwemlessen").texts["ti"].name)
    expect(page.locator("#about")).to_be_hidden()


# --- on paper


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_directory_goes_on_paper(open_page: Open, kaart: Kaart, language: str) -> None:
    page = open_page(f"/{language}/print", WIDE, script=True)
    page.evaluate("document.fonts.ready")
    paper = page.pdf(prefer_css_page_size=True)
    pages = len(re.findall(rb"/Type\s*/Page\b(?!s)", paper))
    assert 10 < pages < len(kaart.entries), "some sheets, and fewer than one for each entry"
    fonts = {name.decode() for name in re.findall(rb"/FontName\s*/[A-Z]{6}\+([A-Za-z]+)", paper)}
    assert len(re.findall(rb"/FontFile[23]?\b", paper)) >= len(fonts) > 0, "every font is in the file"
    assert FONTS.get(language, "") in "".join(fonts)


def test_on_paper_there_is_nothing_to_tap(open_page: Open) -> None:
    page = open_page("/ti/zwemlessen", WIDE, script=True)
    page.emulate_media(media="print")
    for gone in (".languages", ".search", ".ask", ".public__end", ".top .help__112"):
        expect(page.locator(gone)).to_be_hidden()
    expect(page.locator(".on-paper")).to_contain_text("/nijmegen/ti/zwemlessen")
    expect(page.locator(".source").first).to_be_visible()
