"""`/zoek` for volunteers, and `/k/CODE`: the card that they hand over. No account, no cookie, complete without a script."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from api.addresses import base_of, town_of
from api.conversation.commands import Command
from api.deps import OUR_FORM, ServicesDep
from api.errors import NotFound
from api.freshness.reports import OFFERED
from api.freshness.upkeep import UpkeepDep
from api.pages import page_context, render
from api.public.pages import address
from api.services import Services, now
from api.visitor import client_address, wants_json
from api.volunteer.card_view import CardView, card_languages, validity, view_card
from api.volunteer.cards import MOST_ENTRIES, Card, build_cards
from api.volunteer.codes import read_code
from api.volunteer.limits import Limits, LimitsDep
from api.volunteer.query import Asked, SearchQuery, read_query
from api.volunteer.search_page import look
from api.volunteer.words import spoken_here, words
from knowledge.languages import offered_codes
from sociale_kaart.review import ORIGINAL

GONE, WRONG = 410, 422
PAPERS = ("a5", "a6")
LangQuery = Annotated[str, Query(max_length=10, description="Language of the thanks.")]


router = APIRouter(tags=["volunteers"], default_response_class=HTMLResponse)


@router.get("/zoek", summary="Search for a newcomer")
async def search(request: Request, services: ServicesDep, limits: LimitsDep) -> Response:
    """Themes and filters by address, so that they can be kept and shared; `q` for links with a word in them."""
    return await _searched(request, services, limits, request.query_params)


@router.post("/zoek", summary="Search with words that stand in no address")
async def search_privately(request: Request, services: ServicesDep, limits: LimitsDep) -> Response:
    """The same from a form. What a newcomer wrote stays out of addresses, histories and logs; nothing is stored."""
    return await _searched(request, services, limits, {**request.query_params, **await request.form()})


@router.post("/zoek/kaart", status_code=303, dependencies=OUR_FORM, summary="Make a card")
async def make_card(
    request: Request,
    services: ServicesDep,
    limits: LimitsDep,
    entry: Annotated[list[str] | None, Form(description="Ids of the entries on it.")] = None,
    language: Annotated[str, Form(max_length=10, description="Language beside Dutch.")] = "",
    lang: Annotated[str, Form(max_length=10, description="Language of the page.")] = ORIGINAL,
) -> Response:
    """The card of these entries, at an address of its own."""
    town, ids, page_lang = town_of(request), list(dict.fromkeys(entry or ())), spoken_here(lang)
    known = [found for found in map(town.kaart.find, ids) if found]
    problem = _problem(page_lang, ids, {found.id for found in known}, language)
    if problem:
        shown: dict[str, Any] = {"problem": problem, "entries": known[:MOST_ENTRIES], "languages": card_languages()}
        return _page(request, "volunteer/choose.html", page_lang, WRONG, **shown)
    limits.cards.hit(client_address(request))
    card = await build_cards(services, now).make(town.id, language, known)
    return RedirectResponse(f"/{town.id}/k/{card.code}?lang={page_lang}", 303)


@router.post("/zoek/melding", dependencies=OUR_FORM, summary="Report in one tap that an entry is not right")
async def report(
    request: Request,
    limits: LimitsDep,
    upkeep: UpkeepDep,
    entry: Annotated[str, Form(max_length=60, description="Id of the entry.")] = "",
    what: Annotated[str, Form(max_length=10, description="`closed`, `moved` or `wrong`.")] = "",
    card: Annotated[str, Form(max_length=20, description="Code of the card that it was read on.")] = "",
    lang: LangQuery = ORIGINAL,
) -> Response:
    """Kept without a word about who said it. With `Accept: application/json` only the thanks come back."""
    town, language = town_of(request), _offered(lang, ORIGINAL)
    if what not in OFFERED or entry not in town.kaart:
        raise NotFound
    limits.reports.hit(client_address(request))
    reply = await upkeep.reports.take(town, Command("report", {"what": what, "entry_id": entry}), language)
    if wants_json(request):
        return JSONResponse({"message": reply.paragraphs[0]})
    return render(request, "volunteer/thanks.html", language, reply=reply, code=read_code(card))


@router.get("/k/{code}", summary="A referral card", responses={404: {}, GONE: {"description": "The card expired."}})
async def card(
    request: Request,
    services: ServicesDep,
    code: str,
    paper: Annotated[str, Query(max_length=10, description="Size of the paper: a5 or a6.")] = PAPERS[0],
    lang: Annotated[str, Query(max_length=10, description="Language of what stands around the card.")] = "",
) -> Response:
    """What the kaart says now about the entries on the card, in two languages, and what changed since it was made."""
    cards, known = build_cards(services, now), read_code(code)
    kept = await cards.find(known) if known else None
    if kept is None or kept.town not in services.towns:
        return _no_card(request, 404, "card.unknown", _offered(lang, ORIGINAL))
    if cards.expired(kept):
        return _no_card(request, GONE, "card.expired", _offered(lang, kept.language))
    if kept.town != town_of(request).id:
        return RedirectResponse(f"/{kept.town}/k/{kept.code}?{request.url.query}", 307)
    link = address(services, town_of(request), "k", kept.code)
    view = view_card(kept, town_of(request), link, now())
    return _card_page(request, kept, view, paper if paper in PAPERS else PAPERS[0], _offered(lang, kept.language))


async def _searched(request: Request, services: Services, limits: Limits, values: Mapping[str, object]) -> Response:
    language, limit = spoken_here(str(values.get("lang", ORIGINAL))), services.settings.message_limit
    asked = read_query(values, limit)
    if asked.query.q:
        limits.searches.hit(client_address(request))
    view = await asyncio.to_thread(look, town_of(request), services.danger, asked, language, now())
    return _page(
        request,
        "volunteer/search.html",
        language,
        WRONG if asked.wrong else 200,
        view=view,
        query=asked.query,
        limit=limit,
        filters=_filters(asked),
        wrong=_wrong(language, asked),
        languages=card_languages(),
        offered_reports=OFFERED,
    )


def _filters(asked: Asked) -> dict[str, str]:
    """The query's filters by name, the unset ones empty: what the form shows."""
    names = (name for name in SearchQuery.model_fields if name != "q")
    return {name: asked.query.filters.get(name, "") for name in names}


