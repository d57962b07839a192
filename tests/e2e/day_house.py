"""Who takes part in a day: a phone on WhatsApp, visitors and two desk workers with browsers of their own."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from assistant import Assistant
from desk_house import PASSWORD
from graph_api import GraphApi, envelope, message_from, raw_bytes, signed_headers
from playwright.sync_api import Browser, BrowserContext, Page, expect
from real_browser import SHOTS
from stand_ins import say

from api.whatsapp.bidi import bare
from sociale_kaart.kaart import Kaart

PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
PATIENCE = 30_000
"""Milliseconds; the machine may be slow and shared."""


def told(language: str, key: str, kaart: Kaart, **values: object) -> str:
    """A sentence of the catalogue with the name of a town's desk."""
    return say(language, key, desk=kaart.municipality.desk.name_in(language), **values)


class Phone:
    """Somebody on WhatsApp: what is sent goes through the signed webhook, what comes back is read at the Graph API."""

    def __init__(self, assistant: Assistant, graph: GraphApi, number: str) -> None:
        self._webhook, self._graph, self.number = f"{assistant.address}/whatsapp/webhook", graph, number
        self._count = itertools.count(1)

    @property
    def bubbles(self) -> list[str]:
        """Every bubble so far, without the characters that only steer the direction."""
        return [bare(words) for words in self._graph.words_to(self.number)]

    def writes(self, body: str | dict[str, Any]) -> None:
        """Send something; it is taken when this ends."""
        self._graph.heard(self.number)
        raw = raw_bytes(envelope(messages=[message_from(self.number, body, f"wamid.{self.number}.{next(self._count)}")]))
        httpx.post(self._webhook, content=raw, headers=signed_headers(raw), timeout=20).raise_for_status()

    def says(self, body: str | dict[str, Any], bubbles: int = 1) -> list[str]:
        """Send something and wait for so many bubbles; gives their words."""
        seen = len(self.bubbles)
        self.writes(body)
        self._graph.wait(lambda graph: len(graph.words_to(self.number)) >= seen + bubbles, PATIENCE / 1000)
        return self.bubbles[seen:]

    def hears(self, words: str) -> str:
        """The bubble with these words, once it is there."""
        self._graph.wait(lambda _: any(words in bubble for bubble in self.bubbles), PATIENCE / 1000)
        (bubble,) = (bubble for bubble in self.bubbles if words in bubble)
        return bubble

    def number_of(self, choice: str) -> str:
        """What to type for a choice of the last bubble."""
        found = re.search(rf"^(\d+)\. {re.escape(choice)}$", self.bubbles[-1], re.MULTILINE)
        assert found, self.bubbles[-1]
        return found[1]


class Worker:
    """A desk worker with a browser of their own; the queue stays open in a tab."""

    def __init__(self, name: str, queue: Page) -> None:
        self.name, self.queue = name, queue
        self._address = queue.url.partition("/balie")[0]

    def waiting(self) -> list[int]:
        """Conversations that wait, in the order of the queue."""
        links = self.queue.locator("[aria-labelledby=wachten] tbody a").evaluate_all("(all) => all.map((e) => e.href)")
        return [int(link.rsplit("/", 1)[-1]) for link in links]

    def sees(self, conversation: int) -> None:
        """The live queue shows that this conversation waits."""
        expect(self.queue.locator(f"[aria-labelledby=wachten] tbody a[href$='/gesprek/{conversation}']")).to_be_visible()

    def newcomer(self, before: list[int]) -> int:
        """The conversation that joined the live queue after `before`."""
        self.queue.wait_for_function(
            "(before) => [...document.querySelectorAll('[aria-labelledby=wachten] tbody a')]"
            ".some((e) => !before.includes(Number(e.href.split('/').pop())))",
            arg=before,
        )
        (new,) = set(self.waiting()) - set(before)
        return new

    def opens(self, conversation: int, *, stale: bool = False) -> Page:
        """The conversation in a tab of its own; a `stale` one hears nothing new."""
        page = self.queue.context.new_page()
        if stale:
            page.route("**/events*", lambda route: route.abort())
        page.goto(f"{self._address}/balie/gesprek/{conversation}")
        return page

    def claims(self, conversation: int) -> Page:
        page = self.opens(conversation)
        page.get_by_role("button", name="Overnemen").click()
        expect(page.get_by_role("heading", name="Jij hebt dit gesprek")).to_be_visible()
        return page


class Day:
    """A running assistant with WhatsApp, and everybody who comes by."""

    def __init__(self, assistant: Assistant, graph: GraphApi, browser: Browser) -> None:
        self.assistant, self.graph, self._browser = assistant, graph, browser
        self._contexts: list[BrowserContext] = []

    def phone(self, number: str) -> Phone:
        return Phone(self.assistant, self.graph, number)

    def visitor(self, path: str = "/", viewport: dict[str, int] = PHONE, **options: Any) -> Page:
        """A page in a browser of its own."""
        context = self._browser.new_context(viewport=viewport, reduced_motion="reduce", **options)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        self._contexts.append(context)
        page = context.new_page()
        page.goto(path if path.startswith("http") else self.assistant.address + path)
        return page

    def first_worker(self, name: str) -> Worker:
        """With the link that `kaart serve` prints while there is no account."""
        log = (self.assistant.data / "serve.log").read_text(encoding="utf-8")
        link = re.search(r"http\S+/balie/account\?token=\S+", log)
        assert link, log
        return self._account(link[0], name)

    def colleague(self, of: Worker, name: str) -> Worker:
        """With a link that a worker makes for whoever works in the queue."""
        page = of.queue.context.new_page()
        page.goto(f"{self.assistant.address}/balie/collegas")
        page.locator("input[name=rol][value=desk]").check()
        page.get_by_role("button", name="Link maken").click()
        link = page.locator(".acc-secret").inner_text()
        page.close()
        return self._account(link, name)

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def _account(self, link: str, name: str) -> Worker:
        page = self.visitor(link, DESKTOP, locale="nl-NL")
        page.get_by_label("Je naam").fill(name)
        page.get_by_label("Inlognaam").fill(name.lower())
        page.get_by_label("Wachtwoord").fill(PASSWORD)
        page.get_by_role("button", name="Account maken").click()
        expect(page.get_by_text("Je account is gemaakt")).to_be_visible()
        page.goto(f"{self.assistant.address}/balie")
        return Worker(name, page)


def shot(page: Page, name: str) -> None:
    """Keep a picture, where somebody wants them."""
    size = page.viewport_size
    if SHOTS and size:
        # As high as the page: else what sticks to the screen's edge would hide words.
        height = page.evaluate("document.fonts.ready.then(() => document.documentElement.scrollHeight)")
        page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
        page.screenshot(path=Path(SHOTS) / f"{name}.png")
        page.set_viewport_size(size)


def keep(phone: Phone, name: str) -> None:
    """Keep the words of a phone, where somebody wants them."""
    if SHOTS:
        (Path(SHOTS) / f"{name}.txt").write_text("\n\n-----\n\n".join(phone.bubbles), encoding="utf-8")


def keep_file(file: bytes, name: str) -> None:
    """Keep what was printed, where somebody wants it."""
    if SHOTS:
        (Path(SHOTS) / name).write_bytes(file)


@contextmanager
def patient() -> Iterator[None]:
    """Every `expect` waits as long as a slow machine needs."""
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5_000)
