"""Security headers on every response."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def policy(framed_by: Iterable[str] = ()) -> str:
    """What a page may load, and which sites may show it in a frame; none, unless they are named."""
    ancestors = " ".join(framed_by) or "'none'"
    return (
        f"default-src 'self'; img-src 'self' data:; frame-ancestors {ancestors}; "
        "base-uri 'none'; form-action 'self'; object-src 'none'"
    )


POLICY = policy()
FOR_EVER = "public, max-age=31536000, immutable"
"""For files whose address changes when they do."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class SecurityHeaders:
    """Adds the headers; pages with a conversation are never kept by a browser or proxy."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("Cache-Control", "no-store")
                elif b"v=" in scope["query_string"]:
                    headers.setdefault("Cache-Control", FOR_EVER)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)
