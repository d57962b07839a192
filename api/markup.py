"""Plain text to safe HTML: numbers and addresses to tap, and Dutch names that keep their direction among other letters."""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup, escape

from knowledge.languages import language as language_named

_URL: Final = r"(?P<url>https?://[^\s<>\"“”]*[^\s<>\"“”.,;:!?)])"
_EMAIL: Final = r"(?P<email>[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"
_NUMBER: Final = (
    r"(?:\+\d(?:[ -]?\d){8,12}|0800[ -]?\d{4}(?:\d{3})?|0\d(?:[ -]{0,3}\d){8}|14 ?0\d{2,3}|11[23])(?![A-Za-z0-9/%-])(?![.,]\w)"
)
_PHONE: Final = rf"(?<![A-Za-z0-9€.,/-])(?<!€ )(?P<phone>{_NUMBER})"
_WORD: Final = r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ0-9'’.-]*"
_MORE: Final = rf"(?:(?!\S*@|https?:){_WORD}|(?!{_NUMBER})\d[\d.-]*)"
_NAME: Final = rf"(?P<name>{_WORD}(?:(?:, | & |: | \(| |/|\) ){_MORE})*)"
_LINKS: Final = re.compile("|".join((_URL, _EMAIL, _PHONE)))
_LINKS_AND_NAMES: Final = re.compile("|".join((_URL, _EMAIL, _PHONE, _NAME)))
_AFTER_NAME: Final = ".,:;-(' "
_CITED: Final = re.compile(r"(?P<label>[^A-Za-z]*)(?P<title>[A-Za-z][\x00-\u024f\u2010-\u203a]*)")


def isolated(text: str, language: str | None, links: bool = True) -> Markup:
    """`text` with links to call, write or open; between letters of another script, Latin ones are marked as Dutch names.

    `links` is false inside a link: there can be none in it.
    """
    latin = language is None or language_named(language).script == "Latin"
    pattern = _LINKS if latin else _LINKS_AND_NAMES
    html, end = Markup(), 0
    for match in pattern.finditer(text):
        html += escape(text[end : match.start()])
        if match.lastgroup == "name":
            name = _name(text, match)
            html, end = html + Markup('<bdi lang="nl">{}</bdi>').format(name), match.start() + len(name)
        else:
            html, end = html + (_linked(match) if links else Markup('<bdi dir="ltr">{}</bdi>').format(match[0])), match.end()
    return html + escape(text[end:])


def cited(text: str, language: str | None) -> Markup:
    """A line that names a source: a Dutch title stays whole, with its quotes and year, and no number in it is a link."""
    split = _CITED.fullmatch(text)
    if split and split["label"]:
        return Markup('{}<bdi lang="nl">{}</bdi>').format(split["label"], isolated(split["title"], "nl", links=False))
    return isolated(text, language, links="://" in text)


def _name(text: str, match: re.Match[str]) -> str:
    """The name without what only follows it, but with the bracket that closes one inside it: outside it would turn around."""
    name = match[0].rstrip(_AFTER_NAME)
    end = match.start() + len(name)
    return name + ")" if name.count("(") > name.count(")") and text[end : end + 1] == ")" else name


def _linked(match: re.Match[str]) -> Markup:
    words = match[0]
    if match.lastgroup == "url":
        return Markup('<a href="{}" rel="noopener noreferrer" dir="ltr"><bdi>{}</bdi></a>').format(words, words)
    scheme, address = ("mailto", words) if match.lastgroup == "email" else ("tel", re.sub(r"[ -]", "", words))
    return Markup('<a href="{}:{}" dir="ltr"><bdi>{}</bdi></a>').format(scheme, address, words)
