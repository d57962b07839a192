"""The second step of a login: the code of an app, or a recovery code."""

from __future__ import annotations

from typing import Annotated

import structlog
from fastapi import APIRouter, Cookie, Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.deps import ServicesDep
from api.desk.access import OPEN, STEP_COOKIE, CsrfField, DeskDep, trusted
from api.desk.account_words import WRONG_RECOVERY
from api.desk.enter import NextField, enter, login_page
from api.desk.errors import CodeDue, WrongCode
from api.desk.pages import refusals, render
from api.desk.places import DESK, inside
from api.desk.route import DeskRoute
from api.desk.sessions import StaffSession
from api.desk.words import sentence
from api.errors import ApiError, TooManyRequests
from api.visitor import client_address

log = structlog.get_logger(__name__)
router = APIRouter(prefix="/login/code", route_class=DeskRoute, default_response_class=HTMLResponse)
StepDep = Annotated[str, Cookie(alias=STEP_COOKIE, include_in_schema=False)]
CodeField = Annotated[str, Form(max_length=100, description="Six digits of the app, or a recovery code.")]
RESPONSES = refusals({429: "Too many attempts."})


@router.get("", summary="Form for the code", dependencies=OPEN)
async def code_form(
    request: Request,
    services: ServicesDep,
    desk: DeskDep,
    secret: StepDep = "",
    after: Annotated[str, Query(alias="verder", max_length=100)] = "",
) -> Response:
    """After the password, for who set up a second step."""
    waiting = await desk.sessions.find(secret, waits=True)
    return _code_page(request, waiting, after) if waiting else login_page(request, services, after, CodeDue())


@router.post("", summary="Log in with a code of the app", status_code=303, responses=RESPONSES, dependencies=OPEN)
async def with_code(
    request: Request,
    services: ServicesDep,
    desk: DeskDep,
    csrf: CsrfField = "",
    secret: StepDep = "",
    code: CodeField = "",
    after: NextField = "",
) -> Response:
    """Each code works once. Five wrong ones, and the login begins with the password again (401)."""
    try:
        waiting = await _counted(request, desk, secret, csrf)
    except (CodeDue, TooManyRequests) as error:
        return login_page(request, services, after, error)
    try:
        await desk.second_steps.check(waiting.staff, code)
    except WrongCode as error:
        log.warning("desk_login_refused", code=error.code)
        return _code_page(request, waiting, after, error)
    await desk.sessions.end(secret)
    return await enter(request, services, desk, waiting.staff, inside(after), "code")


@router.post("/herstel", summary="Log in with a recovery code", status_code=303, responses=RESPONSES, dependencies=OPEN)
async def with_recovery_code(
    request: Request, services: ServicesDep, desk: DeskDep, csrf: CsrfField = "", secret: StepDep = "", code: CodeField = ""
) -> Response:
    """Each works once; afterwards the page says how many are left."""
    try:
        waiting = await _counted(request, desk, secret, csrf)
    except (CodeDue, TooManyRequests) as error:
        return login_page(request, services, DESK, error)
    try:
        await desk.second_steps.recover(waiting.staff, code)
    except WrongCode as error:
        log.warning("desk_login_refused", code=error.code)
        return _code_page(request, waiting, DESK, error, recovery=True)
    await desk.sessions.end(secret)
    return await enter(request, services, desk, waiting.staff, "/balie/mijn-account?gelukt=herstelcode", "recovery")


async def _counted(request: Request, desk: DeskDep, secret: str, csrf: str) -> StaffSession:
    """The login that waits, with this try counted against it, its account and its address.

    Raises:
        CodeDue: there is none (any more), or this try was one too many.
        FormNotTrusted, TooManyRequests
    """
    waiting = await desk.sessions.find(secret, waits=True)
    if waiting is None:
        raise CodeDue
    trusted(waiting, csrf)
    desk.attempts.hit(f"code-address:{client_address(request)}")
    desk.attempts.hit(f"code:{waiting.staff.id}")
    if not await desk.sessions.try_code(waiting.id):
        raise CodeDue
    return waiting


def _code_page(
    request: Request, waiting: StaffSession, after: str, error: ApiError | None = None, *, recovery: bool = False
) -> Response:
    said = (WRONG_RECOVERY if recovery else sentence(error)) if error else None
    values = {"csrf": waiting.csrf, "after": inside(after), "error": said, "recovery": recovery}
    return render(request, "login_code.html", error.status if error else 200, **values)
