"""Who may do what at the desk: the login, the hidden field of every form, and the one way to a conversation."""

from __future__ import annotations

import secrets
from typing import Annotated, cast

import structlog
from fastapi import Cookie, Depends, Form, Path, Request
from fastapi.responses import Response

from api.conversation.model import Conversation
from api.deps import ServicesDep
from api.desk.desk import Desk, build_desk
from api.desk.errors import FormNotTrusted
from api.desk.sessions import StaffSession
from api.errors import NotFound, NotLoggedIn
from api.settings import Settings

log = structlog.get_logger(__name__)
SESSION_COOKIE = "desk"
FORM_COOKIE = "desk_form"
COOKIE_PATH = "/balie"
MAX_ID = 2**63 - 1


def desk(request: Request, services: ServicesDep) -> Desk:
    """The application's desk, made at its first request."""
    state = request.app.state
    if not hasattr(state, "desk"):
        state.desk = build_desk(services)
    return cast(Desk, state.desk)


DeskDep = Annotated[Desk, Depends(desk)]
SecretDep = Annotated[str, Cookie(alias=SESSION_COOKIE, include_in_schema=False)]
CsrfField = Annotated[str, Form(description="Value of the hidden field in the form.")]


async def logged_in(desk: DeskDep, secret: SecretDep = "") -> StaffSession:
    """The login behind the cookie. NotLoggedIn when there is none, or when it expired."""
    session = await desk.sessions.find(secret) if secret else None
    if session is None:
        raise NotLoggedIn
    return session


StaffDep = Annotated[StaffSession, Depends(logged_in)]


async def acting(staff: StaffDep, csrf: CsrfField = "") -> StaffSession:
    """The login behind a form that our own page showed. FormNotTrusted when another site sent it."""
    if not secrets.compare_digest(csrf.encode(), staff.csrf.encode()):
        raise FormNotTrusted
    return staff


ActingDep = Annotated[StaffSession, Depends(acting)]


async def own_form(csrf: CsrfField = "", cookie: Annotated[str, Cookie(alias=FORM_COOKIE, include_in_schema=False)] = "") -> None:
    """Before login there is no session to hold the value: cookie and hidden field must agree. FormNotTrusted if not."""
    if not cookie or not secrets.compare_digest(csrf.encode(), cookie.encode()):
        raise FormNotTrusted


async def access_conversation(
    id: Annotated[int, Path(ge=1, le=MAX_ID)], staff: StaffDep, services: ServicesDep, desk: DeskDep
) -> Conversation:
    """The only way from a request to a conversation. What was never put in the queue, or is another town's: NotFound."""
    conversation = await services.store.get(id)
    own = services.towns.of(conversation.town) is services.towns.of(staff.staff.town)
    if not own or not await desk.history.is_for_desk(conversation):
        raise NotFound
    log.info("desk_access", staff=staff.staff.id, conversation=id)
    return conversation


ConversationDep = Annotated[Conversation, Depends(access_conversation)]


def set_cookie(response: Response, settings: Settings, name: str, value: str, seconds: int) -> None:
    """A cookie that only the desk's pages get, and no script."""
    response.set_cookie(
        name, value, max_age=seconds, path=COOKIE_PATH, httponly=True, samesite="strict", secure=settings.secure_cookies
    )
