"""The pages of who manages the accounts: list, invite, roles, close and open, second step, logins."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import ServicesDep
from api.desk.access import ActingDep, DeskDep, DoneQuery, StaffDep, needs
from api.desk.audit.deeds import Deed, Kind
from api.desk.errors import LastManager, NoRole
from api.desk.frame import page
from api.desk.roles import Permission, Role, ordered
from api.desk.route import DeskRoute
from api.desk.sessions import StaffSession
from api.desk.words import DONE, sentence
from api.errors import ApiError, NotFound
from api.services import Services
from api.visitor import MAX_NUMBER

router = APIRouter(
    prefix="/collegas", route_class=DeskRoute, default_response_class=HTMLResponse, dependencies=[needs(Permission.STAFF)]
)
StaffId = Annotated[int, Path(ge=1, le=MAX_NUMBER, description="Number of the account.")]
RolesField = Annotated[list[Role], Form(alias="rol", description="Every role that is ticked.")]


@router.get("", summary="The accounts of the desk")
async def colleagues(request: Request, staff: StaffDep, desk: DeskDep) -> Response:
    """Everybody with an account in this town, and the form to invite somebody."""
    return await _list(request, staff, desk)


@router.post("/uitnodigen", summary="Invite somebody")
async def invite(request: Request, staff: ActingDep, services: ServicesDep, desk: DeskDep, roles: RolesField = []) -> Response:  # noqa: B006
    """Shows a link that makes one account with these roles within an hour; it is not shown again."""
    if not roles:
        return await _list(request, staff, desk, NoRole())
    token = await desk.accounts.invite(staff.staff.town, roles, by=staff.staff.id)
    return _link(request, services, staff, token, roles=ordered(roles))


@router.get("/{id}", summary="One account")
async def colleague(request: Request, staff: StaffDep, desk: DeskDep, id: StaffId, done: DoneQuery = "") -> Response:
    """Roles, logins, and what can be done. 404 when it is of another town."""
    return await _one(request, staff, desk, id, done=done)


@router.post("/{id}/rollen", summary="Change roles", status_code=303)
async def change_roles(request: Request, staff: ActingDep, desk: DeskDep, id: StaffId, roles: RolesField = []) -> Response:  # noqa: B006
    """409 when nobody would be left to manage the accounts. The audit log is written with the change, here and below."""
    try:
        await desk.colleagues.set_roles(staff.staff.town, id, roles, staff.staff.id)
    except (LastManager, NoRole) as error:
        return await _one(request, staff, desk, id, error)
    return _back(id, "rollen")


@router.post("/{id}/sluiten", summary="Close an account", status_code=303)
async def close(request: Request, staff: ActingDep, desk: DeskDep, id: StaffId) -> Response:
    """Its logins end at once. 409 for the last one that manages the accounts."""
    try:
        await desk.colleagues.deactivate(staff.staff.town, id, staff.staff.id)
    except LastManager as error:
        return await _one(request, staff, desk, id, error)
    return _back(id, "gesloten")


@router.post("/{id}/openen", summary="Open an account again", status_code=303)
async def reopen(staff: ActingDep, desk: DeskDep, id: StaffId) -> Response:
    """With the roles and the password it had."""
    await desk.colleagues.reactivate(staff.staff.town, id, staff.staff.id)
    return _back(id, "geopend")


@router.post("/{id}/tweede-stap", summary="Take the second step away", status_code=303)
async def reset_second_step(staff: ActingDep, desk: DeskDep, id: StaffId) -> Response:
    """For who lost the app and the recovery codes; the password stays."""
    found = await desk.colleagues.get(staff.staff.town, id)
    deed = Deed(Kind.SECOND_STEP_RESET, found.staff.town, staff.staff.id, id)
    await desk.second_steps.remove(id, deed)
    await desk.sessions.end_all(id, but=staff.id)
    return _back(id, "tweede_stap_weg")


@router.post("/{id}/sessies", summary="End all logins of somebody", status_code=303)
async def end_logins(staff: ActingDep, desk: DeskDep, id: StaffId) -> Response:
    """All of them, but the one that asks."""
    found = await desk.colleagues.get(staff.staff.town, id)
    await desk.sessions.end_all(id, but=staff.id)
    await desk.audit.add(Deed(Kind.SESSIONS_ENDED, found.staff.town, staff.staff.id, id))
    return _back(id, "alle_sessies")


@router.post("/{id}/wachtwoord", summary="A link for a new password")
async def password_link(request: Request, staff: ActingDep, services: ServicesDep, desk: DeskDep, id: StaffId) -> Response:
    """For who forgot it: works once within an hour and is not shown again. The password stays until the link is used."""
    found = await desk.colleagues.get(staff.staff.town, id)
    if not found.active:
        raise NotFound
    token = await desk.accounts.invite(found.staff.town, by=staff.staff.id, staff_id=id)
    return _link(request, services, staff, token, name=found.staff.name)


async def _list(request: Request, staff: StaffSession, desk: DeskDep, error: ApiError | None = None) -> Response:
    return page(
        request,
        staff,
        "colleagues.html",
        "staff",
        error.status if error else 200,
        colleagues=await desk.colleagues.of(staff.staff.town),
        ordered=ordered,
        error=sentence(error) if error else None,
    )


async def _one(
    request: Request, staff: StaffSession, desk: DeskDep, id: int, error: ApiError | None = None, done: str = ""
) -> Response:
    found = await desk.colleagues.get(staff.staff.town, id)
    return page(
        request,
        staff,
        "colleague.html",
        "staff",
        error.status if error else 200,
        one=found,
        logins=await desk.sessions.of(id),
        error=sentence(error) if error else None,
        done=DONE.get(done),
    )


def _link(
    request: Request, services: Services, staff: StaffSession, token: str, roles: tuple[Role, ...] = (), name: str = ""
) -> Response:
    address = f"{services.settings.address}/balie/account?token={token}"
    return page(request, staff, "invited.html", "staff", address=address, given=roles, renews=name)


def _back(id: int, done: str) -> Response:
    return RedirectResponse(f"/balie/collegas/{id}?gelukt={done}", 303)
