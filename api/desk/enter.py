"""What the ways into the desk share: their forms, where they lead to, and the login that begins."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Annotated

import structlog
from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from api.desk.access import COOKIE_PATH, FORM_COOKIE, SESSION_COOKIE, STEP_COOKIE, set_cookie
from api.desk.accounts import Staff
from api.desk.audit.deeds import Deed, Kind
from api.desk.desk import Desk
from api.desk.devices import device
from api.desk.pages import render
from api.desk.places import DESK, inside
from api.desk.roles import home
from api.desk.words import DONE, sentence
from api.errors import ApiError
from api.services import Services

log = structlog.get_logger(__name__)
FORM_SECONDS = 3600
NextField = Annotated[str, Form(max_length=100, description="Page to go to; anything outside the desk is ignored.")]


def form_page(
    request: Request, services: Services, template: str, error: ApiError | None, values: Mapping[str, object]
) -> Response:
    """A form that proves it is ours by a value that both the cookie and the page hold."""
    csrf = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(32)
    response = render(request, template, status=error.status if error else 200, csrf=csrf, **values)
    set_cookie(response, services.settings, FORM_COOKIE, csrf, FORM_SECONDS)
    return response


def login_page(
    request: Request, services: Services, after: str, error: ApiError | None = None, login: str = "", done: str = ""
) -> Response:
    """The form for login and password."""
    values = {"error": sentence(error) if error else None, "login": login, "after": inside(after), "done": DONE.get(done)}
    return form_page(request, services, "login.html", error, values)


async def enter(request: Request, services: Services, desk: Desk, staff: Staff, target: str, how: str = "") -> Response:
    """Begin a login with a secret of its own, end the one before in this browser, and go to `target`."""
    await desk.sessions.end(request.cookies.get(SESSION_COOKIE, ""))
    secret = await desk.sessions.start(staff, device(request.headers.get("user-agent", "")))
    log.info("desk_login", staff=staff.id)
    await desk.audit.add(Deed(Kind.LOGIN, staff.town, staff.id, detail=how or None))
    response = RedirectResponse(home(staff.roles) if target == DESK else target, 303)
    set_cookie(response, services.settings, SESSION_COOKIE, secret, services.settings.session_hours * 3600)
    for cookie in (FORM_COOKIE, STEP_COOKIE):
        response.delete_cookie(cookie, path=COOKIE_PATH)
    return response
