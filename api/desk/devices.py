"""What kind of browser and machine a login comes from, as coarse as a person needs to recognise their own. Pure."""

from __future__ import annotations

BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"))
LATER_BROWSERS = (("Chrome", "Chrome"), ("Safari", "Safari"))
"""Nearly every browser calls itself these too, so they are looked for last."""
MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def device(user_agent: str) -> str:
    """Such as `Firefox, Windows`: no version, no address; empty when neither is known."""
    browser = next((name for mark, name in (*BROWSERS, *LATER_BROWSERS) if mark in user_agent), "")
    machine = next((name for mark, name in MACHINES if mark in user_agent), "")
    return ", ".join(part for part in (browser, machine) if part)
