"""The desk's pages about the kaart: list, form, preview, publish, history, stop. Thin: what happens is `api/publishing`."""

from __future__ import annotations

from typing import Annotated

import structlog
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import ServicesDep
from api.desk.access import ActingDep, DoneQuery, StaffDep, needs, records
from api.desk.audit.deeds import Kind
from api.desk.kaart import editing
from api.desk.kaart.fields import all_fields
from api.desk.kaart.form import faults, shown
from api.desk.kaart.pages import Draft, form_page, history_page, publication_page, refused_page, render, shared_page
from api.desk.kaart.views import Filter, data_of, rows, standing_options, totals
from api.desk.kaart.words import STATES
from api.desk.roles import Permission
from api.desk.route import DeskRoute
from api.desk.words import sentence
from api.errors import ApiError
from api.publishing.errors import EntryMissing, GateRefused, KaartRefused

log = structlog.get_logger(__name__)
router = APIRouter(
    prefix="/kaart", route_class=DeskRoute, default_response_class=HTMLResponse, dependencies=[needs(Permission.EDIT)]
)
EntryId = Annotated[str, Path(max_length=60, pattern="^[a-z0-9-]+$", description="Name of the entry.")]
PublicationId = Annotated[int, Path(ge=1, le=2**62, description="Number of the publication.")]


@router.get("", summary="The entries of the kaart")
async def entries(
    request: Request,
    staff: StaffDep,
    services: ServicesDep,
    words: Annotated[str, Query(alias="tekst", max_length=100, description="Words in a name or summary.")] = "",
    state: Annotated[str, Query(alias="staat", max_length=20, description="Only entries in this state.")] = "",
    standing: Annotated[str, Query(alias="stand", max_length=20, description="Only entries with a text that stands so.")] = "",
) -> Response:
    """Every entry with its state and where its texts stand, and the counts per language."""
    town, wanted = services.towns.of(staff.staff.town), Filter(words, state, standing)
    return render(
        request,
        staff,
        "kaart_list.html",
        rows=rows(town.kaart, wanted),
        totals=totals(town.kaart),
        wanted=wanted,
        states=[(str(key), label) for key, label in STATES.items()],
        standings=standing_options(),
        languages=town.kaart.municipality.languages,
    )


@router.get("/nieuw", summary="Form for a new entry")
async def new_form(request: Request, staff: StaffDep, services: ServicesDep) -> Response:
    """An empty form."""
    town = services.towns.of(staff.staff.town)
    return form_page(request, staff, town, Draft("", shown(all_fields(town.kaart), None), "", "", new=True))


@router.post("/nieuw", summary="Preview or publish a new entry", status_code=303, dependencies=[records(Kind.PUBLISHED)])
async def create(request: Request, staff: ActingDep, services: ServicesDep) -> Response:
    """As the form of an entry that exists (409, 422)."""
    return await editing.handle(request, staff, services, services.towns.of(staff.staff.town), None)


@router.get("/geschiedenis", summary="All publications")
async def history(request: Request, staff: StaffDep, services: ServicesDep) -> Response:
    """The newest first."""
    town = services.towns.of(staff.staff.town)
    return history_page(request, staff, town, await services.publisher.history(town.id))


@router.get("/publicatie/{id}", summary="One publication")
async def publication(
    request: Request,
    staff: StaffDep,
    services: ServicesDep,
    id: PublicationId,
    done: DoneQuery = "",
) -> Response:
    """What changed, who did it, what the questions made of it."""
    town = services.towns.of(staff.staff.town)
    found = await services.publisher.records.get(town.id, id)
    return publication_page(request, staff, town, found, fresh=bool(done))


@router.get("/{entry_id}", summary="Form of one entry")
async def edit_form(request: Request, staff: StaffDep, services: ServicesDep, entry_id: EntryId) -> Response:
    """The form as the file is now, and who else has it open. A shared entry is only shown."""
    town = services.towns.of(staff.staff.town)
    if entry_id in town.kaart and not town.kaart.is_own(entry_id):
        return shared_page(request, staff, services, town, entry_id)
    source = services.publisher.source(town.id, entry_id)
    others = await services.publisher.records.editing(town.id, entry_id, staff.staff.id)
    await services.publisher.records.opened(town.id, entry_id, staff.staff.id)
    draft = Draft(entry_id, shown(all_fields(town.kaart), data_of(source.text)), source.digest, "")
    return form_page(request, staff, town, draft, others=others)


@router.post("/{entry_id}", summary="Preview or publish an entry", status_code=303, dependencies=[records(Kind.PUBLISHED)])
async def edit(request: Request, staff: ActingDep, services: ServicesDep, entry_id: EntryId) -> Response:
    """Publishes what the form holds. Refused (409, 422) with everything that was typed still there."""
    town = services.towns.of(staff.staff.town)
    return await editing.handle(request, staff, services, town, entry_id)


@router.get("/{entry_id}/geschiedenis", summary="Publications of one entry")
async def entry_history(request: Request, staff: StaffDep, services: ServicesDep, entry_id: EntryId) -> Response:
    """Who changed what in it, the newest first."""
    town = services.towns.of(staff.staff.town)
    return history_page(request, staff, town, await services.publisher.history(town.id, entry_id), entry_id)


@router.post(
    "/{entry_id}/geschiedenis/{id}/terug", summary="Put an entry back", status_code=303, dependencies=[records(Kind.RESTORED)]
)
async def restore(request: Request, staff: ActingDep, services: ServicesDep, entry_id: EntryId, id: PublicationId) -> Response:
    """To what it was before that publication, through the same gate (409, 422)."""
    town = services.towns.of(staff.staff.town)
    try:
        done = await services.publisher.restore(town.id, entry_id, id, by=staff.staff.name)
    except GateRefused as error:
        return refused_page(request, staff, town, None, error)
    except ApiError as error:
        told = await services.publisher.history(town.id, entry_id)
        problems = faults((), entry_id, error.problems) if isinstance(error, KaartRefused) else None
        said = sentence(error)
        return history_page(request, staff, town, told, entry_id, status=error.status, error=said, problems=problems)
    log.info("kaart_restored", staff=staff.staff.id, publication=done.id)
    return RedirectResponse(f"/balie/kaart/publicatie/{done.id}?gelukt=terug", 303)


@router.get("/{entry_id}/stoppen", summary="Form to end an entry")
async def stop_form(request: Request, staff: StaffDep, services: ServicesDep, entry_id: EntryId) -> Response:
    """Asks what there is instead."""
    town = services.towns.of(staff.staff.town)
    services.publisher.source(town.id, entry_id)
    return editing.stop_page(request, staff, town, entry_id)


@router.post("/{entry_id}/stoppen", summary="End an entry", status_code=303, dependencies=[records(Kind.ENDED)])
async def stop(request: Request, staff: ActingDep, services: ServicesDep, entry_id: EntryId) -> Response:
    """From now on newcomers read that it ended, and what there is instead (409, 422)."""
    town = services.towns.of(staff.staff.town)
    if entry_id not in town.kaart:
        raise EntryMissing
    return await editing.handle_stop(request, staff, services, town, entry_id)
