"""The desk's pages for keeping facts true: what is due, what people reported, and one entry to compare."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import ServicesDep
from api.desk.access import ActingDep, DoneQuery, StaffDep, needs, records
from api.desk.audit.deeds import Kind
from api.desk.pages import frame, render
from api.desk.roles import Permission
from api.desk.route import DeskRoute
from api.desk.sessions import StaffSession
from api.desk.words import DESK_LANGUAGE
from api.freshness.changes import compared
from api.freshness.upkeep import UpkeepDep
from api.freshness.views import view_entry, view_reported, view_upkeep
from api.freshness.words import AGAINST, DONE, FRESHNESS, WHATS
from api.publishing.errors import EntryMissing, NothingChanged
from api.visitor import MAX_NUMBER
from sociale_kaart.freshness import due_on, freshness

router = APIRouter(
    prefix="/versheid", route_class=DeskRoute, default_response_class=HTMLResponse, dependencies=[needs(Permission.FRESHNESS)]
)


@router.get("", summary="What needs a new look")
async def upkeep_list(
    request: Request, staff: StaffDep, services: ServicesDep, upkeep: UpkeepDep, done: DoneQuery = ""
) -> Response:
    """What people reported, then the entries that are overdue, the longest first, with owner and days."""
    town = services.towns.of(staff.staff.town)
    view = view_upkeep(town, await upkeep.reports.open(town.id), upkeep.today)
    return _render(request, staff, "stale_list.html", view=view, own=town.kaart.is_own, done=DONE.get(done))


@router.get("/{entry_id}", summary="One entry, to compare")
async def entry(request: Request, staff: StaffDep, services: ServicesDep, upkeep: UpkeepDep, entry_id: str) -> Response:
    """What the kaart says about it, what people reported, and the way to say that it is still true."""
    town = services.towns.of(staff.staff.town)
    found = town.kaart.find(entry_id)
    about = [report for report in await upkeep.reports.open(town.id) if report.entry_id == entry_id]
    if found is None and not about:
        raise EntryMissing
    return _render(
        request,
        staff,
        "stale_entry.html",
        id=entry_id,
        entry=view_entry(town, found, upkeep.clock()) if found else None,
        reported=view_reported(town, entry_id, about) if about else None,
        state=FRESHNESS[freshness(found, upkeep.today)] if found else None,
        due_on=due_on(found) if found else None,
    )


@router.post(
    "/{entry_id}/klopt", summary="Say that an entry is still true", status_code=303, dependencies=[records(Kind.STILL_TRUE)]
)
async def still_true(
    staff: ActingDep,
    services: ServicesDep,
    upkeep: UpkeepDep,
    entry_id: str,
    against: Annotated[Literal["source", "organisation"], Form(description="What it was compared with.")],
) -> Response:
    """The desk compared it today; recorded with the desk's name, because a kaart holds no private names."""
    town = services.towns.of(staff.staff.town)
    change = compared(upkeep.today, town.kaart.municipality.desk.name_in(DESK_LANGUAGE), against)
    with suppress(NothingChanged):  # compared today already
        await services.publisher.apply(town.id, {entry_id: change}, by=staff.staff.name, note="Klopt nog")
    return RedirectResponse("/balie/versheid?gelukt=klopt", 303)


@router.post(
    "/{entry_id}/afgehandeld", summary="Reports are handled", status_code=303, dependencies=[records(Kind.REPORTS_HANDLED)]
)
async def handled(
    staff: ActingDep,
    services: ServicesDep,
    upkeep: UpkeepDep,
    entry_id: str,
    last_id: Annotated[int, Form(alias="tot", ge=1, le=MAX_NUMBER, description="The newest report that the page showed.")],
) -> Response:
    """Reports that came after the page was shown stay open."""
    await upkeep.reports.handle(services.towns.of(staff.staff.town).id, entry_id, last_id, staff.staff.id)
    return RedirectResponse("/balie/versheid?gelukt=afgehandeld", 303)


def _render(request: Request, staff: StaffSession, template: str, **values: Any) -> Response:
    words: dict[str, Any] = {"whats": WHATS, "freshness": FRESHNESS, "against": AGAINST}
    return render(request, template, **words, **frame(staff, "stale"), **values)
