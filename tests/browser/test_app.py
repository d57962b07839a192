"""The chat as an app in a real browser: its first screen, without internet, on another site, aloud, and light."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from axe import violations, wider_than_the_screen
from chat_server import Server
from house import ask, pages, whole_app
from playwright.sync_api import Browser, Page, expect
from real_browser import write
from stand_ins import say

from api.settings import Settings
from sociale_kaart.kaart import Kaart
from sociale_kaart.municipality import Theme

pytestmark = pytest.mark.browser
LANGUAGES = ["nl", "en", "ar", "ti", "uk"]
PHONE, NARROW, WIDE = {"width": 360, "height": 740}, {"width": 320, "height": 5000}, {"width": 1280, "height": 5000}
MOST_BYTES = 200_000
"""Everything of a first visit but fonts."""
Open = Callable[..., Page]


class Neighbour:
    """A municipality's own site, on another host and port, with the one script tag."""

    def __init__(self) -> None:
        self.html = ""
        neighbour = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(neighbour.html.encode())

            def log_message(self, *_: object) -> None:
                """A test needs no log."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def origin(self) -> str:
        return f"http://localhost:{self._server.server_address[1]}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def neighbour() -> Iterator[Neighbour]:
    site = Neighbour()
    yield site
    site.stop()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, kaart: Kaart, neighbour: Neighbour) -> Iterator[Server]:
    """The whole application; the neighbour may show its chat. Cookies are those of HTTPS: browsers take them on loopback."""
    settings = Settings(data=tmp_path_factory.mktemp("app"), messages_per_minute=1000, secure_cookies=True)
    allowed = kaart.municipality.model_copy(update={"embed_origins": (neighbour.origin,)})
    with whole_app(settings, replace(kaart, municipality=allowed)) as running:
        yield running


@pytest.fixture
def open_page(browser: Browser, site: Server) -> Iterator[Open]:
    """Opens an address as a new visitor."""
    with pages(browser, reduced_motion="reduce") as new_page:

        def open_one(address: str = "/?lang=nl", viewport: dict[str, int] = PHONE, *, voices: str = "", **options: Any) -> Page:
            page = new_page(viewport=viewport, **options)
            if voices:
                page.add_init_script(f"speechSynthesis.getVoices = () => {voices};")
            page.goto(address if address.startswith("http") else site.address + address)
            return page

        yield open_one


def ids(page: Page) -> list[int]:
    return [int(id) for id in page.locator(".message").evaluate_all("(all) => all.map((e) => e.dataset.id)")]


def test_everything_works_without_a_script(open_page: Open) -> None:
    page = open_page("/", java_script_enabled=False, locale="fr")
    page.locator(".tongue[lang=ar]").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.locator(".tile").nth(5).click()
    page.locator(".subject").first.click()
    expect(page.locator(".message--bot h2")).to_be_visible()
    expect(page.locator(".sizes")).to_be_hidden()
    page.get_by_role("link", name=say("ar", "chat.show")).first.click()
    expect(page.locator(".beside .card")).to_have_count(2)
    page.get_by_role("link", name=say("ar", "chat.back")).click()
    page.locator(".verdict button").first.click()
    expect(page.locator(".verdict fieldset:disabled .tap--chosen")).to_have_count(1)


# --- with a script


def test_feedback_closes_only_its_own_question(open_page: Open) -> None:
    page = open_page()
    ask(page)
    page.locator(".verdict button").first.click()
    expect(page.locator(".message--person")).to_have_count(2)
    expect(page.locator(".verdict fieldset:disabled .tap--chosen")).to_have_count(1)
    expect(page.locator(".message--bot").first.locator(".taps:not(.verdict) fieldset")).to_be_enabled()
    page.reload()
    expect(page.locator(".verdict fieldset:disabled .tap--chosen")).to_have_count(1)
    expect(page.locator(".message--bot").first.locator(".taps:not(.verdict) fieldset")).to_be_enabled()


def test_larger_letters_stay_larger(open_page: Open) -> None:
    page = open_page()
    size = "parseFloat(getComputedStyle(document.body).fontSize)"
    before = page.evaluate(size)
    page.get_by_role("button", name=say("nl", "chat.text_3")).click()
    assert page.evaluate(size) > before * 1.3
    page.locator(".tile").first.click()
    expect(page.get_by_role("button", name=say("nl", "chat.text_3"))).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(size) > before * 1.3
    assert not wider_than_the_screen(page)


KEPT = """(async () => {
  const caught = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
  const requests = await Promise.all(caught.map((cache) => cache.keys()));
  return requests.flat().map((request) => new URL(request.url).pathname);
})()"""
"""Paths of everything that the browser keeps."""
WORKER_READY = "navigator.serviceWorker.getRegistration().then((found) => Boolean(found && found.active))"
VOICE = "[{{lang: '{0}', localService: {1}, name: 'a'}}]"


@pytest.mark.parametrize(
    ("voices", "offered"),
    [("[]", 0), (VOICE.format("nl-NL", "true"), 1), (VOICE.format("nl-NL", "false"), 0), (VOICE.format("en-GB", "true"), 0)],
    ids=["none", "on the device", "of a company", "of another language"],
)
def test_reading_aloud_is_offered_with_a_voice_on_the_device(open_page: Open, voices: str, offered: int) -> None:
    page = open_page(voices=voices)
    ask(page)
    expect(page.locator("[data-read]:visible")).to_have_count(offered)


def test_reading_aloud_starts_and_stops_at_a_tap_only(open_page: Open) -> None:
    page = open_page(voices=VOICE.format("nl_NL", "true"))
    page.evaluate(
        "window.told = []; SpeechSynthesisUtterance = function (text) { this.text = text; };"
        "speechSynthesis.speak = (words) => told.push(words.text); speechSynthesis.cancel = () => told.push('stop'); true"
    )
    ask(page)
    assert page.evaluate("told") == []
    button = page.locator("[data-read]:visible")
    button.click()
    told = page.evaluate("told")
    assert told[0] == page.locator(".message--bot h2").inner_text()
    assert not any("Bron" in line for line in told)
    expect(button).to_contain_text(say("nl", "chat.stop_listening"))
    button.click()
    assert page.evaluate("told.at(-1)") == "stop"
    expect(button).to_contain_text(say("nl", "chat.listen"))


# --- a lost connection


def test_what_was_written_while_the_server_was_away_goes_once(open_page: Open, site: Server) -> None:
    page = open_page()
    ask(page)
    site.stop()
    write(page, "zwemmen?")
    expect(page.locator(".pending--failed")).to_be_visible()
    site.start()
    expect(page.locator(".message--person")).to_have_count(2, timeout=20_000)
    expect(page.locator(".pending")).to_have_count(0)
    shown = ids(page)
    assert shown == sorted(set(shown))
    page.reload()
    assert ids(page) == shown


def test_what_was_not_sent_is_still_there_when_the_page_comes_back(open_page: Open, site: Server) -> None:
    page = open_page()
    ask(page)
    page.wait_for_function(WORKER_READY)
    site.stop()
    write(page, "zwemmen?")
    expect(page.locator(".pending--failed")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name=say("nl", "offline.title"))).to_be_visible()
    site.start()
    page.goto(site.address)
    expect(page.locator(".message--person")).to_have_count(2)
    expect(page.locator(".pending")).to_have_count(0)
    page.reload()
    expect(page.locator(".message--person")).to_have_count(2)


def test_a_stream_that_a_proxy_broke_is_opened_again(open_page: Open, site: Server) -> None:
    page = open_page()
    page.context.route("**/chat/events*", lambda route: route.fulfill(status=502, body=""))
    ask(page)
    with page.expect_response("**/chat/events*") as broken:
        pass
    assert broken.value.status == 502
    page.context.unroute("**/chat/events*")
    other = page.context.new_page()
    other.goto(site.address)
    write(other, "hoi")
    expect(page.locator(".message--person")).to_have_count(2, timeout=20_000)


# --- without internet


@pytest.mark.parametrize("language", ["nl", "ti"])
def test_without_internet_there_are_numbers_and_no_conversation(open_page: Open, site: Server, language: str) -> None:
    page = open_page(f"/?lang={language}")
    ask(page, language)
    page.wait_for_function(WORKER_READY)
    kept = page.evaluate(KEPT)
    assert {path for path in kept if not path.startswith("/static/")} == {
        "/language",
        *(f"/chat/offline/{code}" for code in LANGUAGES),
    }
    site.stop()
    page.goto(f"{site.address}/")
    expect(page.locator("html")).to_have_attribute("lang", language)
    for number in ("112", "113", "08002000"):
        expect(page.locator(f'a[href="tel:{number}"]').first).to_be_visible()
    page.locator(".languages a[lang=ar]").click()
    expect(page.get_by_role("heading", name=say("ar", "offline.title"))).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.card')).borderTopWidth") != "0px", "with its style"
    site.start()
    page.goto(site.address)
    expect(page.locator(".message--bot h2")).to_be_visible()


# --- light


@pytest.mark.parametrize("language", ["nl", "ti"])
def test_a_first_visit_is_light(open_page: Open, site: Server, language: str) -> None:
    page = open_page("/static/icon.svg")
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    addresses: dict[str, str] = {}
    sizes: dict[str, float] = {}
    network.on("Network.responseReceived", lambda event: addresses.update({event["requestId"]: event["response"]["url"]}))
    network.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    page.goto(f"{site.address}/?lang={language}")
    page.wait_for_load_state("networkidle")
    fonts = sum(size for id, size in sizes.items() if addresses[id].endswith(".woff2"))
    rest = sum(sizes.values()) - fonts
    assert 10_000 < rest < MOST_BYTES, f"{rest / 1000:.0f} kB, and fonts {fonts / 1000:.0f} kB"
    assert fonts < MOST_BYTES


# --- on another site


def embed(neighbour: Neighbour, site: Server, attributes: str = 'data-lang="en"') -> str:
    """The neighbour's page with the script tag; returns its address."""
    neighbour.html = (
        "<!doctype html><html lang=nl><title>Dorp</title><meta name=viewport content='width=device-width'>"
        "<main><h1>Dorp</h1></main>"
        f'<script src="{site.address}/embed.js" {attributes} async></script></html>'
    )
    return neighbour.origin


