"""Which language somebody names, or greets in."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Final

from knowledge.languages import LANGUAGES
from knowledge.text import words


@cache
def _greetings() -> dict[str, str]:
    return {" ".join(words(text)): item.code for item in LANGUAGES.values() for text in item.greetings}


def greeted(text: str) -> str | None:
    """The code of the language in which a message is a greeting and nothing else, or None."""
    return _greetings().get(" ".join(words(text)))


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for item in LANGUAGES.values():
        for name in (item.code, item.own_name, item.english_name, *item.names):
            names.setdefault(" ".join(words(name)), item.code)
    return names


_PREFIXES: Final = ("بال", "ال", "ብ", "ናብ", "ናይ")
_SHORT: Final = 3  # a code such as 'so' or 'it' is a name only when it stands alone


def _name_of(word: str) -> str | None:
    names = _names()
    if word in names:
        return names[word]
    stripped = (word.removeprefix(prefix) for prefix in _PREFIXES if word.startswith(prefix))
    return next((names[rest] for rest in stripped if rest in names and len(rest) > 2), None)


def name_to_code(text: str) -> str | None:
    """The code of the language that someone names ('arabisch', 'English please', 'ብትግርኛ'), or None.

    Alone, a name or a code is enough. Within a sentence only a name of more than three letters counts, and the first one wins.
    """
    typed = words(text)
    if (whole := _name_of(" ".join(typed))) is not None:
        return whole
    pairs = (f"{a} {b}" for a, b in pairwise(typed))
    candidates = (_name_of(name) for name in (*pairs, *typed) if len(name) > _SHORT)
    return next((code for code in candidates if code), None)
