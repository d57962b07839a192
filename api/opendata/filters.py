"""What a list can be asked for, and which entries fit. Filters add up: an item fits all of them. Pure."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.opendata.hsds import STATUS, changed_on, organization_id, service_id, taxonomy_id, term_id
from sociale_kaart.drafts import readable
from sociale_kaart.fitting import meant_for, speaks
from sociale_kaart.hours import AMSTERDAM
from sociale_kaart.kaart import Kaart
from sociale_kaart.schema import Entry, ResidenceStatus, State, Theme
from sociale_kaart.values import LanguageCode

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Status = Literal["active", "inactive", "defunct", "temporarily closed"]


class ListQuery(BaseModel):
    """What every list takes. A parameter that is not here is refused: a filter that does nothing would be taken for one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    search: Words = Field("", description="Words that all must occur, in any language of the kaart.")
    page: int = Field(1, ge=1, le=100_000, description="Page number, from 1.")
    per_page: int = Field(50, ge=1, le=500, description="Items on a page.")
    format: Literal["json", "ndjson"] = Field("json", description="`ndjson`: everything at once, one object a line.")
    lang: LanguageCode = Field("nl", description="Language of the words.")


class OrganizationQuery(ListQuery):
    """What the list of organisations takes."""

    full_service: bool = Field(False, description="Each organisation with its services, nested in full.")


class ServiceQuery(ListQuery):
    """What the list of services takes."""

    full: bool = Field(False, description="Each service with everything nested in it.")
    minimal: bool = Field(False, description="Only `id` and `last_modified`, of all services on one page.")
    status: Status | None = Field(None, description="Status in the words of HSDS.")
    state: State | None = Field(None, description="State in the words of the kaart.")
    organization_id: str | None = Field(None, max_length=40, description="UUID of the organisation behind it.")
    taxonomy_term_id: str | None = Field(None, max_length=40, description="UUID of a theme or residence status.")
    taxonomy_id: str | None = Field(None, max_length=40, description="UUID of a vocabulary: services with any word of it.")
    theme: Theme | None = Field(None, description="Life area.")
    residence_status: ResidenceStatus | None = Field(
        None, description="Services that someone with this residence status can use: those for everyone as well."
    )
    language: LanguageCode | None = Field(None, description="Language spoken there (not the language of the words).")
    modified_after: dt.datetime | dt.date | None = Field(
        None, description="Changed on this day or later; a moment counts as its day, since the kaart knows days."
    )


def services(kaart: Kaart, query: ServiceQuery) -> list[Entry]:
    """The entries that fit, in the order of the kaart."""
    return [entry for entry in kaart if _fits(kaart, entry, query)]


def holds(query: ListQuery, lines: Iterable[str | None]) -> bool:
    """Whether every word that is searched for occurs in `lines`."""
    if not query.search:
        return True
    text = "\n".join(_plain(line) for line in lines if line)
    return all(word in text for word in _plain(query.search).split())


def words(entry: Entry) -> list[str | None]:
    """Everything of an entry that a search looks in."""
    return [entry.id, entry.organization, *(line for text in entry.texts.values() for line in readable(text))]


def _fits(kaart: Kaart, entry: Entry, query: ServiceQuery) -> bool:
    organization = entry.organization
    since = _day(query.modified_after)
    return all(
        (
            query.status in (None, STATUS[entry.state]),
            query.state in (None, entry.state),
            query.organization_id is None
            or (organization is not None and organization_id(kaart, organization) == query.organization_id),
            query.taxonomy_term_id is None or query.taxonomy_term_id in _terms(entry),
            query.taxonomy_id is None or query.taxonomy_id in _taxonomies(entry),
            query.theme is None or query.theme in entry.themes,
            query.residence_status is None or meant_for(entry, query.residence_status),
            query.language is None or speaks(entry, query.language) is True,
            since is None or changed_on(entry) >= since,
            holds(query, words(entry) if query.search else ()),
        )
    )


def _terms(entry: Entry) -> set[str]:
    statuses = entry.audience.statuses
    return {term_id("topic", theme) for theme in entry.themes} | {term_id("residence_status", one) for one in statuses}


def _taxonomies(entry: Entry) -> set[str]:
    return {taxonomy_id("topic")} | ({taxonomy_id("residence_status")} if entry.audience.statuses else set())


def _day(moment: dt.datetime | dt.date | None) -> dt.date | None:
    if not isinstance(moment, dt.datetime):
        return moment
    return (moment if moment.tzinfo is None else moment.astimezone(AMSTERDAM)).date()


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def by_id(kaart: Kaart, id: str) -> Entry | None:
    """The entry whose service has this UUID, or None."""
    return next((entry for entry in kaart if service_id(kaart, entry) == id), None)
