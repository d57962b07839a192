"""The page behind the link in a mail: an owner says 'still true' or 'it changed', without an account."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

import structlog
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.addresses import base_of, town_of
from api.deps import OUR_FORM, ServicesDep
from api.errors import ApiError
from api.freshness.changes import compared
from api.freshness.confirmation import Claim
from api.freshness.errors import ChangeNotSaid, ChangeTooLong, LinkNotValid
from api.freshness.reports import What
from api.freshness.tables import TEXT_LIMIT
from api.freshness.upkeep import Upkeep, UpkeepDep
from api.freshness.views import view_entry
from api.pages import render
from api.publishing.errors import NothingChanged
from api.services import Services
from sociale_kaart.freshness import owner_key
from sociale_kaart.schema import Entry

log = structlog.get_logger(__name__)
LANGUAGE = "nl"
STILL_TRUE, CHANGED = "klopt", "veranderd"


router = APIRouter(prefix="/bevestig", tags=["freshness"], default_response_class=HTMLResponse)


@router.get("/{token}", summary="Is this still true?")
async def confirmation(
    request: Request,
    upkeep: UpkeepDep,
    token: str,
    done: Annotated[str, Query(alias="gelukt", max_length=20, description="What was said just now.")] = "",
) -> Response:
    """What the kaart says, and two ways to answer. Changes nothing: mail programs open links by themselves."""
    try:
        claim, entry = _read(request, upkeep, token)
    except LinkNotValid as error:
        return render(request, "confirm_gone.html", LANGUAGE, error.status)
    return _page(request, upkeep, claim, entry, done=done)


@router.post("/{token}", summary="Say that it is still true, or what changed", status_code=303, dependencies=OUR_FORM)
async def confirm(
    request: Request,
    services: ServicesDep,
    upkeep: UpkeepDep,
    token: str,
    answer: Annotated[str, Form(description="`klopt` or `veranderd`.")] = "",
    text: Annotated[str, Form(description="What changed, for the desk.")] = "",
) -> Response:
    """'Still true' is published at once; 'it changed' goes to the desk."""
    try:
        claim, entry = _read(request, upkeep, token)
    except LinkNotValid as error:
        return render(request, "confirm_gone.html", LANGUAGE, error.status)
    try:
        if answer == STILL_TRUE:
            await _still_true(request, services, upkeep, claim, entry)
        else:
            await upkeep.reports.add(claim.town, claim.entry_id, What.CHANGED, _checked(text))
    except ApiError as error:
        log.warning("confirmation_refused", town=claim.town, entry=claim.entry_id, why=error.code)
        return _page(request, upkeep, claim, entry, error=error, draft=text)
    said = STILL_TRUE if answer == STILL_TRUE else CHANGED
    return RedirectResponse(f"{base_of(request)}/bevestig/{token}?gelukt={said}", 303)


def _read(request: Request, upkeep: Upkeep, token: str) -> tuple[Claim, Entry]:
    """What the link is about. LinkNotValid also when the entry went, or has another owner by now."""
    claim, town = upkeep.confirmations.read(token), town_of(request)
    entry = town.kaart.find(claim.entry_id)
    if claim.town != town.id or entry is None or owner_key(town.kaart, entry) != claim.owner:
        raise LinkNotValid
    return claim, entry


async def _still_true(request: Request, services: Services, upkeep: Upkeep, claim: Claim, entry: Entry) -> None:
    """Write that the owner compared it today. A link says so once: after that, somebody looked already."""
    if entry.verified.on > claim.verified_on:
        return
    owner = town_of(request).kaart.municipality.owners[claim.owner]
    change = compared(upkeep.today, owner.name, "organisation")
    with suppress(NothingChanged):  # tapped twice
        await services.publisher.apply(claim.town, {entry.id: change}, by=owner.name, note="Klopt nog, bevestigd met de link")


def _checked(text: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise ChangeNotSaid
    if len(said) > TEXT_LIMIT:
        raise ChangeTooLong(limit=TEXT_LIMIT)
    return said


def _page(
    request: Request,
    upkeep: Upkeep,
    claim: Claim,
    entry: Entry,
    *,
    done: str = "",
    error: ApiError | None = None,
    draft: str = "",
) -> Response:
    return render(
        request,
        "confirm.html",
        LANGUAGE,
        error.status if error else 200,
        entry=view_entry(town_of(request), entry, upkeep.clock()),
        looked=entry.verified.on > claim.verified_on,
        done=done,
        error=error.code if error else None,
        draft=draft,
        limit=TEXT_LIMIT,
    )
