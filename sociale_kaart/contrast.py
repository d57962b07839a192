"""Whether two colours can be told apart: the contrast of WCAG 2.2. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

LEAST: Final = 4.5
"""Contrast that words need (1.4.3, level AA)."""
LIGHT: Final[Mapping[str, str]] = {"page": "#f4f6f5", "surface": "#ffffff", "tint": "#e3f0f1"}
DARK: Final[Mapping[str, str]] = {"page": "#10181b", "surface": "#1a2529", "tint": "#1d3238"}
"""What the assistant's pages put words on; the same as in its style sheet."""


def contrast(first: str, second: str) -> float:
    """From 1 (the same) to 21 (black on white), for two colours as `#rrggbb`."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def unreadable(primary: str, on_primary: str, backgrounds: Mapping[str, str]) -> Iterator[str]:
    """Why these colours are hard to read; nothing when they are not."""
    pairs = [(f"{primary} on the {name} {colour}", primary, colour) for name, colour in backgrounds.items()]
    pairs.append((f"{on_primary} on a button of {primary}", on_primary, primary))
    for words, first, second in pairs:
        if contrast(first, second) < LEAST:
            yield f"{words} has contrast {contrast(first, second):.1f}, and needs {LEAST}"


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
