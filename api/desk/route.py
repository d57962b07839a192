"""How the desk answers when something is refused: a Dutch page, or the login page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, cast
from urllib.parse import quote

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute

from api.desk.audit.deeds import Deed, Kind
from api.desk.desk import Desk
from api.desk.errors import FormNotValid, SecondStepDue
from api.desk.pages import frame, render
from api.desk.places import DESK, way_back
from api.desk.roles import home
from api.desk.sessions import StaffSession
from api.desk.words import sentence
from api.errors import ApiError, NotAllowed, NotFound, NotLoggedIn

LOGIN = "/balie/login"
SET_UP = "/balie/tweede-stap"
Handler = Callable[[Request], Awaitable[Response]]


class DeskRoute(APIRoute):
    """Turns every refusal into a page for people, and writes down what was done.

    Who is not logged in goes to the login and comes back after it.
    """

    def get_route_handler(self) -> Callable[[Request], Any]:
        handle: Handler = super().get_route_handler()

        async def handle_for_people(request: Request) -> Response:
            try:
                response = await handle(request)
                await _write_down(request, response)
                return response
            except NotLoggedIn as error:
                return _to_login(request, error)
            except SecondStepDue as error:
                return _elsewhere(request, error, SET_UP)
            except NotAllowed as error:
                return _not_allowed(request, error)
            except ApiError as error:
                return _problem(request, error)
            except RequestValidationError as error:
                in_path = any(problem["loc"][0] == "path" for problem in error.errors())
                return _problem(request, NotFound() if in_path else FormNotValid())

        return handle_for_people


def note(request: Request, thing: str) -> None:
    """Say in the audit log what a step was about, when the address does not."""
    request.state.thing = thing


async def _write_down(request: Request, response: Response) -> None:
    """What the route says it records, when it was done."""
    kind: Kind | None = getattr(request.state, "records", None)
    if kind is None or response.status_code != 303:
        return
    parts = request.path_params
    staff = cast(StaffSession, request.state.staff).staff
    conversation = int(parts["id"]) if "/gesprek/" in request.url.path else None
    thing = getattr(request.state, "thing", parts.get("entry_id"))
    deed = Deed(kind, staff.town, staff.id, conversation=conversation, thing=thing, detail=parts.get("language"))
    await cast(Desk, request.app.state.desk).audit.add(deed)


def _to_login(request: Request, error: NotLoggedIn) -> Response:
    back = way_back(request.url.path)
    return _elsewhere(request, error, f"{LOGIN}?verder={quote(back)}" if back else LOGIN)


def _not_allowed(request: Request, error: NotAllowed) -> Response:
    """The desk's front door leads everybody to where they work; any other page that is not theirs says so."""
    staff: StaffSession | None = getattr(request.state, "staff", None)
    if staff and request.url.path == DESK and request.method == "GET":
        return RedirectResponse(home(staff.staff.roles), 303)
    return _problem(request, error)


def _elsewhere(request: Request, error: ApiError, target: str) -> Response:
    if request.url.path.endswith("/events"):
        # A stream cannot follow to a page; its script stops and says so.
        return Response(status_code=error.status)
    return RedirectResponse(target, 303)


def _problem(request: Request, error: ApiError) -> Response:
    session: StaffSession | None = getattr(request.state, "staff", None)
    around = frame(session, "") if session else {}
    return render(request, "problem.html", status=error.status, message=sentence(error), **around)
