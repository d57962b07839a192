"""The desk's opening hours, closed days and what newcomers read besides when it is closed: how they stand, and a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from ruamel.yaml.comments import CommentedMap

from api.answers.moments import clock, date_in_words, day_name
from api.deps import ServicesDep
from api.desk.access import ActingDep, DeskDep, DoneQuery, StaffDep, needs, records
from api.desk.audit.deeds import Kind
from api.desk.desk import Desk
from api.desk.kaart.convert import DATES, SCHEDULES, NotRead, one_line
from api.desk.kaart.document import put
from api.desk.kaart.words import why_in_words
from api.desk.pages import frame, refusals, render
from api.desk.roles import Permission
from api.desk.route import DeskRoute
from api.desk.sessions import StaffSession
from api.desk.views import LanguageView, view_language
from api.desk.words import DESK_LANGUAGE, DONE, HOURS_NOW, sentence
from api.errors import ApiError
from api.publishing.errors import KaartRefused
from api.services import Services
from api.towns import Town
from sociale_kaart.hours import AMSTERDAM, Hours, closes_at, next_open
from sociale_kaart.municipality import DeskHours

log = structlog.get_logger(__name__)
router = APIRouter(prefix="/openingstijden", route_class=DeskRoute, default_response_class=HTMLResponse)
AWAY = "weg-"
"""Before the names of the fields that hold a text per language."""
AWAY_LIMIT = 200
Typed = Mapping[str, str]


@router.get("", summary="Opening hours of the desk", dependencies=[needs(Permission.EDIT)])
async def show_hours(request: Request, staff: StaffDep, services: ServicesDep, desk: DeskDep, done: DoneQuery = "") -> Response:
    """Whether the desk is open now, when it opens next, its closed days, and what newcomers are told."""
    town = services.towns.of(staff.staff.town)
    return _page(request, services, desk, staff, town, _shown(town), done=done)


@router.post(
    "",
    summary="Change the opening hours",
    status_code=303,
    dependencies=[needs(Permission.EDIT), records(Kind.HOURS)],
    responses=refusals({409: "Somebody else changed them."}),
)
async def change_hours(request: Request, staff: ActingDep, services: ServicesDep, desk: DeskDep) -> Response:
    """Publishes kaart.yaml through the same gate as an entry. What was typed comes back when it is refused (409, 422)."""
    town, form = services.towns.of(staff.staff.town), await request.form()
    typed = {name: str(form.get(name, "")) for name in (*_shown(town), "seen")}
    try:
        change = _changing(town, typed)
        by, note = staff.staff.name, "openingstijden van de balie aangepast"
        done = await services.publisher.configure(town.id, change, by=by, note=note, seen=typed["seen"])
    except NotRead as problem:
        return _page(request, services, desk, staff, town, typed, error=str(problem), status=422)
    except ApiError as error:
        return _page(request, services, desk, staff, town, typed, error=_why(error), status=error.status)
    log.info("desk_hours_changed", staff=staff.staff.id, publication=done.id)
    return RedirectResponse("/balie/openingstijden?gelukt=hours", 303)


def _page(
    request: Request,
    services: Services,
    desk: Desk,
    staff: StaffSession,
    town: Town,
    typed: Typed,
    *,
    done: str = "",
    error: str = "",
    status: int = 200,
) -> Response:
    hours, now = town.kaart.municipality.desk, desk.clock()
    today = now.astimezone(AMSTERDAM).date()
    coming = [date_in_words(town.catalogue, DESK_LANGUAGE, day) for day in sorted(hours.closed_on) if day >= today]
    languages = [view for code in town.kaart.municipality.languages if (view := view_language(code))]
    values: dict[str, Any] = {
        "standing": _standing(town, hours, desk),
        "closed_on": coming,
        "away": [(language, f"{AWAY}{language.code}", _told(services, desk, town, language)) for language in languages],
        "typed": typed,
        "seen": typed.get("seen") or services.publisher.settings_digest(town.id),
        "limit": AWAY_LIMIT,
    }
    return render(request, "hours.html", status=status, done=DONE.get(done), error=error, **values, **frame(staff, "hours"))


def _standing(town: Town, desk_hours: DeskHours, desk: Desk) -> str:
    hours, now = Hours(desk_hours.schedules, desk_hours.closed_on), desk.clock()
    if end := closes_at(hours, now):
        return HOURS_NOW["open"].format(time=clock(end))
    if start := next_open(hours, now):
        return HOURS_NOW["closed"].format(day=day_name(town.catalogue, DESK_LANGUAGE, start), time=clock(start))
    return HOURS_NOW["never" if hours.known else "unknown"]


def _told(services: Services, desk: Desk, town: Town, language: LanguageView) -> tuple[str, ...]:
    """What a newcomer who asks for a person now reads in this language."""
    return services.handover.waiting(town, language.code, desk.clock()).paragraphs


def _shown(town: Town) -> dict[str, str]:
    """The form as the kaart stands now."""
    hours = town.kaart.municipality.desk
    blocks = [
        {
            "byday": list(block.byday),
            "opens_at": f"{block.opens_at:%H:%M}",
            "closes_at": f"{block.closes_at:%H:%M}",
            "valid_from": block.valid_from,
            "valid_to": block.valid_to,
        }
        for block in hours.schedules
    ]
    texts = {f"{AWAY}{code}": hours.away.get(code, "") for code in town.kaart.municipality.languages}
    return {"tijden": SCHEDULES.show(blocks)[0], "dicht": DATES.show(hours.closed_on)[0], **texts}


def _changing(town: Town, typed: Typed) -> Any:
    """What changes kaart.yaml to what was typed. NotRead when that cannot be understood."""
    schedules, days = SCHEDULES.read([typed["tijden"]]), DATES.read([typed["dicht"]])
    closed_on = sorted(set(days))
    texts = {code: one_line([typed[f"{AWAY}{code}"]]) for code in town.kaart.municipality.languages}
    if any(text and len(text) > AWAY_LIMIT for text in texts.values()):
        raise NotRead(f"Een tekst buiten openingstijd mag ten hoogste {AWAY_LIMIT} tekens hebben.")

    def change(document: CommentedMap) -> None:
        put(document, ("desk", "schedules"), schedules, [])
        put(document, ("desk", "closed_on"), closed_on, [])
        for code, text in texts.items():
            put(document, ("desk", "away", code), text, None)
        if not document["desk"].get("away", True):
            del document["desk"]["away"]

    return change


def _why(error: ApiError) -> str:
    if isinstance(error, KaartRefused):
        return " ".join([sentence(error), *(why_in_words(problem.why) for problem in error.problems)])
    return sentence(error)
