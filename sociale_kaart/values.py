"""The plain values of a kaart: what a line, a day or a telephone number may look like in YAML."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, HttpUrl, StringConstraints

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600, pattern=r"^[^\n]+$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
AudioPath = Annotated[str, StringConstraints(pattern=r"^audio/[a-z0-9/_-]+\.(mp3|ogg|opus)$", max_length=120)]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
WebOrigin = Annotated[
    str, StringConstraints(pattern=r"^https://[a-z0-9.-]+(:[0-9]+)?$|^http://(localhost|127\.0\.0\.1)(:[0-9]+)?$")
]
PhoneNumber = Annotated[str, StringConstraints(pattern=r"^[0-9+][0-9 -]{2,20}$")]
EmailAddress = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[a-z]+$", max_length=254)]
_HH_MM = re.compile(r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::00)?")


def _clock(value: object) -> object:
    """Whole minutes only: left to itself, pydantic takes a bare number for seconds after midnight."""
    if isinstance(value, dt.time):
        return value
    if isinstance(value, str) and _HH_MM.fullmatch(value):
        return value.zfill(5)
    raise ValueError("must be a time as HH:MM")


Clock = Annotated[dt.time, BeforeValidator(_clock)]
_ADDRESS = re.compile(r"https?://[^\s\\]+")
_YYYY_MM_DD = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _day(value: object) -> object:
    """Left to itself, pydantic takes a bare number for seconds after 1970 began."""
    if isinstance(value, dt.date) or (isinstance(value, str) and _YYYY_MM_DD.fullmatch(value)):
        return value
    raise ValueError("must be a date as YYYY-MM-DD")


def _number(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("must be a number")
    return value


def _switch(value: object) -> object:
    """`on` and `yes` are words here, as the README says."""
    if isinstance(value, bool) or value in ("true", "false"):  # the words: a cell of a table
        return value
    raise ValueError("must be true or false")


def _address(value: object) -> object:
    """What people wrote is what they get: pydantic would mend `https:/x` and `https://x y` in its own way."""
    if isinstance(value, str) and not _ADDRESS.fullmatch(value):
        raise ValueError("must be a web address that begins with http:// or https://, without spaces")
    return value


Day = Annotated[dt.date, BeforeValidator(_day)]
Number = Annotated[int, BeforeValidator(_number)]
Switch = Annotated[bool, BeforeValidator(_switch)]
WebAddress = Annotated[HttpUrl, BeforeValidator(_address)]


class Strict(BaseModel):
    """Base of every part: unknown fields are refused and values never change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)
