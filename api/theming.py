"""The colours of a municipality as design tokens, in the names of NL Design System."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Final

from fastapi import Request

from api.addresses import site_of, town_of
from sociale_kaart.municipality import Theme

OURS: Final = "#0b5563"
"""The primary colour on a light page of a town without a theme, as in `style.css`."""
PRIMARY: Final = ("link-color", "link-hover-color")
"""Tokens that take the primary colour; `style.css` makes its own from these, also for headings and buttons."""


def style_sheet(theme: Theme | None) -> str:
    """The tokens for light and dark pages; empty without a theme."""
    if theme is None:
        return ""
    light, dark = _tokens(theme.primary, theme.on_primary), _tokens(theme.primary_dark, theme.on_primary_dark)
    return f":root {{\n{light}}}\n@media (prefers-color-scheme: dark) {{\n:root {{\n{dark}}}\n}}\n"


def theme_address(request: Request) -> str | None:
    """Where a page finds the theme of its town, with a mark that changes when it does; None without a theme."""
    theme = town_of(request).kaart.municipality.theme
    return f"{site_of(request)}/theme.css?v={_mark(theme)}" if theme else None


def theme_colour(request: Request) -> str:
    """The primary colour of the town's light pages."""
    theme = town_of(request).kaart.municipality.theme
    return theme.primary if theme else OURS


@cache
def _mark(theme: Theme) -> str:
    return hashlib.sha256(style_sheet(theme).encode()).hexdigest()[:10]


def _tokens(primary: str, on_primary: str) -> str:
    tokens = dict.fromkeys(PRIMARY, primary) | {"button-primary-action-color": on_primary}
    return "".join(f"  --utrecht-{name}: {value};\n" for name, value in tokens.items())
