"""Plain text with two directions: numbers and Latin names are wrapped in isolates, so that they read the right way round.

Without them a time like 09:00-17:00 stands turned around between Arabic words.
"""

from __future__ import annotations

import re
from typing import Final

FSI, PDI, RLM = "\u2068", "\u2069", "\u200f"
_RTL_LETTERS: Final = r"\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff"
_RTL: Final = re.compile(f"[{_RTL_LETTERS}]")
_RTL_RUN: Final = re.compile(rf"[{_RTL_LETTERS}](?:[{_RTL_LETTERS}\s]*[{_RTL_LETTERS}])?")
_LATIN: Final = r"A-Za-z\u00c0-\u024f0-9"
_INSIDE: Final = rf"(?:[{_LATIN}/@_+&'’%#=?~–-]|[.,:;](?=[{_LATIN}/])|[ ](?=[{_LATIN}&/+€–-]))"
_RUN: Final = re.compile(rf"(?:[+€#](?:[ ](?=[0-9]))?)?[{_LATIN}](?:{_INSIDE}*[{_LATIN}%/])?")
_MARKS: Final = re.compile(f"[{FSI}{PDI}{RLM}]")
_NUMBERED: Final = re.compile(r"[0-9]+\. ")


def isolated(text: str, *, leftward: bool = False) -> str:
    """`text`, line by line: in a line that runs to the left, what runs to the right is isolated, and the other way round.

    `leftward`: the language of the text runs to the left, so a line does as soon as it holds such letters. Else a line runs as
    most of its letters do. The lines of a numbered list all run as the text does.
    """
    whole = leftward or _mostly_leftward(bare(text))
    return "\n".join(_line(line, whole) for line in bare(text).split("\n"))


def bare(text: str) -> str:
    """The text without the marks that `isolated` adds."""
    return _MARKS.sub("", text)


def _line(line: str, whole: bool) -> str:
    letters = _RTL.search(line)
    leftward = whole if _NUMBERED.match(line) else letters and (whole or _mostly_leftward(line))
    if not leftward:
        return _RTL_RUN.sub(lambda run: f"{FSI}{run[0]}{PDI}", line)
    marked = _RUN.sub(lambda run: f"{FSI}{run[0]}{PDI}", line)
    # What is isolated does not count for the direction of a line: without letters of its own it needs a mark.
    return marked if letters else RLM + marked


def _mostly_leftward(text: str) -> bool:
    left = len(_RTL.findall(text))
    return left > sum(char.isalpha() for char in text) - left
