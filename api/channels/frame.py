"""The chat inside another site: the same pages below `/frame`, which only the sites that the kaart names may show."""

from __future__ import annotations

import re
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.addresses import FRAME, base_of, town_of
from api.headers import policy

PAGES: Final = re.compile(r"(/|/chat(/.*)?|/privacy)?")
"""What exists below `/frame`: the conversation and nothing else; not the desk, and not the pages that anybody may link to."""


class Frame:
    """Takes `/frame` off the front of the path, after the town's name, and lets the town's own sites show the page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        rest = _inside(scope)
        if rest is None:
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        root = base_of(request) + FRAME
        headers = {"Content-Security-Policy": policy(town_of(request).kaart.municipality.embed_origins)}

        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(headers)
            await send(message)

        await self._app({**scope, "path": root + (rest or "/"), "root_path": root, "framed": True}, receive, send_with_policy)


def _inside(scope: Scope) -> str | None:
    """What stands after `/frame` in the path, when that is a page of the chat."""
    if scope["type"] != "http":
        return None
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    rest = path.removeprefix(FRAME)
    return rest if path.startswith(FRAME) and PAGES.fullmatch(rest) else None
