"""Towns for tests of the public pages, and what readers see of them."""

from __future__ import annotations

from dataclasses import replace

import httpx
from markupsafe import Markup
from stand_ins import FixedSearch

from api.answers.ask import Asker
from api.answers.compose import Composer
from api.i18n.catalogue import Catalogue
from api.services import Services
from api.towns import Town
from sociale_kaart.kaart import Kaart
from sociale_kaart.schema import Entry


def town_with(kaart: Kaart, catalogue: Catalogue, search: FixedSearch | None) -> Town:
    """A town that answers from this kaart; without `search`, words are all there is to find by."""
    return Town(kaart, catalogue, Asker(kaart, search), Composer(kaart, catalogue), None)


def with_entry(services: Services, entry: Entry) -> None:
    """From now on the first town has `entry` instead of what it had under that id."""
    kaart = services.towns.first.kaart
    changed = replace(kaart, entries=tuple(entry if old.id == entry.id else old for old in kaart.entries))
    services.towns.replace(town_with(changed, services.catalogue, FixedSearch()))


def words(page: httpx.Response | str) -> str:
    """What a reader sees, with single spaces."""
    return Markup(page if isinstance(page, str) else page.text).striptags()
