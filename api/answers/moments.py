"""Dates and times in words, per language, from the catalogue: CLDR has no usable Tigrinya for a newcomer's page."""

from __future__ import annotations

import datetime as dt

from api.i18n.catalogue import Catalogue
from sociale_kaart.hours import AMSTERDAM
from sociale_kaart.schema import Weekday

_DAYS = tuple(Weekday)


def date_in_words(catalogue: Catalogue, language: str, day: dt.date) -> str:
    """21 november 2026, in the language's own order and month names."""
    month = catalogue.text(language, f"month.{day.month}")
    return catalogue.text(language, "date", day=day.day, month=month, year=day.year)


def day_name(catalogue: Catalogue, language: str, moment: dt.datetime) -> str:
    """Name of the local weekday of an aware moment."""
    return catalogue.text(language, f"day.{_DAYS[moment.astimezone(AMSTERDAM).weekday()]}")


def clock(moment: dt.datetime) -> str:
    """Local wall time, 24 hours."""
    return f"{moment.astimezone(AMSTERDAM):%H:%M}"
