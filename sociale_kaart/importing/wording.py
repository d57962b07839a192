"""Words from elsewhere, brought into the shape of a text of the kaart. Nothing is added or put differently. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser

from sociale_kaart.checks import AMOUNT
from sociale_kaart.yaml12 import UNSEEN

LONGEST_LINE = 600
MOST_LINES = 3
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_MARKUP = re.compile(r"<[A-Za-z/!][^>]*>|&[a-z]+;|&#[0-9]+;", re.IGNORECASE)
_CODE = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_UNREADABLE = "\ufeff\ufffe\uffff"
_BREAKS = {"p", "br", "li", "div", "h1", "h2", "h3", "h4", "tr", "ul", "ol"}
LONGEST_SLUG = 60


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.parts.append("\n" if tag in _BREAKS else "")

    def handle_endtag(self, tag: str) -> None:
        self.parts.append("\n" if tag in _BREAKS else "")


def lines(text: str) -> list[str]:
    """The lines of a text without markup, control characters and superfluous white space; empty ones left out."""
    if _MARKUP.search(text):
        parser = _Plain()
        parser.feed(_CODE.sub(" ", text))
        parser.close()
        text = "".join(parser.parts)
    return [clean for line in re.split(r"[\n\r\u2028\u2029]", text) if (clean := line_of(line))]


def line_of(text: str) -> str:
    """One line: control characters and what no YAML file can hold become spaces."""
    seen = UNSEEN.sub(" ", text)
    return " ".join("".join(" " if c in _UNREADABLE or unicodedata.category(c) in ("Cc", "Cs") else c for c in seen).split())


def sentences(text: str) -> list[str]:
    """The sentences of all lines, in order."""
    return [sentence for line in lines(text) for sentence in _SENTENCE_END.split(line)]


def without_amounts(parts: Sequence[str]) -> list[str]:
    """The parts that name no amount of money: a kaart shows none that nobody confirmed."""
    return [part for part in parts if not AMOUNT.search(part)]


def packed(parts: Sequence[str], most: int = MOST_LINES) -> list[str]:
    """Sentences on at most `most` lines, in order, each line as long as the kaart allows; what does not fit is left out."""
    if len(parts) <= most and all(len(part) <= LONGEST_LINE for part in parts):
        return list(parts)
    return list(_packed(parts))[:most]


def _packed(parts: Sequence[str]) -> Iterator[str]:
    line = ""
    for part in parts:
        if len(part) > LONGEST_LINE:
            break  # half a sentence may say the opposite
        if line and len(line) + 1 + len(part) > LONGEST_LINE:
            yield line
            line = ""
        line = f"{line} {part}".strip()
    if line:
        yield line


def slug(name: str) -> str:
    """An id out of a name: small letters, digits, hyphens. Empty when the name has no Latin letter or digit."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _NOT_SLUG.sub("-", plain).strip("-")[:LONGEST_SLUG].strip("-")
