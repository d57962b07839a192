"""The newcomer's page in a real browser: accessible in every language, and lively with a script."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe import wider_than_the_screen
from chat_server import Server
from house import QUESTIONS, ask, pages
from playwright.sync_api import Browser, Page, Route, expect
from real_browser import write
from stand_ins import FixedSearch, say

pytestmark = pytest.mark.browser
SMALL, PHONE = {"width": 320, "height": 640}, {"width": 360, "height": 740}
Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, server: Server, search: FixedSearch) -> Iterator[Open]:
    """Opens the chat as a new visitor."""
    search.ids, search.zone = ["zwemlessen", "zwemveiligheid", "stips"], "answer"
    with pages(browser, locale="fr-FR", reduced_motion="reduce") as new_page:

        def open_one(language: str = "nl", *, viewport: dict[str, int] = PHONE, path: str = "/", **options: Any) -> Page:
            page = new_page(viewport=viewport, **options)
            page.goto(f"{server.address}{path}?lang={language}")
            return page

        yield open_one


# --- accessibility


@pytest.mark.parametrize("language", ["nl", "ar", "ti"])
def test_everything_to_tap_is_large_enough(open_page: Open, language: str) -> None:
    page = open_page(language, viewport=SMALL)
    ask(page, language)
    sizes = page.evaluate(
        "[...document.querySelectorAll('button, .help__112, .small a')].filter((e) => e.offsetParent)"
        ".map((e) => [e.textContent.trim(), e.offsetWidth, e.offsetHeight]).filter(([, w, h]) => w < 44 || h < 44)"
    )
    assert sizes == []


def test_arabic_runs_from_the_right(open_page: Open) -> None:
    page = open_page("ar")
    ask(page, "ar")
    title, body = page.locator(".message--bot h2"), page.locator(".message--bot .message__body").first
    assert title.evaluate("(e) => getComputedStyle(e).direction") == "rtl"
    assert body.evaluate("(e) => getComputedStyle(e).letterSpacing") in ("normal", "0px")
    send, box = page.locator(".send").bounding_box(), page.locator("#text").bounding_box()
    assert send
    assert box
    assert send["x"] < box["x"]


def test_a_dutch_name_does_not_break_a_suggestion_apart(open_page: Open) -> None:
    page = open_page("ar")
    pieces = page.locator(".taps--suggestions button").evaluate_all("(all) => all.map((e) => e.childNodes.length)")
    assert set(pieces) == {1}, "each piece would be a column of its own"


@pytest.mark.parametrize(("language", "least"), [("nl", 16), ("uk", 16), ("ar", 18), ("ti", 18)])
def test_letters_are_large_enough(open_page: Open, language: str, least: int) -> None:
    page = open_page(language)
    ask(page, language)
    style = "(e) => [parseFloat(getComputedStyle(e).fontSize), parseFloat(getComputedStyle(e).lineHeight)]"
    size, line = page.locator(".message--bot .message__body > p").first.evaluate(style)
    assert size >= least
    assert line / size >= 1.59


@pytest.mark.parametrize(("language", "family"), [("ar", "Kaart Arabic"), ("ti", "Kaart Ethiopic")])
def test_the_fonts_are_there_to_be_used(open_page: Open, language: str, family: str) -> None:
    page = open_page(language)
    letter = "س" if language == "ar" else "ሰ"
    loaded = page.evaluate(f"document.fonts.load('16px \"{family}\"', '{letter}').then((faces) => faces.length)")
    assert loaded == 1


def test_on_a_low_screen_the_composer_hides_nothing(open_page: Open) -> None:
    page = open_page("nl", viewport={"width": 320, "height": 256})  # 1280 x 1024 at 400 %
    assert page.locator(".composer").evaluate("(e) => getComputedStyle(e).position") == "static"
    assert not wider_than_the_screen(page)


# --- with a script


def test_a_question_is_answered_without_a_new_page(open_page: Open) -> None:
    page = open_page("nl")
    write(page, "hoi")  # the first message may change the language, and then the page comes anew
    expect(page.locator(".message--bot")).to_have_count(1)
    page.evaluate("window.same = true")
    ask_box = page.locator("#text")
    write(page, "Waar kan ik leren zwemmen?")
    expect(page.locator(".message--bot")).to_have_count(2)
    expect(ask_box).to_be_focused()
    expect(ask_box).to_have_value("")
    assert page.evaluate("window.same")
    assert page.locator(".message").evaluate_all("(all) => new Set(all.map((e) => e.id)).size === all.length")
    expect(page.locator("#status")).to_have_text(say("nl", "ui.sent"))
    expect(page.locator(".pending")).to_have_count(0)


def test_shift_enter_is_a_new_line(open_page: Open) -> None:
    page = open_page("nl")
    page.locator("#text").press_sequentially("een")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("twee")
    expect(page.locator("#text")).to_have_value("een\ntwee")
    expect(page.locator(".message")).to_have_count(0)


def test_writing_another_language_turns_the_page(open_page: Open) -> None:
    page = open_page("nl")
    ask(page, "ar")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator(".send")).to_contain_text(say("ar", "ui.send"))
    expect(page.locator("#text")).to_be_focused()


def test_a_tapped_set_is_closed_and_what_was_chosen_stays(open_page: Open) -> None:
    page = open_page("nl")
    ask(page, "nl")
    page.get_by_role("button", name=say("nl", "button.person")).first.click()
    chosen = page.locator("fieldset:disabled .tap:visible")
    expect(chosen).to_have_count(1)
    expect(chosen).to_have_text(say("nl", "button.person"))
    expect(page.locator(".message--person")).to_have_count(2)


def test_a_message_of_staff_comes_by_itself(open_page: Open, server: Server) -> None:
    page = open_page("nl")
    ask(page, "nl")
    other = page.context.new_page()
    other.goto(server.address)
    write(other, "hoi")
    expect(other.locator(".message--person")).to_have_count(2)
    expect(page.locator(".message--person")).to_have_count(2)
    expect(page.locator(".message--bot")).to_have_count(2)


def test_what_is_not_sent_says_so_and_can_be_tried_again(open_page: Open) -> None:
    page = open_page("nl")
    ask(page, "nl")

    def fail(route: Route) -> None:
        route.abort() if route.request.method == "POST" else route.continue_()

    page.route("**/chat?*", fail)
    write(page, "zwemmen?")
    pending = page.locator(".pending--failed")
    expect(pending).to_contain_text(say("nl", "ui.not_sent"))
    expect(pending).to_contain_text("zwemmen?")
    page.unroute("**/chat?*")
    pending.get_by_role("button", name=say("nl", "ui.retry")).click()
    expect(page.locator(".pending")).to_have_count(0)
    expect(page.locator(".message--person")).to_have_count(2)


def test_an_answer_that_got_lost_is_not_asked_twice(open_page: Open) -> None:
    page = open_page("nl")
    ask(page, "nl")
    answered: list[int] = []

    def lose(route: Route) -> None:
        # The server has it, the phone never hears so.
        answered.append(route.fetch().status)
        route.abort()

    page.route("**/chat?*", lose)
    write(page, "zwemmen?")
    expect(page.locator(".pending--failed")).to_be_visible()
    page.unroute("**/chat?*")
    page.locator(".pending--failed button").click()
    expect(page.locator(".pending")).to_have_count(0)
    assert answered == [200]
    expect(page.locator(".message--person")).to_have_count(2)


def test_without_internet_a_message_waits_and_goes_when_it_is_back(open_page: Open) -> None:
    page = open_page("nl")
    ask(page, "nl")
    page.context.set_offline(True)
    write(page, "zwemmen?")
    expect(page.locator(".pending--failed")).to_contain_text(say("nl", "ui.offline"))
    page.context.set_offline(False)
    expect(page.locator(".message--person")).to_have_count(2)
    expect(page.locator(".pending")).to_have_count(0)


def test_a_too_long_message_stays_to_be_made_shorter(open_page: Open) -> None:
    page = open_page("nl")
    text = "x" * 2001
    page.locator("#text").fill(text)
    page.locator(".send").click()
    expect(page.get_by_role("alert").filter(has_text="2000")).to_be_visible()
    expect(page.locator("#text")).to_have_value(text)
    assert page.locator(".message").count() == 0


def test_the_draft_survives_a_reload(open_page: Open) -> None:
    page = open_page("nl")
    page.locator("#text").press_sequentially("half een vraag")
    page.reload()
    expect(page.locator("#text")).to_have_value("half een vraag")


def test_the_stream_goes_on_after_the_server_was_away(open_page: Open, server: Server) -> None:
    page = open_page("nl")
    ask(page, "nl")
    server.stop()
    server.start()
    other = page.context.new_page()
    other.goto(server.address)
    write(other, "hoi")
    expect(other.locator(".message--person")).to_have_count(2)
    expect(page.locator(".message--person")).to_have_count(2, timeout=15_000)
    assert page.locator(".message").evaluate_all("(all) => all.map((e) => Number(e.dataset.id))") == other.locator(
        ".message"
    ).evaluate_all("(all) => all.map((e) => Number(e.dataset.id))")


def test_deleting_in_one_tab_empties_the_other(open_page: Open, server: Server) -> None:
    page = open_page("nl")
    ask(page, "nl")
    other = page.context.new_page()
    other.goto(f"{server.address}/chat/forget")
    other.get_by_role("button", name=say("nl", "ui.clear_confirm")).click()
    expect(other.get_by_text(say("nl", "forget.done"))).to_be_visible()
    expect(page.locator(".message")).to_have_count(0)


def test_the_page_breaks_no_rule_of_its_own_policy(open_page: Open) -> None:
    page = open_page("ti")
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    ask(page, "ti")
    page.reload()
    assert told == [], json.dumps(told)


# --- without a script


def test_everything_works_without_a_script(open_page: Open) -> None:
    page = open_page("ti", java_script_enabled=False)
    page.locator(".taps--suggestions button").first.click()
    expect(page.locator(".message--bot h2")).to_be_visible()
    page.locator("#text").fill(QUESTIONS["ti"])
    page.locator(".send").click()
    expect(page.locator(".message--person")).to_have_count(2)
    page.locator(".languages button[lang=uk]").click()
    expect(page.locator("html")).to_have_attribute("lang", "uk")
    page.locator(".help__person").click()
    expect(page.locator(".message--person")).to_have_count(4)
    expect(page.locator(".message--person").last).to_contain_text(say("uk", "button.person"))
    page.locator(".small a").first.click()
    page.get_by_role("button", name=say("uk", "ui.clear_confirm")).click()
    expect(page.get_by_text(say("uk", "forget.done"))).to_be_visible()
