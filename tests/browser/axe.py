"""What axe finds on a page."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page
from real_browser import SHOTS

SCRIPT = Path(__file__).parent / "vendor/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page, without: str = "template") -> list[str]:
    """Each violation with where it is; not in the elements `without`."""
    # Evaluated, not added as a script: that way the page's own policy stays in force.
    page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    found = page.evaluate("([without, rules]) => axe.run({exclude: [without]}, {runOnly: rules})", [without, RULES])
    return [f"{item['id']}: {node['target']} {node['failureSummary']}" for item in found["violations"] for node in item["nodes"]]


def wider_than_the_screen(page: Page) -> bool:
    """Whether somebody must scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def check(page: Page, name: str) -> None:
    """Accessible, and not wider than the screen; keeps a picture, where somebody wants them."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
    assert violations(page) == []
    assert not wider_than_the_screen(page)
