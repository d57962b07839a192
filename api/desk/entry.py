"""Into the desk and out of it: make an account, log in, log out."""

from __future__ import annotations

from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import ServicesDep
from api.desk.access import (
    COOKIE_PATH,
    ENTERED,
    OPEN,
    SESSION_COOKIE,
    STEP_COOKIE,
    DeskDep,
    DoneQuery,
    EnteredActingDep,
    SecretDep,
    own_form,
    records,
    set_cookie,
)
from api.desk.accounts import Invitation
from api.desk.audit.deeds import Kind
from api.desk.devices import device
from api.desk.enter import NextField, enter, form_page, login_page
from api.desk.errors import AccountRefused, InvitationNotValid
from api.desk.pages import refusals
from api.desk.passwords import MIN_LENGTH
from api.desk.places import inside
from api.desk.roles import Permission
from api.desk.route import DeskRoute
from api.desk.sessions import WAITS
from api.desk.words import sentence
from api.errors import ApiError
from api.visitor import client_address

log = structlog.get_logger(__name__)
router = APIRouter(route_class=DeskRoute, default_response_class=HTMLResponse)
GONE = refusals({410: "The link was used, or is older than an hour."})
FORM = [*OPEN, Depends(own_form)]

TokenField = Annotated[str, Form(max_length=200, description="Secret of the one-time link.")]
TextField = Annotated[str, Form(max_length=1000)]


@router.get("/account", summary="Form for a new account", responses=GONE, dependencies=OPEN)
async def account_form(
    request: Request, services: ServicesDep, desk: DeskDep, token: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """Needs a one-time link; 410 when it was used or is older than an hour. Or the form for a new password, as the link says."""
    return _account_page(request, services, token, await desk.accounts.check_invitation(token))


@router.post("/account", summary="Make an account", status_code=303, responses=GONE, dependencies=FORM)
async def make_account(
    request: Request,
    services: ServicesDep,
    desk: DeskDep,
    token: TokenField = "",
    login: TextField = "",
    name: TextField = "",
    password: TextField = "",
) -> Response:
    """Works once per link. A refusal keeps login and name and says what to change (409, 422)."""
    try:
        invitation = await desk.accounts.check_invitation(token)
        if invitation.staff_id is not None:
            staff = await desk.accounts.renew(token, password)
            if await desk.second_steps.active(staff.id):
                return RedirectResponse("/balie/login", 303)
            return await enter(request, services, desk, staff, "/balie/mijn-account?gelukt=nieuw_wachtwoord")
        staff = await desk.accounts.create(token, login, name, password)
    except AccountRefused as error:
        return _account_page(request, services, token, invitation, error, login=login, name=name)
    except InvitationNotValid:
        log.warning("desk_invitation_refused")
        raise
    log.info("desk_account_made", staff=staff.id)
    begin = "/balie" if staff.may(Permission.CONVERSATIONS) else "/balie/mijn-account"
    return await enter(request, services, desk, staff, f"{begin}?gelukt=account")


@router.get("/login", summary="Login form", dependencies=OPEN)
async def login_form(
    request: Request,
    services: ServicesDep,
    after: Annotated[str, Query(alias="verder", max_length=100)] = "",
    done: DoneQuery = "",
) -> Response:
    """Also where everyone without a login is sent."""
    return login_page(request, services, after, done=done)


@router.post("/login", summary="Log in", status_code=303, responses=refusals({429: "Too many attempts."}), dependencies=FORM)
async def log_in(
    request: Request,
    services: ServicesDep,
    desk: DeskDep,
    login: TextField = "",
    password: TextField = "",
    after: NextField = "",
) -> Response:
    """The same answer for an unknown login and a wrong password (401). Limited per login and per address (429).

    Who set up a second step goes on to the code.
    """
    try:
        desk.attempts.hit(f"address:{client_address(request)}")
        desk.attempts.hit(f"login:{login.strip().lower()}")
        staff = await desk.accounts.log_in(login, password)
    except ApiError as error:
        log.warning("desk_login_refused", code=error.code)
        return login_page(request, services, after, error, login=login)
    if not await desk.second_steps.active(staff.id):
        return await enter(request, services, desk, staff, inside(after))
    waiting = await desk.sessions.start(staff, device(request.headers.get("user-agent", "")), waits=True)
    response = RedirectResponse(f"/balie/login/code?verder={inside(after)}", 303)
    set_cookie(response, services.settings, STEP_COOKIE, waiting, int(WAITS.total_seconds()))
    return response


@router.post("/uit", summary="Log out", status_code=303, dependencies=[*ENTERED, records(Kind.LOGOUT)])
async def log_out(desk: DeskDep, staff: EnteredActingDep, secret: SecretDep = "") -> Response:
    """Ends this login, on the server too."""
    await desk.sessions.end(secret)
    log.info("desk_logout", staff=staff.staff.id)
    response = RedirectResponse("/balie/login?gelukt=log_out", 303)
    response.delete_cookie(SESSION_COOKIE, path=COOKIE_PATH)
    return response


def _account_page(
    request: Request,
    services: ServicesDep,
    token: str,
    invitation: Invitation,
    error: AccountRefused | None = None,
    login: str = "",
    name: str = "",
) -> Response:
    values = {
        "error": sentence(error) if error else None,
        "field": error.field if error else None,
        "token": token,
        "renews": invitation.staff_id is not None,
        "login": login,
        "shown_name": name,
        "min_length": MIN_LENGTH,
    }
    return form_page(request, services, "account.html", error, values)
