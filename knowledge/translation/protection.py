"""What no machine may change: numbers, amounts, dates, addresses, names, links and the words of the glossary.

Each such span becomes a placeholder, `[1]`, `[2]`, ..., before a sentence is translated, and is put back afterwards, letter for
letter. Every digit stands in a span, so a placeholder cannot be confused with text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final, Literal

RULES: Final = "1"
"""Raised when the rules here, in `sentences` or in `checks` change: translations made with older ones are made anew."""

Kind = Literal["link", "email", "postcode", "amount", "phone", "date", "address", "name", "number"]
PLACEHOLDER: Final = re.compile(r"[\[［]\s*(\d+)\s*[\]］]")
"""A placeholder as it comes back: with spaces, full-width brackets or another script's digits it is still the same."""

_CAPITAL: Final = "A-ZÀ-ÖØ-Þ"
_MONTHS: Final = (
    "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|"
    "January|February|March|May|June|July|August|October"
)
_STREETS: Final = "straat|laan|weg|plein|singel|kade|dijk|hof|markt|pad|gracht|park|dreef|steeg|baan|ring"
_PATTERNS: Final[tuple[tuple[Kind, str], ...]] = (
    ("link", r"(?:https?://|www\.)[^\s<>()]*[^\s<>().,;:!?]"),
    ("email", r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    ("link", r"(?<!\w)[\w-]+(?:\.[\w-]+)*\.(?:nl|com|org|eu|net|info|be|de|ua)(?!\w)(?:/[^\s<>()]*[^\s<>().,;:!?])?"),
    ("postcode", r"(?<!\w)[1-9]\d{3} ?[A-Z]{2}(?!\w)"),
    ("amount", r"[€$£]\s?\d[\d.,]*(?:[-–]|(?<=\d))|\d[\d.,]*\s?(?:euro|eur|cent|procent|€|%)(?!\w)"),
    ("phone", r"(?:\+|\(0|(?<!\w)0)[\d\s()-]{6,}\d(?!\w)"),
    ("date", rf"(?<!\w)\d{{1,2}}(?:st|nd|rd|th)?\s(?:{_MONTHS})(?:\s\d{{4}})?(?!\w)"),
    ("address", rf"(?<!\w)(?:[{_CAPITAL}][\w'’.-]*\s)*[{_CAPITAL}][\w'’-]*(?:{_STREETS})\s\d+(?:\s?[a-zA-Z](?!\w))?"),
    ("number", r"\w*\d\w*(?:[.,:/'’–-]\w*\d\w*)*"),
    ("number", r"\w*[_▁]\w*"),  # Argos turns an underscore into a space
    ("name", rf"(?<!\w)[{_CAPITAL}][\w'’]*(?:[-&][{_CAPITAL}]?[\w'’]+)*"),
)
_MIXED: Final = re.compile(rf"^\w*[\w&-][{_CAPITAL}]\w*$")  # BSN, DigiD, VluchtelingenWerk: a name wherever it stands
_OPENS: Final = frozenset(".?!:;…\n\"'“”«‘([¿¡•–—")  # a capital after one of these begins a sentence
_WITH_A_CAPITAL: Final = """
    I U Uw God Pasen Kerstmis Christmas Easter
    Nederland Nederlander Nederlanders Nederlands Nederlandse Netherlands Dutch Engels Engelse English
    Oekraïne Oekraïner Oekraïners Oekraïens Oekraïense Ukraine Ukrainian Ukrainians Russisch Russische Russian
    Syrië Syrisch Syrische Syria Syrian Arabisch Arabische Arabic Turks Turkse Turkish
    Eritrea Eritrees Eritrese Eritrean Tigrinya Europa Europees Europese Europe European
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday
    January February March April May June July August September October November December
"""
_ORDINARY: Final = frozenset(_WITH_A_CAPITAL.split())
"""Words with a capital that every language has its own word for."""


@dataclass(frozen=True)
class Span:
    """A part of a text that stays as it is: `text[start:end]`."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Masked:
    """A text in which the protected spans are placeholders. `kept[0]` belongs to `[1]`."""

    text: str
    kept: tuple[str, ...]

    def restore(self, text: str, kept: Iterable[int] | None = None) -> str | None:
        """`text` with the spans put back; None unless each placeholder of `kept` (all, if None) stands in it exactly once."""
        wanted = sorted(kept if kept is not None else range(1, len(self.kept) + 1))
        if sorted(placeholders(text)) != wanted:
            return None
        return PLACEHOLDER.sub(lambda found: self.kept[int(found[1]) - 1], text)


def placeholders(text: str) -> list[int]:
    """The numbers of the placeholders in the text, in order of appearance."""
    return [int(number) for number in PLACEHOLDER.findall(text)]


class Protection:
    """Finds what stays as it is. `terms` are kept in any case of letters, `names` exactly as they are written."""

    def __init__(self, terms: Iterable[str] = (), names: Iterable[str] = ()) -> None:
        self.terms, self.names = frozenset(filter(str.strip, terms)), frozenset(filter(str.strip, names))

    def mask(self, text: str) -> Masked:
        """The text with a placeholder for each span; neighbours with only spaces between them share one."""
        parts: list[str] = []
        kept: list[str] = []
        done = 0
        for start, end in self._joined(text):
            kept.append(text[start:end])
            parts += text[done:start], f"[{len(kept)}]"
            done = end
        return Masked("".join((*parts, text[done:])), tuple(kept))

    def spans(self, text: str) -> list[Span]:
        """The protected spans, in order, none overlapping another. `kind` is `term` for what was given."""
        given = [Span(*found.span(), "term") for pattern in self._given for found in pattern.finditer(text)]
        chosen: list[Span] = []
        for span in sorted([*given, *_found(text)], key=lambda span: (span.start, -span.end)):
            if chosen and span.start < chosen[-1].end:  # they overlap: one span covers both
                last = chosen.pop()
                span = Span(last.start, max(last.end, span.end), last.kind if last.end >= span.end else span.kind)
            chosen.append(span)
        return chosen

    def terms_in(self, text: str) -> list[str]:
        """The given terms that the text holds, as they are written there, each once, in order."""
        found: dict[str, str] = {}
        for match in self._given[0].finditer(text):
            found.setdefault(match[0].casefold(), match[0])
        return list(found.values())

    def _joined(self, text: str) -> list[tuple[int, int]]:
        joined: list[tuple[int, int]] = []
        for span in self.spans(text):
            if joined and not text[joined[-1][1] : span.start].strip(" "):
                joined[-1] = (joined[-1][0], span.end)
            else:
                joined.append((span.start, span.end))
        return joined

    @cached_property
    def _given(self) -> list[re.Pattern[str]]:
        return [_any_of(self.terms, re.IGNORECASE), _any_of(self.names, re.NOFLAG)]


def _any_of(words: Iterable[str], flags: re.RegexFlag) -> re.Pattern[str]:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first)) or '(?!)'})(?!\w)", flags)


@cache
def _patterns() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{kind}_{place}>{pattern})" for place, (kind, pattern) in enumerate(_PATTERNS)))


def _found(text: str) -> Iterator[Span]:
    for found in _patterns().finditer(text):
        kind = str(found.lastgroup).rpartition("_")[0]
        if kind != "name" or _is_name(text, found):
            yield Span(*found.span(), kind)


def _is_name(text: str, found: re.Match[str]) -> bool:
    """Whether a word with a capital is a name, and not the first word of a sentence or a word that is translated."""
    if _MIXED.match(found[0]):
        return True
    before = text[: found.start()].rstrip(" ")
    return found[0] not in _ORDINARY and bool(before) and before[-1] not in _OPENS