def test_another_site_shows_the_chat_by_one_script_tag(open_page: Open, neighbour: Neighbour, site: Server) -> None:
    page = open_page(embed(neighbour, site), WIDE | {"height": 800})
    opener = page.get_by_role("button", name=say("en", "ui.heading"))
    expect(opener).to_have_attribute("aria-expanded", "false")
    assert page.locator("iframe").count() == 0, "nothing is loaded before somebody asks for it"
    opener.focus()
    page.keyboard.press("Enter")
    frame = page.frame_locator("iframe")
    expect(page.get_by_role("button", name=say("en", "embed.close"))).to_be_focused()
    assert violations(page) == []
    ask(frame, "en")
    (cookie,) = [cookie for cookie in page.context.cookies() if cookie["name"].startswith("chat")]
    assert (cookie["name"], cookie["sameSite"], cookie["httpOnly"]) == ("chat-frame", "None", True)
    frame.locator("#text").press("Escape")
    expect(page.locator("iframe")).to_be_hidden()
    expect(opener).to_be_focused()
    page.reload()
    opener.click()
    expect(frame.locator(".message--person")).to_have_count(1), "the conversation is kept"
    page.keyboard.press("Escape")
    expect(page.locator("iframe")).to_be_hidden()


def test_a_site_that_is_not_named_shows_nothing(open_page: Open, neighbour: Neighbour, site: Server) -> None:
    page = open_page(embed(neighbour, site).replace("localhost", "127.0.0.1"))
    with page.expect_response("**/frame/**") as refused:
        page.get_by_role("button", name=say("en", "ui.heading")).click()
    assert "frame-ancestors" in refused.value.headers["content-security-policy"]
    page.wait_for_load_state("networkidle")
    assert page.frame_locator("iframe").locator("#text").count() == 0


