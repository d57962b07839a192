"""How long a text is to WhatsApp, and cutting it to size. Pure.

Counted in UTF-16 units, of which a character has one or two: so no text is longer than we think, however they count.
"""

from __future__ import annotations

import re
import unicodedata

ENDS = ("\n\n", "\n", ". ", "። ", "؟ ", "? ", "! ", " ")
"""Where a long text may be split, best first."""


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)


def cut(text: str, limit: int) -> str:
    """The text, or its beginning with `…`, in at most `limit` units; no letter is cut off from its marks."""
    if units(text) <= limit:
        return text
    kept = _head(text, limit - 1)
    return kept.rstrip() + "…"


def split(text: str, limit: int) -> list[str]:
    """The text in pieces of at most `limit` units, split between paragraphs if possible; no piece is empty but the only one."""
    text, pieces = text.strip(), []
    while units(text) > limit:
        head = _head(text, limit)
        end = _end(head)
        pieces.append(text[:end].strip())
        text = text[end:].strip()
    pieces.append(text)
    return [piece for piece in pieces if piece] or [""]


def _head(text: str, limit: int) -> str:
    """The longest beginning that fits and does not end inside a letter with its marks."""
    end, used = 0, 0
    for char in text:
        used += units(char)
        if used > limit:
            break
        end += 1
    whole = end
    while 0 < whole < len(text) and unicodedata.combining(text[whole]):
        whole -= 1
    return text[: whole or end]


def _end(head: str) -> int:
    """Where to split `head`: at the best kind of end in its second half, else at the last space, else after it."""
    for mark in ENDS:
        found = head.rfind(mark)
        if found > len(head) // 2:
            return found + len(mark)
    spaces = [match.end() for match in re.finditer(r"\s", head)]
    return spaces[-1] if spaces else len(head)