def _wrong(language: str, asked: Asked) -> str:
    names = (words().text(language, "box" if name == "q" else f"label.{name}") for name in asked.wrong)
    return ", ".join(names)


def _problem(language: str, ids: list[str], known: set[str], card_language: str) -> str | None:
    """Why no card can be made of this, in words; None when it can."""
    say = partial(words().text, language)
    if not ids:
        return say("card_none")
    if missing := [id for id in ids if id not in known]:
        return say("card_gone", names=", ".join(missing[:MOST_ENTRIES]))
    if len(ids) > MOST_ENTRIES:
        return say("card_many", most=MOST_ENTRIES)
    return None if card_language in card_languages() else say("card_no_language")


def _page(request: Request, name: str, language: str, status: int = 200, **context: Any) -> Response:
    """A page for volunteers; `w` gives their words."""
    return render(request, name, language, status, w=partial(words().text, language), **context)


def _card_page(request: Request, kept: Card, view: CardView, paper: str, language: str) -> Response:
    town = town_of(request)
    both = {code: page_context(town, code)["t"] for code in view.languages}
    return render(
        request,
        "volunteer/card.html",
        language,
        card=view,
        valid={code: validity(kept, town.catalogue, code) for code in view.languages},
        told=both,
        paper=paper,
        papers=PAPERS,
        title=_title(view, both[view.language]("card.title")),
        offered_reports=OFFERED,
        address=f"{base_of(request)}/k/{view.code}",
    )


def _title(view: CardView, otherwise: str) -> str:
    """What is shared beside the link: the name of the one entry, else only that it is a card."""
    names = [side.reply.title for entry in view.entries for side in entry.sides if side.language == view.language]
    return names[0] if len(view.entries) == 1 and names and names[0] else otherwise


def _no_card(request: Request, status: int, key: str, language: str) -> Response:
    return render(request, "volunteer/no_card.html", language, status, key=key)


def _offered(language: str, otherwise: str) -> str:
    return language if language in offered_codes() else otherwise