def test_on_a_phone_the_frame_fits_the_screen(open_page: Open, neighbour: Neighbour, site: Server) -> None:
    page = open_page(embed(neighbour, site, 'data-lang="ar" data-position="left"'), {"width": 320, "height": 640})
    page.get_by_role("button", name=say("ar", "ui.heading")).click()
    expect(page.frame_locator("iframe").locator("#text")).to_be_visible()
    expect(page.frame_locator("iframe").locator("html")).to_have_attribute("dir", "rtl")
    assert not wider_than_the_screen(page)


def test_the_colours_of_a_municipality_reach_the_page(open_page: Open, site: Server) -> None:
    services = site.app.state.services
    town = services.towns.first
    settings = town.kaart.municipality.model_copy(update={"theme": Theme(primary="#7a1f5c", primary_dark="#f0b6dc")})
    services.towns.replace(replace(town, kaart=replace(town.kaart, municipality=settings)))
    try:
        page = open_page(viewport=NARROW)
        colour = "getComputedStyle(document.querySelector('.send')).backgroundColor"
        assert page.evaluate(colour) == "rgb(122, 31, 92)"
        assert violations(page) == []
        page.emulate_media(color_scheme="dark")
        assert page.evaluate(colour) == "rgb(240, 182, 220)"
        assert violations(page) == []
    finally:
        services.towns.replace(town)
