"""The words of the volunteers' pages, in Dutch and English. What newcomers read stands in the catalogue of all languages."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from api.i18n.catalogue import Catalogue, load_catalogue
from sociale_kaart.review import ORIGINAL

LOCALES: Final = Path(__file__).parent / "locales"


@cache
def words() -> Catalogue:
    """The sentences, read once."""
    return load_catalogue(LOCALES)


def spoken_here(language: str | None) -> str:
    """The language of a volunteer's page: `language` when the pages are in it, else Dutch."""
    return language if language in words().languages else ORIGINAL
