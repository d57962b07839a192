"""Cuts a text into sentences, by rules: what Argos brings for it wants a download, and our texts are short and plain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_ABBREVIATIONS: Final = (
    "bijv|bv|enz|nr|tel|dhr|mevr|mw|dr|drs|mr|ca|incl|excl|evt|resp|blz|str|o.a|d.w.z|e.g|i.e|etc|Mr|Mrs|Dr|т.д|напр|вул"
)
_NO_SMALL_LETTER: Final = r"(?=[^\s\d\W_a-zа-яіїєґ]|[\[\"'«“‘(¿¡])"
_END: Final = re.compile(
    r"\n+"  # a new line always ends a sentence
    rf"|(?<=[.!?…])(?<!\b\w\.)\s+{_NO_SMALL_LETTER}"
    r"|(?<=[؟።፧])\s*"  # Arabic and Ethiopic have no capitals
)
_SHORT: Final = re.compile(rf"(?<!\w)(?:{_ABBREVIATIONS.replace('.', '[.]')})\.$")


def sentences(text: str) -> Iterator[tuple[str, str]]:
    """(sentence, what follows it) in order; joined they are the text again. A sentence is never empty but may be blank."""
    start = 0
    for found in _END.finditer(text):
        if found.start() == start or _SHORT.search(text[start : found.start()]):
            continue
        yield text[start : found.start()], found[0]
        start = found.end()
    if start < len(text):
        yield text[start:], ""
