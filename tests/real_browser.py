"""Debian's chromium, as a fixture for the folders that need one, and what they do with a page of the chat."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
REQUIRED = os.environ.get("KAART_REQUIRE_BROWSER") == "1"
SHOTS = os.environ.get("KAART_SCREENSHOTS")
"""Folder to keep pictures in, for people to look at."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium; without it these tests are skipped, unless the environment requires them.

    One for each module: playwright keeps an event loop running, beside which no test with coroutines could run.
    """
    if not CHROMIUM.exists() and not REQUIRED:
        pytest.skip("chromium is not installed (apt-get install chromium); KAART_REQUIRE_BROWSER=1 makes this a failure")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield started
        started.close()


def write(page: Page | FrameLocator, text: str) -> None:
    """Write something in the chat."""
    page.locator("#text").fill(text)
    page.locator("#text").press("Enter")
