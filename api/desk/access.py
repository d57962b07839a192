"""Who may do what at the desk: the login, the hidden field of every form, and the one way to a conversation."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Cookie, Depends, Form, Path, Query, Request
from fastapi.responses import Response

from api.conversation.model import Conversation
from api.deps import ServicesDep, made_once
from api.desk.audit.deeds import Deed, Kind
from api.desk.desk import Desk, build_desk
from api.desk.errors import FormNotTrusted, SecondStepDue
from api.desk.roles import Permission
from api.desk.sessions import StaffSession
from api.errors import NotAllowed, NotFound, NotLoggedIn
from api.settings import Settings
from api.visitor import MAX_NUMBER

SESSION_COOKIE = "desk"
STEP_COOKIE = "desk_step"
"""Holds a login that waits for the second step."""
FORM_COOKIE = "desk_form"
COOKIE_PATH = "/balie"


async def desk(request: Request) -> Desk:
    """The application's desk."""
    return made_once(request, "desk", build_desk)


DeskDep = Annotated[Desk, Depends(desk)]
SecretDep = Annotated[str, Cookie(alias=SESSION_COOKIE, include_in_schema=False)]
CsrfField = Annotated[str, Form(description="Value of the hidden field in the form.")]
PasswordField = Annotated[str, Form(max_length=1000)]
DoneQuery = Annotated[str, Query(alias="gelukt", max_length=20, description="What was done just now; shown as a sentence.")]


async def entered(request: Request, services: ServicesDep, desk: DeskDep, secret: SecretDep = "") -> StaffSession:
    """The login behind the cookie, also when its second step is still to be set up. NotLoggedIn when there is none (any more)."""
    session = await desk.sessions.find(secret) if secret else None
    if session is None or session.staff.town not in services.towns:
        # A town that is not served any more must not become the first one.
        raise NotLoggedIn
    request.state.staff = session
    await desk.sessions.seen(session)
    return session


EnteredDep = Annotated[StaffSession, Depends(entered)]


async def logged_in(staff: EnteredDep) -> StaffSession:
    """The login behind the cookie. NotLoggedIn as above; SecondStepDue when a second step must be set up before anything else."""
    if staff.step_due:
        raise SecondStepDue
    return staff


StaffDep = Annotated[StaffSession, Depends(logged_in)]


async def acting(staff: StaffDep, csrf: CsrfField = "") -> StaffSession:
    """The login behind a form that our own page showed. FormNotTrusted when another site sent it."""
    return trusted(staff, csrf)


async def entered_acting(staff: EnteredDep, csrf: CsrfField = "") -> StaffSession:
    """As `acting`, also when the second step is still to be set up."""
    return trusted(staff, csrf)


def trusted(staff: StaffSession, csrf: str) -> StaffSession:
    """The login, if `csrf` is the value of its forms. FormNotTrusted otherwise."""
    if not secrets.compare_digest(csrf.encode(), staff.csrf.encode()):
        raise FormNotTrusted
    return staff


EnteredActingDep = Annotated[StaffSession, Depends(entered_acting)]
ActingDep = Annotated[StaffSession, Depends(acting)]


async def own_form(csrf: CsrfField = "", cookie: Annotated[str, Cookie(alias=FORM_COOKIE, include_in_schema=False)] = "") -> None:
    """Before login there is no session to hold the value: cookie and hidden field must agree. FormNotTrusted if not."""
    if not cookie or not secrets.compare_digest(csrf.encode(), cookie.encode()):
        raise FormNotTrusted


async def open_to_all() -> None:
    """Stated by the few routes that nobody needs a login for."""


@dataclass(frozen=True)
class Needs:
    """Stated by every other route: the permission that it asks for."""

    permission: Permission

    async def check(self, staff: StaffDep) -> None:
        """NotAllowed when none of the worker's roles permits it."""
        if not staff.staff.may(self.permission):
            raise NotAllowed


@dataclass(frozen=True)
class Records:
    """Stated by a route that changes something: what the audit log says when it did (the answer leads on to a page, 303)."""

    kind: Kind

    async def check(self, request: Request) -> None:
        """Leave word for `DeskRoute`, which knows how it ended."""
        request.state.records = self.kind


def needs(permission: Permission) -> Any:
    """For the `dependencies` of a route or a router."""
    return Depends(Needs(permission).check)


def records(kind: Kind) -> Any:
    """For the `dependencies` of a route."""
    return Depends(Records(kind).check)


TALK = [needs(Permission.CONVERSATIONS)]
OWN = [needs(Permission.OWN)]
OPEN = [Depends(open_to_all)]
ENTERED = [Depends(entered)]
"""What a worker may do who still has to set up the second step: that, and leave."""


def talk(kind: Kind) -> list[Any]:
    """A step in a conversation, and what the audit log says of it."""
    return [*TALK, records(kind)]


async def access_conversation(
    request: Request, id: Annotated[int, Path(ge=1, le=MAX_NUMBER)], staff: StaffDep, services: ServicesDep, desk: DeskDep
) -> Conversation:
    """The only way from a request to a conversation. What was never put in the queue, or is another town's: NotFound.

    Written down before anything is shown: every page; a part of it, a stream or a step only when it was not opened just before.
    """
    if not staff.staff.may(Permission.CONVERSATIONS):
        raise NotAllowed
    conversation = await services.store.get(id)
    if conversation.town != staff.staff.town or not await desk.history.is_for_desk(conversation):
        raise NotFound
    page = request.method == "GET" and request.url.path.endswith(f"/gesprek/{id}")
    write: Callable[[Deed], Awaitable[object]] = desk.audit.add if page else desk.audit.looked
    await write(Deed(Kind.READ, staff.staff.town, staff.staff.id, conversation=conversation.id))
    return conversation


ConversationDep = Annotated[Conversation, Depends(access_conversation)]


def set_cookie(response: Response, settings: Settings, name: str, value: str, seconds: int) -> None:
    """A cookie that only the desk's pages get, and no script."""
    response.set_cookie(
        name, value, max_age=seconds, path=COOKIE_PATH, httponly=True, samesite="strict", secure=settings.secure_cookies
    )
