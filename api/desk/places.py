"""Where a login may lead to: the pages of the desk, never out of it and never to a step."""

from __future__ import annotations

import re

DESK = "/balie"
PAGES = (
    "collegas",
    r"gesprek/[0-9]{1,18}",
    "handleiding",
    r"kaart/(?!publicatie(?:/|\Z))[a-z0-9-]{1,60}",
    "kaart",
    "logboek",
    "mijn-account",
    "nakijken",
    "openingstijden",
    "recent",
    "signalen",
    "versheid",
)
_PAGE = re.compile(rf"{DESK}/(?:{'|'.join(PAGES)})(?=/|\Z)")


def inside(path: str) -> str:
    """The path, if a login may lead there; else the desk's front door."""
    return path if _PAGE.fullmatch(path) else DESK


def way_back(path: str) -> str | None:
    """The page that `path` is or belongs to, for who must log in first; None where there is none but the front door."""
    found = _PAGE.match(path)
    return found[0] if found else None
