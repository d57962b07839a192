"""The open data of a town: the HSDS 3.1 API under `/hsds`, and everything as one CSV file."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, Field

from api.addresses import base_of, town_of
from api.deps import ServicesDep
from api.opendata import filters, hsds
from api.opendata.filters import ListQuery, OrganizationQuery, ServiceQuery
from api.opendata.paging import Page, page_of
from api.opendata.route import LICENCE, LICENCE_URL, OpenRoute, Refused
from sociale_kaart.kaart import Kaart
from sociale_kaart.schema import Entry, Location
from sociale_kaart.table import to_csv
from sociale_kaart.values import LanguageCode

Item = TypeVar("Item")
PROFILE = "https://docs.openreferral.org/"
"""We follow HSDS as it is, so this is its own documentation; what begins with `x_` is ours."""

router = APIRouter(tags=["open data"], route_class=OpenRoute)


class Licence(BaseModel):
    """Under what the data may be used again."""

    id: str = Field(description="SPDX name.")
    url: str


class About(BaseModel):
    """What this API is."""

    version: str = Field(description="Version of HSDS.")
    profile: str = Field(description="Where it is documented.")
    openapi_url: str = Field(description="Where this API is described for programs.")
    x_municipality: str = Field(description="Whose kaart this is.")
    x_languages: tuple[str, ...] = Field(description="Languages that `lang` can ask for.")
    x_licence: Licence
    x_csv_url: str = Field(description="Everything as one CSV file.")


def kaart_of(request: Request) -> Kaart:
    """The kaart that the address is about."""
    return town_of(request).kaart


def offered(kaart: Kaart, language: str) -> str:
    """`language`, when the kaart has it; else Refused."""
    known = kaart.municipality.languages
    if language not in known:
        raise Refused(422, "unknown_language", f"lang: this kaart has {', '.join(known)}")
    return language


KaartDep = Annotated[Kaart, Depends(kaart_of)]
Id = Annotated[str, Path(max_length=40, description="UUID of the object.")]
Lang = Annotated[LanguageCode, Query(description="Language of the words.")]


@router.get("/hsds/", include_in_schema=False)
@router.get("/hsds", summary="What this API is")
def about(request: Request, kaart: KaartDep, services: ServicesDep) -> About:
    """Version and profile of HSDS, and the licence of the data."""
    base, town = f"{services.settings.address}{base_of(request)}", kaart.municipality
    return About(
        version=hsds.VERSION,
        profile=PROFILE,
        openapi_url=f"{base}/openapi.json",
        x_municipality=town.name,
        x_languages=town.languages,
        x_licence=Licence(id=LICENCE, url=LICENCE_URL),
        x_csv_url=f"{base}/opendata/{town.id}.csv",
    )


@router.get("/hsds/services", response_model=Page, summary="List of services")
def list_services(kaart: KaartDep, query: Annotated[ServiceQuery, Query()]) -> Response:
    """Services that fit all filters. Without `full`, only what there is one of."""
    language, found = offered(kaart, query.lang), filters.services(kaart, query)

    def show(entry: Entry) -> dict[str, Any]:
        one = hsds.service(kaart, entry, language, full=query.full and not query.minimal)
        return {key: one[key] for key in ("id", "last_modified")} if query.minimal else one

    if query.minimal:
        query = query.model_copy(update={"page": 1, "per_page": max(len(found), 1)})
    return _listed(query, found, show)


@router.get("/hsds/services/{id}", summary="One service")
def one_service(kaart: KaartDep, id: Id, lang: Lang = "nl") -> Response:
    """The service with everything nested in it."""
    entry = filters.by_id(kaart, id)
    if entry is None:
        raise Refused(404, "not_found", "there is no service with this id")
    return _in(lang, hsds.service(kaart, entry, offered(kaart, lang), full=True))


@router.get("/hsds/organizations", response_model=Page, summary="List of organisations")
def list_organizations(kaart: KaartDep, query: Annotated[OrganizationQuery, Query()]) -> Response:
    """Organisations that have an entry in the kaart, by the name that the entry gives."""
    language = offered(kaart, query.lang)
    found = [name for name in hsds.organizations(kaart) if filters.holds(query, [name])]
    if query.full_service:
        return _listed(query, found, lambda name: hsds.organization_with_services(kaart, name, language))
    return _listed(query, found, lambda name: hsds.organization(kaart, name))


@router.get("/hsds/organizations/{id}", summary="One organisation")
def one_organization(kaart: KaartDep, id: Id, lang: Lang = "nl") -> Response:
    """The organisation with its services."""
    language = offered(kaart, lang)
    for name in hsds.organizations(kaart):
        if hsds.organization_id(kaart, name) == id:
            return _in(language, hsds.organization_with_services(kaart, name, language))
    raise Refused(404, "not_found", "there is no organisation with this id")


@router.get("/hsds/locations", response_model=Page, summary="List of places")
def list_locations(kaart: KaartDep, query: Annotated[ListQuery, Query()]) -> Response:
    """The places where services are. HSDS has no such list; it is here for who makes a map."""
    offered(kaart, query.lang)
    found = [place for place in hsds.locations(kaart) if filters.holds(query, place.model_dump().values())]
    return _listed(query, found, lambda place: hsds.location(kaart, place))


@router.get("/hsds/locations/{id}", summary="One place")
def one_location(kaart: KaartDep, id: Id) -> Response:
    """The place with its address, as far as it is known, and the ids of the services there."""
    for place in hsds.locations(kaart):
        if hsds.location_id(kaart, place) == id:
            return _in("nl", hsds.location(kaart, place) | {"x_services": _services_at(kaart, place)})
    raise Refused(404, "not_found", "there is no place with this id")


@router.get("/opendata/{town}.csv", summary="Everything as CSV")
def everything(
    services: ServicesDep,
    town: Annotated[str, Path(max_length=60, description="Short name of the municipality.")],
    bom: Annotated[bool, Query(description="Begin with a byte order mark: spreadsheets then see that it is UTF-8.")] = False,
) -> Response:
    """One row for each entry and language, RFC 4180, UTF-8."""
    if town not in services.towns:
        raise Refused(404, "not_found", "there is no such municipality here")
    content = to_csv(services.towns.of(town).kaart, bom=bom)
    named = {"Content-Disposition": f'attachment; filename="{town}.csv"'}
    return Response(content, media_type="text/csv; charset=utf-8; header=present", headers=named)


def _services_at(kaart: Kaart, place: Location) -> list[str]:
    return [hsds.service_id(kaart, entry) for entry in kaart if place in entry.locations]


def _listed(query: ListQuery, found: Sequence[Item], show: Callable[[Item], dict[str, Any]]) -> Response:
    if query.format == "ndjson":
        lines = "".join(f"{json.dumps(show(item), ensure_ascii=False)}\n" for item in found)
        return Response(lines, media_type="application/x-ndjson", headers={"Content-Language": query.lang})
    return _in(query.lang, page_of(found, query.page, query.per_page, show).model_dump())


def _in(language: str, content: dict[str, Any]) -> Response:
    text = json.dumps(content, ensure_ascii=False)
    return Response(text, media_type="application/json", headers={"Content-Language": language})
