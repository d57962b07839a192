"""Which town an address is about: `/vught/...` by its first part, else the host name, else the first town."""

from __future__ import annotations

from typing import cast

from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.services import Services
from api.towns import Town


class TownAddress:
    """Takes the town's name off the front of the path, so that every route serves every town."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            services = cast(Services, scope["app"].state.services)
            name = scope["path"].partition("/")[2].partition("/")[0]
            if name in services.towns:
                path = scope["path"] if scope["path"] != f"/{name}" else f"/{name}/"
                scope = {**scope, "town": name, "path": path, "root_path": f"{scope.get('root_path', '')}/{name}"}
            else:
                scope = {**scope, "town": services.towns.at(Request(scope).url.hostname or "").id}
        await self._app(scope, receive, send)


def town_of(request: HTTPConnection) -> Town:
    """The town that this request is about."""
    services = cast(Services, request.app.state.services)
    return services.towns.of(request.scope.get("town"))


FRAME = "/frame"
"""What stands after the town in addresses of the chat inside another site."""


def framed(request: HTTPConnection) -> bool:
    """Whether the page stands in a frame of another site."""
    return bool(request.scope.get("framed"))


def site_of(request: HTTPConnection) -> str:
    """What stands before every address of this town outside a frame."""
    return base_of(request).removesuffix(FRAME) if framed(request) else base_of(request)


def base_of(request: HTTPConnection) -> str:
    """What stands before every address of this town: `/vught`, or nothing for the town at `/`; in a frame `/frame` after it."""
    return str(request.scope.get("root_path", ""))
