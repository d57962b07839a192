"""One's own account: roles, logins, password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import ServicesDep
from api.desk.access import ActingDep, DeskDep, DoneQuery, PasswordField, StaffDep, needs, records
from api.desk.audit.deeds import Kind
from api.desk.errors import AccountRefused, WrongPassword
from api.desk.frame import page
from api.desk.passwords import MIN_LENGTH
from api.desk.roles import Permission, ordered
from api.desk.route import DeskRoute
from api.desk.sessions import StaffSession
from api.desk.words import DONE, sentence
from api.errors import ApiError, NotFound, TooManyRequests
from api.visitor import MAX_NUMBER

router = APIRouter(
    prefix="/mijn-account", route_class=DeskRoute, default_response_class=HTMLResponse, dependencies=[needs(Permission.OWN)]
)
ACCOUNT = "/balie/mijn-account"


@router.get("", summary="One's own account")
async def account(request: Request, staff: StaffDep, services: ServicesDep, desk: DeskDep, done: DoneQuery = "") -> Response:
    """Name, roles, second step, and every login that is open."""
    return page(
        request,
        staff,
        "own.html",
        "own",
        own_roles=ordered(staff.staff.roles),
        logins=await desk.sessions.of(staff.staff.id),
        current=staff.id,
        second_step=await desk.second_steps.active(staff.staff.id),
        codes_left=await desk.second_steps.codes_left(staff.staff.id),
        required=services.settings.second_step_required,
        done=DONE.get(done),
    )


@router.post("/sessies/{id}/beeindigen", summary="End one login", status_code=303, dependencies=[records(Kind.SESSION_ENDED)])
async def end_login(staff: ActingDep, desk: DeskDep, id: Annotated[int, Path(ge=1, le=MAX_NUMBER)]) -> Response:
    """One of one's own only; 404 for any other."""
    if not await desk.sessions.end_one(staff.staff.id, id):
        raise NotFound
    return RedirectResponse(f"{ACCOUNT}?gelukt=sessie", 303)


@router.post("/sessies/anderen", summary="End all other logins", status_code=303, dependencies=[records(Kind.SESSIONS_ENDED)])
async def end_others(staff: ActingDep, desk: DeskDep) -> Response:
    """All but the one that asks."""
    await desk.sessions.end_all(staff.staff.id, but=staff.id)
    return RedirectResponse(f"{ACCOUNT}?gelukt=sessies", 303)


@router.get("/wachtwoord", summary="Form for another password")
async def password_form(request: Request, staff: StaffDep) -> Response:
    """Asks the present one too."""
    return _password_page(request, staff)


@router.post("/wachtwoord", summary="Change one's password", status_code=303)
async def change_password(
    request: Request, staff: ActingDep, desk: DeskDep, current: PasswordField = "", password: PasswordField = ""
) -> Response:
    """Ends one's other logins. A refusal says which of the two does not fit (422). The audit log is written with the change."""
    try:
        desk.attempts.hit(f"password:{staff.staff.id}")
        await desk.accounts.change_password(staff.staff, current, password, staff.id)
    except (AccountRefused, WrongPassword, TooManyRequests) as error:
        return _password_page(request, staff, error)
    return RedirectResponse(f"{ACCOUNT}?gelukt=wachtwoord", 303)


def _password_page(request: Request, staff: StaffSession, error: ApiError | None = None) -> Response:
    values = {"error": sentence(error) if error else None, "wrong": isinstance(error, AccountRefused), "min_length": MIN_LENGTH}
    return page(request, staff, "own_password.html", "own", error.status if error else 200, **values)
