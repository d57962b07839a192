"""How the desk answers when something is refused: a Dutch page, or the login page."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute

from api.desk.errors import FormNotValid
from api.desk.pages import render
from api.desk.words import sentence
from api.errors import ApiError, NotFound, NotLoggedIn

LOGIN = "/balie/login"
COMES_BACK = re.compile(r"/balie/(?:gesprek/[0-9]+|kaart/[a-z0-9-]+|signalen)")
Handler = Callable[[Request], Awaitable[Response]]


class DeskRoute(APIRoute):
    """Turns every refusal into a page for people. Who is not logged in goes to the login and comes back after it."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        handle: Handler = super().get_route_handler()

        async def handle_for_people(request: Request) -> Response:
            try:
                return await handle(request)
            except NotLoggedIn as error:
                return _to_login(request, error)
            except ApiError as error:
                return _problem(request, error)
            except RequestValidationError as error:
                in_path = any(problem["loc"][0] == "path" for problem in error.errors())
                return _problem(request, NotFound() if in_path else FormNotValid())

        return handle_for_people


def _to_login(request: Request, error: NotLoggedIn) -> Response:
    if request.url.path.endswith("/events"):
        # A stream cannot follow to a page; its script stops and says so.
        return Response(status_code=error.status)
    path = COMES_BACK.match(request.url.path)
    return RedirectResponse(f"{LOGIN}?verder={quote(path[0])}" if path else LOGIN, 303)


def _problem(request: Request, error: ApiError) -> Response:
    return render(request, "problem.html", status=error.status, message=sentence(error))
