"""Short codes of cards: easy to read aloud and to type over, in Crockford's base 32 (no i, l, o or u)."""

from __future__ import annotations

import re
import secrets
from typing import Final

ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH: Final = 8
_MISREAD: Final = str.maketrans("oil", "011")
_SHAPE: Final = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")


def new_code() -> str:
    """A random code: 40 bits, told by nobody and nothing."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read_code(typed: str) -> str | None:
    """The code that somebody typed: capitals, hyphens, and o for 0 or i and l for 1 will do; None when it can be none."""
    code = typed.strip().lower().replace("-", "").replace(" ", "").translate(_MISREAD)
    return code if _SHAPE.fullmatch(code) else None
