"""The desk's pages about signals: numbers of a week, groups of questions, and what is done with a group."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import ServicesDep
from api.desk.access import ActingDep, StaffDep, needs, records
from api.desk.audit.deeds import Kind
from api.desk.kaart.fields import all_fields
from api.desk.kaart.form import shown
from api.desk.kaart.pages import Draft, form_page, refused_page
from api.desk.pages import frame, render
from api.desk.roles import Permission
from api.desk.route import DeskRoute
from api.desk.sessions import StaffSession
from api.desk.views import view_language
from api.desk.words import LANGUAGES
from api.errors import ApiError
from api.publishing.errors import GateRefused
from api.signals.adding import Form, adding, prefilled, read_form
from api.signals.errors import GroupGone
from api.signals.export import as_csv, as_json
from api.signals.groups import Group
from api.signals.overview import trend, week_view
from api.signals.signals import Signals, SignalsDep
from api.signals.views import named, refused_in_words, view_group
from api.signals.words import PARTS, label, week_in_words
from api.towns import Town
from api.visitor import MAX_NUMBER
from sociale_kaart.freshness import due
from sociale_kaart.review import ORIGINAL

log = structlog.get_logger(__name__)
router = APIRouter(prefix="/signalen", route_class=DeskRoute, default_response_class=HTMLResponse)
GroupId = Annotated[int, Path(ge=1, le=MAX_NUMBER, description="Any message of the group.")]
NUMBERS = [needs(Permission.SIGNALS)]
QUESTIONS = [*NUMBERS, needs(Permission.EDIT)]
MOST_GROUPS, MOST_DUE = 30, 5


@router.get("", summary="What people ask and do not get", dependencies=NUMBERS)
async def overview(
    request: Request,
    staff: StaffDep,
    services: ServicesDep,
    signals: SignalsDep,
    week: Annotated[str, Query(max_length=10, description="Monday of the week, as 2026-11-16; else the newest.")] = "",
) -> Response:
    """Groups of questions without an answer, the numbers of a week, and what needs a new look."""
    town, may_read = services.towns.of(staff.staff.town), staff.staff.may(Permission.EDIT)
    weeks, dues = await signals.weeks(town.id), due(services.towns.of(staff.staff.town).kaart, signals.today)
    groups = await signals.groups.of(town) if may_read else []
    monday = next((known for known in weeks if known.isoformat() == week), max(weeks, default=None))
    return _render(
        request,
        staff,
        "signals.html",
        may_read=may_read,
        groups=[view_group(group, town) for group in groups[:MOST_GROUPS]],
        more=max(0, len(groups) - MOST_GROUPS),
        days=services.settings.retention_days,
        fewest=signals.fewest,
        weeks=[(known.isoformat(), week_in_words(known)) for known in sorted(weeks, reverse=True)],
        week=week_view(monday, weeks[monday], partial(label, town.kaart)) if monday else None,
        titles=PARTS,
        dutch=LANGUAGES,
        trend=[(week_in_words(dt.date.fromisoformat(bar.label)), bar) for bar in trend(weeks)],
        dues=dues[:MOST_DUE],
        due_count=len(dues),
    )


@router.get("/export.csv", summary="The numbers as CSV", response_class=Response, dependencies=NUMBERS)
async def export_csv(staff: StaffDep, services: ServicesDep, signals: SignalsDep) -> Response:
    """Every week, as the pages show it. No questions."""
    town = services.towns.of(staff.staff.town).id
    return _file(as_csv(town, await signals.weeks(town), signals.fewest), "text/csv", f"signalen-{town}.csv")


@router.get("/export.json", summary="The numbers as JSON", response_class=Response, dependencies=NUMBERS)
async def export_json(staff: StaffDep, services: ServicesDep, signals: SignalsDep) -> Response:
    """Every week, as the pages show it. No questions."""
    town = services.towns.of(staff.staff.town).id
    return _file(as_json(town, await signals.weeks(town), signals.fewest), "application/json", f"signalen-{town}.json")


@router.get("/groep/{id}", summary="One group of questions", dependencies=QUESTIONS)
async def group(request: Request, staff: StaffDep, services: ServicesDep, signals: SignalsDep, id: GroupId) -> Response:
    """Cleaned examples in each language, what they look like, and what can be done. 404 when too few people are left of it."""
    town = services.towns.of(staff.staff.town)
    return _group_page(request, staff, town, await _found(signals, town, id))


@router.get("/groep/{id}/nieuw", summary="Form for a new entry out of a group", dependencies=QUESTIONS)
async def new_entry(request: Request, staff: StaffDep, services: ServicesDep, signals: SignalsDep, id: GroupId) -> Response:
    """The empty form of the kaart, with the questions of the group filled in."""
    town = services.towns.of(staff.staff.town)
    found = await _found(signals, town, id)
    sheet = shown(all_fields(town.kaart), None) | prefilled(found, town.kaart.municipality.languages)
    return form_page(request, staff, town, Draft("", sheet, "", "", new=True))


@router.post(
    "/groep/{id}/toevoegen",
    summary="Add questions to an entry",
    status_code=303,
    dependencies=[*QUESTIONS, records(Kind.PUBLISHED)],
)
async def add(request: Request, staff: ActingDep, services: ServicesDep, signals: SignalsDep, id: GroupId) -> Response:
    """As example questions of an own entry and as cases of the question set, in one publication through its gate (409, 422)."""
    town = services.towns.of(staff.staff.town)
    found = await _found(signals, town, id)
    form = read_form(await request.form(), found)
    try:
        plan = adding(form, town.kaart)
        done = await services.publisher.apply(town.id, plan.changes, by=staff.staff.name, note=plan.note, cases=plan.cases)
    except GateRefused as error:
        return refused_page(request, staff, town, None, error)
    except ApiError as error:
        return _group_page(request, staff, town, found, form=form, error=error)
    log.info("signal_added", staff=staff.staff.id, publication=done.id)
    return RedirectResponse(f"/balie/kaart/publicatie/{done.id}?gelukt=ja", 303)


async def _found(signals: Signals, town: Town, id: int) -> Group:
    found = await signals.groups.find(town, id)
    if found is None:
        raise GroupGone
    return found


def _group_page(
    request: Request, staff: StaffSession, town: Town, group: Group, *, form: Form | None = None, error: ApiError | None = None
) -> Response:
    own = [entry for entry in town.kaart if town.kaart.is_own(entry.id)]
    return _render(
        request,
        staff,
        "signal_group.html",
        error.status if error else 200,
        group=view_group(group, town),
        form=form or Form.first(group, town.kaart),
        examples=[(view_language(code), code, questions) for code, questions in group.examples.items()],
        near=named(group.near, town.kaart),
        entries=sorted(((entry.id, entry.texts[ORIGINAL].name) for entry in own), key=lambda pair: pair[1].casefold()),
        errors=refused_in_words(error) if error else (),
    )


def _file(content: str, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _render(request: Request, staff: StaffSession, template: str, status: int = 200, **values: Any) -> Response:
    return render(request, template, status, **frame(staff, "signals"), **values)
