"""A volunteer's whole way in a real browser: paste, tick, make a card, print it, hand it over; with and without a script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from axe import violations, wider_than_the_screen
from chat_server import Server
from house import pages_without_script, whole_app
from playwright.sync_api import Browser, Page, expect
from stand_ins import say

from api.settings import Settings
from sociale_kaart.kaart import Kaart

pytestmark = pytest.mark.browser
NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
SENTENCES = {
    "ar": "أين أتعلم السباحة؟",
    "ti": "ኣበይ ምሕንባስ ክመሃር እኽእል?",
    "uk": "Де я можу навчитися плавати?",
    "en": "where can I learn to swim?",
}
FONTS = {"ar": "NotoSansArabic", "ti": "NotoSansEthiopic"}
PAPER = {"a5": (420, 595), "a6": (298, 420)}
"""Width and height in points."""
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, kaart: Kaart) -> Iterator[Server]:
    """The whole application on a database of this module."""
    settings = Settings(data=tmp_path_factory.mktemp("volunteer"), messages_per_minute=1000)
    with whole_app(settings, kaart) as running:
        yield running


@pytest.fixture
def open_page(browser: Browser, site: Server) -> Iterator[Open]:
    """Opens a page as a new visitor, by default in a browser without JavaScript."""
    with pages_without_script(browser, site, NARROW) as open_one:
        yield open_one


def make_card(page: Page, sentence: str, *, entries: int = 1, language: str | None = None) -> None:
    """From the search page to the card, as a volunteer does it."""
    page.locator("#q").fill(sentence)
    page.locator(".box button").click()
    for place in range(entries):
        page.locator(".results .pick input").nth(place).check()
    if language:
        page.locator("#card-language").select_option(language)
    page.locator(".make button").click()
    page.wait_for_url("**/k/**")


def test_from_a_sentence_to_a_card_without_a_script(open_page: Open, kaart: Kaart) -> None:
    page = open_page("/zoek")
    make_card(page, SENTENCES["ti"], entries=2)
    expect(page.locator(".side h2")).to_have_text(
        [kaart.entry(id).texts[code].name for id in ("zwemlessen", "zwemveiligheid") for code in ("ti", "nl")]
    )
    expect(page.locator(".side").first).to_have_attribute("lang", "ti")
    expect(page.locator("[data-print]")).to_be_hidden()
    expect(page.get_by_role("link", name="WhatsApp")).to_have_attribute("href", re.compile(r"^https://wa\.me/\?text="))
    page.get_by_role("button", name=say("nl", "report.closed")).first.click()
    expect(page.locator("h1")).to_contain_text("Dank je.")
    page.get_by_role("link", name=say("nl", "card.back")).click()
    expect(page.locator(".side")).to_have_count(4)


def test_with_a_script_a_report_leaves_the_results_where_they_are(open_page: Open) -> None:
    page = open_page("/zoek", WIDE, script=True)
    page.locator("#q").fill("zwemmen")
    page.locator(".box button").click()
    page.locator(".pick input").first.check()
    first = page.locator(".result").first
    first.get_by_role("button", name=say("nl", "report.moved")).click()
    expect(first.locator(".report [role=status]")).to_contain_text("Dank je.")
    expect(first.locator(".report button").first).to_be_hidden()
    expect(page.locator(".pick input").first).to_be_checked()


def test_a_report_is_not_lost_when_the_script_cannot_send_it(open_page: Open) -> None:
    page = open_page("/zoek", script=True)
    page.locator("#q").fill("zwemmen")
    page.locator(".box button").click()
    page.route("**/zoek/melding*", lambda route: route.abort() if route.request.resource_type == "fetch" else route.continue_())
    page.locator(".result").first.get_by_role("button", name=say("nl", "report.moved")).click()
    expect(page.locator("h1")).to_contain_text("Dank je.")


def test_the_link_is_copied_with_one_tap(open_page: Open) -> None:
    page = open_page("/zoek", WIDE, script=True, permissions=["clipboard-read", "clipboard-write"])
    make_card(page, "zwemmen", language="uk")
    page.locator("[data-copy]").click()
    expect(page.locator("[data-told]")).to_have_text(say("nl", "card.copied"))
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("figcaption a").get_attribute("href")
    expect(page.locator("[data-print]")).to_be_visible()


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["320px", "desktop"])
def test_results_stand_in_nobodys_way(open_page: Open, viewport: dict[str, int]) -> None:
    page = open_page("/zoek?q=ik+wil+niet+meer+leven&theme=participation&open=now&cost=free&age=x", viewport, script=True)
    page.evaluate("document.querySelectorAll('main details').forEach((details) => details.open = true)")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], scheme
    assert not wider_than_the_screen(page)
    sizes = page.evaluate(
        "[...document.querySelectorAll('main a, main button, main select, main textarea, main summary, .pick')]"
        ".filter((e) => e.offsetParent && !e.closest('.facts') && !e.closest('.message__body'))"
        ".map((e) => [e.textContent.trim(), e.offsetHeight]).filter(([, h]) => h < 44)"
    )
    assert sizes == []


def test_arabic_runs_from_the_right_beside_dutch(open_page: Open) -> None:
    page = open_page("/zoek", WIDE, script=True)
    make_card(page, SENTENCES["ar"])
    arabic, dutch = (page.locator(f".side[lang={code}]") for code in ("ar", "nl"))
    assert [side.evaluate("(e) => getComputedStyle(e).direction") for side in (arabic, dutch)] == ["rtl", "ltr"]
    right, left = arabic.bounding_box(), dutch.bounding_box()
    assert right
    assert left
    assert (right["y"], right["x"] > left["x"]) == (left["y"], True)
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    above, below = arabic.bounding_box(), dutch.bounding_box()
    assert above
    assert below
    assert above["y"] + above["height"] <= below["y"], "one under the other on a phone"


@pytest.mark.parametrize("paper", PAPER)
@pytest.mark.parametrize("language", ["ar", "ti"])
def test_a_card_goes_on_paper(open_page: Open, language: str, paper: str) -> None:
    page = open_page("/zoek", WIDE, script=True)
    make_card(page, SENTENCES[language])
    page.get_by_role("link", name=say("nl", "card.paper", size=paper.upper())).click()
    page.wait_for_url(f"**paper={paper}**")
    page.evaluate("document.fonts.ready")
    file = page.pdf(prefer_css_page_size=True)
    boxes = {tuple(round(float(side)) for side in box.split()) for box in re.findall(rb"/MediaBox\s*\[0 0 ([\d. ]+)\]", file)}
    assert boxes == {PAPER[paper]}
    pages = len(re.findall(rb"/Type\s*/Page\b(?!s)", file))
    assert pages == {"a5": 1, "a6": 2}[paper], "A6: a language on each side of the sheet"
    fonts = {name.decode() for name in re.findall(rb"/FontName\s*/[A-Z]{6}\+([A-Za-z]+)", file)}
    assert len(re.findall(rb"/FontFile[23]?\b", file)) >= len(fonts) > 0, "every font is in the file"
    assert FONTS[language] in "".join(fonts)


def test_on_paper_there_is_only_the_card(open_page: Open) -> None:
    page = open_page("/zoek", WIDE, script=True)
    make_card(page, SENTENCES["uk"])
    page.emulate_media(media="print")
    for gone in (".top", ".tools", ".report"):
        expect(page.locator(gone).first).to_be_hidden()
    for kept in (".sheet__code svg", "figcaption", ".at-desk", ".source"):
        expect(page.locator(kept).first).to_be_visible()
