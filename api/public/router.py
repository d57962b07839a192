"""`/ti` and `/ti/zwemlessen`: the kaart of a town as pages, and what search engines ask for. Included after all other routes."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response
from fastapi.routing import APIRoute
from starlette.routing import Match

from api.addresses import base_of, town_of
from api.answers.reply import Reply
from api.conversation.watch import Watch
from api.deps import ServicesDep
from api.pages import templates
from api.public.directory import directory
from api.public.entries import by_theme, find, linked, meant_for, timeless, unreviewed
from api.public.jsonld import describe
from api.public.pages import address, json_ld, kept, languages, page, passing_page
from api.services import now
from api.towns import Town
from knowledge.languages import offered_codes
from sociale_kaart.freshness import Freshness, freshness
from sociale_kaart.hours import AMSTERDAM
from sociale_kaart.schema import ResidenceStatus


class LanguageRoute(APIRoute):
    """Takes paths that begin with one of the offered languages and leaves all others alone, whatever is added later."""

    def matches(self, scope: MutableMapping[str, Any]) -> tuple[Match, Any]:
        match, found = super().matches(scope)
        known = offered_codes()
        return (match, found) if found.get("path_params", {}).get("language") in known else (Match.NONE, {})


router = APIRouter(tags=["public"])
pages = APIRouter(route_class=LanguageRoute, default_response_class=HTMLResponse)


@pages.get("/{language}", summary="All entries in one language")
def entries(
    request: Request,
    services: ServicesDep,
    language: str,
    q: Annotated[str, Query(description="Words to search with; a question as people ask it will do.")] = "",
    status: Annotated[str, Query(description="Residence status to filter by; anything else filters nothing.")] = "",
) -> Response:
    """Every entry by theme, or what fits the words of a search. Danger in a search is answered first."""
    town = town_of(request)
    if language not in town.kaart.municipality.languages:
        return _missing(request, language)
    shown: dict[str, Any] = {"statuses": tuple(ResidenceStatus), "chosen": status, "q": q, "stale": _stale(town)}
    if not q.strip():
        listed = meant_for(town.kaart, status)
        shown |= {"groups": by_theme(listed), "drafts": unreviewed(listed, language)}
        return page(request, services, "public_list.html", language, **shown)
    danger = _danger(services.danger, town, q, language)
    found = [] if danger else meant_for(find(town, q[: services.settings.message_limit], language), status)
    shown |= {"found": found, "danger": danger, "drafts": unreviewed(found, language)}
    return passing_page(request, "public_list.html", language, **shown)


@pages.get("/{language}/print", summary="All entries, to print")
def printed(request: Request, services: ServicesDep, language: str) -> Response:
    """The whole kaart in one language, by theme, with a list of contents."""
    town = town_of(request)
    if language not in town.kaart.municipality.languages:
        return _missing(request, language)
    made = directory(town, language, now())
    site = address(services, town, language)
    return page(request, services, "public_print.html", language, "print", directory=made, site=site)


@pages.get("/{language}/{entry_id}", summary="One entry", responses={404: {"description": "A page with a search box."}})
def entry(request: Request, services: ServicesDep, language: str, entry_id: str) -> Response:
    """The entry as the chat tells it, with links to what one would read next."""
    town, at = town_of(request), now()
    known = town.kaart.find(entry_id)
    if known is None or language not in town.kaart.municipality.languages:
        return _missing(request, language)
    url = address(services, town, language, known.id)
    return page(
        request,
        services,
        "public_entry.html",
        language,
        known.id,
        entry=known,
        reply=town.composer.entry(timeless(known, language, town.catalogue), language, at),
        summary=None if known.id in _stale(town) else known.text(language).summary,
        instead=linked(town.kaart, known.instead),
        related=linked(town.kaart, known.related),
        data=json_ld(describe(town.kaart, known, language, url, town.catalogue, at.astimezone(AMSTERDAM).date())),
    )


router.include_router(pages)


@router.get("/sitemap.xml", summary="Addresses of all public pages of a town")
def sitemap(request: Request, services: ServicesDep) -> Response:
    """Lists and entries in every language, without the pages for print."""
    town = town_of(request)
    paths = ["", *(entry.id for entry in town.kaart)]
    urls = [address(services, town, known.code, path) for known in languages(town) for path in paths]
    body = templates.get_template("public_sitemap.xml").render(urls=urls)
    return kept(request, body.encode(), "application/xml")


@router.get("/robots.txt", response_class=PlainTextResponse, summary="What search engines may visit")
def robots(request: Request, services: ServicesDep) -> Response:
    """Everything but searches and the pages for print: pages that are not for them say so themselves when they are visited."""
    towns = [town_of(request)] if base_of(request) else list(services.towns)
    maps = [f"Sitemap: {address(services, town, 'sitemap.xml')}" for town in towns]
    return kept(
        request,
        "\n".join(["User-agent: *", "Disallow: /*?q=", "Disallow: /*/print", *maps, ""]).encode(),
        "text/plain; charset=utf-8",
    )


def _danger(watch: Watch, town: Town, text: str, language: str) -> Reply | None:
    """The fixed text for danger. Nobody at the desk sees a search, so it must not promise that a person will look."""
    kind = watch.find(text)
    return town.composer.danger(language, kind).model_copy(update={"notes": ()}) if kind else None


def _stale(town: Town) -> frozenset[str]:
    """Ids of the entries whose facts are no longer shown."""
    today = now().astimezone(AMSTERDAM).date()
    return frozenset(entry.id for entry in town.kaart if freshness(entry, today) is Freshness.STALE)


def _missing(request: Request, language: str) -> Response:
    """The page does not exist; in a language that this town has."""
    known = {known.code for known in languages(town_of(request))}
    return passing_page(request, "public_missing.html", language if language in known else "nl", 404)
