"""The one cookie of the chat: a random secret, functional only. No script can read it."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from api.addresses import framed
from api.settings import Settings
from api.visitor import cookie_name

DAY_SECONDS = 24 * 3600


def give(request: Request, response: Response, settings: Settings, secret: str) -> None:
    """Let the browser send `secret` with every request, as long as the conversation is kept."""
    _set(request, response, settings, secret, settings.retention_days * DAY_SECONDS)


def take(request: Request, response: Response, settings: Settings) -> None:
    """Remove the cookie of a conversation that is gone."""
    _set(request, response, settings, "", 0)


def _set(request: Request, response: Response, settings: Settings, secret: str, seconds: int) -> None:
    """In a frame of another site browsers send it only with `None`, over HTTPS and kept apart for that site (`Partitioned`)."""
    elsewhere = framed(request) and settings.secure_cookies
    response.set_cookie(
        cookie_name(request),
        secret,
        seconds,
        httponly=True,
        samesite="none" if elsewhere else "lax",
        secure=settings.secure_cookies,
    )
    if elsewhere:
        # Python's cookies know this word from 3.14 on.
        name, value = response.raw_headers.pop()
        response.raw_headers.append((name, value + b"; Partitioned"))
