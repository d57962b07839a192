"""Into the desk and out of it: make an account, log in, log out."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import ServicesDep
from api.desk.access import COOKIE_PATH, FORM_COOKIE, SESSION_COOKIE, ActingDep, DeskDep, SecretDep, own_form, set_cookie
from api.desk.accounts import Staff
from api.desk.errors import AccountRefused, InvitationNotValid
from api.desk.pages import refusals, render
from api.desk.passwords import MIN_LENGTH
from api.desk.route import DeskRoute
from api.desk.words import DONE, sentence
from api.errors import ApiError
from api.visitor import client_address

log = structlog.get_logger(__name__)
router = APIRouter(route_class=DeskRoute, default_response_class=HTMLResponse)
FORM_SECONDS = 3600
GONE = refusals({410: "The link was used, or is older than an hour."})
INSIDE = re.compile(r"/balie(/recent|/signalen|/gesprek/[0-9]{1,18}|/kaart(/[a-z0-9-]{1,60})?)?")
"""Where a login may lead to: never out of the desk."""

TokenField = Annotated[str, Form(max_length=200, description="Secret of the one-time link.")]
TextField = Annotated[str, Form(max_length=1000)]
NextField = Annotated[str, Form(max_length=100, description="Page to go to; anything outside the desk is ignored.")]


@router.get("/account", summary="Form for a new account", responses=GONE)
async def account_form(
    request: Request, services: ServicesDep, desk: DeskDep, token: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """Needs the one-time link that `kaart invite` prints; 410 when it was used or is older than an hour."""
    await desk.accounts.check_invitation(token)
    return _account_page(request, services, token)


@router.post("/account", summary="Make an account", status_code=303, responses=GONE, dependencies=[Depends(own_form)])
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
        staff = await desk.accounts.create(token, login, name, password)
    except AccountRefused as error:
        return _account_page(request, services, token, error, login=login, name=name)
    except InvitationNotValid:
        log.warning("desk_invitation_refused")
        raise
    log.info("desk_account_made", staff=staff.id)
    return await _enter(services, desk, staff, "/balie?gelukt=account")


@router.get("/login", summary="Login form")
async def login_form(
    request: Request,
    services: ServicesDep,
    after: Annotated[str, Query(alias="verder", max_length=100)] = "",
    done: Annotated[str, Query(alias="gelukt", max_length=20)] = "",
) -> Response:
    """Also where everyone without a login is sent."""
    return _login_page(request, services, after, done=done)


@router.post(
    "/login", summary="Log in", status_code=303, responses=refusals({429: "Too many attempts."}), dependencies=[Depends(own_form)]
)
async def log_in(
    request: Request,
    services: ServicesDep,
    desk: DeskDep,
    login: TextField = "",
    password: TextField = "",
    after: NextField = "",
    secret: SecretDep = "",
) -> Response:
    """The same answer for an unknown login and a wrong password (401). Limited per login and per address (429)."""
    try:
        desk.attempts.hit(f"address:{client_address(request)}")
        desk.attempts.hit(f"login:{login.strip().lower()}")
        staff = await desk.accounts.log_in(login, password)
    except ApiError as error:
        log.warning("desk_login_refused", code=error.code)
        return _login_page(request, services, after, error, login=login)
    await desk.sessions.end(secret)
    log.info("desk_login", staff=staff.id)
    return await _enter(services, desk, staff, _inside(after))


@router.post("/uit", summary="Log out", status_code=303)
async def log_out(desk: DeskDep, staff: ActingDep, secret: SecretDep = "") -> Response:
    """Ends this login, on the server too."""
    await desk.sessions.end(secret)
    log.info("desk_logout", staff=staff.staff.id)
    response = RedirectResponse("/balie/login?gelukt=log_out", 303)
    response.delete_cookie(SESSION_COOKIE, path=COOKIE_PATH)
    return response


async def _enter(services: ServicesDep, desk: DeskDep, staff: Staff, target: str) -> Response:
    response = RedirectResponse(target, 303)
    secret = await desk.sessions.start(staff)
    set_cookie(response, services.settings, SESSION_COOKIE, secret, services.settings.session_hours * 3600)
    response.delete_cookie(FORM_COOKIE, path=COOKIE_PATH)
    return response


def _inside(path: str) -> str:
    return path if INSIDE.fullmatch(path) else "/balie"


def _login_page(
    request: Request, services: ServicesDep, after: str, error: ApiError | None = None, login: str = "", done: str = ""
) -> Response:
    values = {"error": sentence(error) if error else None, "login": login, "after": _inside(after), "done": DONE.get(done)}
    return _form_page(request, services, "login.html", error, values)


def _account_page(
    request: Request, services: ServicesDep, token: str, error: AccountRefused | None = None, login: str = "", name: str = ""
) -> Response:
    values = {
        "error": sentence(error) if error else None,
        "field": error.field if error else None,
        "token": token,
        "login": login,
        "shown_name": name,
        "min_length": MIN_LENGTH,
    }
    return _form_page(request, services, "account.html", error, values)


def _form_page(
    request: Request, services: ServicesDep, template: str, error: ApiError | None, values: Mapping[str, object]
) -> Response:
    """A form that proves it is ours by a value that both the cookie and the page hold."""
    csrf = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(32)
    response = render(request, template, status=error.status if error else 200, csrf=csrf, **values)
    set_cookie(response, services.settings, FORM_COOKIE, csrf, FORM_SECONDS)
    return response
