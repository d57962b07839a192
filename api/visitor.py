"""What a request tells about who sends it: the cookie's conversation, the language, the address, the site it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from fastapi import Request
from starlette.requests import HTTPConnection

from api.addresses import base_of, framed, town_of
from api.conversation.model import Conversation
from api.conversation.turn import DEFAULT_LANGUAGE
from api.errors import NotAllowed
from api.services import Services
from knowledge.languages import offered_codes

MAX_NUMBER = 2**31 - 1
"""Of a conversation, a message, an account: what a column holds, also in PostgreSQL."""
COOKIE = "chat"
"""Name of the cookie of the town at `/`; others add their own name."""


def wants_json(request: HTTPConnection) -> bool:
    """Whether an error goes to a program; browsers ask for HTML by name."""
    accept = request.headers.get("accept", "")
    return "application/json" in accept or "text/html" not in accept


async def conversation_of(request: Request, services: Services) -> Conversation | None:
    """The conversation behind the cookie, or None."""
    secret = request.cookies.get(cookie_name(request))
    found = await services.store.find(secret) if secret else None
    return found if found and services.towns.of(found.town) is town_of(request) else None


def cookie_name(request: HTTPConnection) -> str:
    """The cookie of this town: somebody may talk with two towns."""
    return COOKIE + base_of(request).replace("/", "-")


def asked_language(request: HTTPConnection, named: str | None = None) -> str | None:
    """The language in `?lang=`, else the best offered one in Accept-Language; None when neither tells."""
    codes = offered_codes()
    wished = (named or request.query_params.get("lang"), *_accepted(request.headers.get("accept-language", "")))
    return next((code for code in wished if code in codes), None)


def page_language(request: HTTPConnection, conversation: Conversation | None, named: str | None = None) -> str:
    """The language of a page: what the conversation is in, else what the visitor asks for, else Dutch."""
    spoken = conversation.language if conversation else None
    return spoken or asked_language(request, named) or DEFAULT_LANGUAGE


def client_address(request: Request) -> str:
    """Where the request comes from, only to count it."""
    return request.client.host if request.client else "unknown"


def last_seen(header: str, otherwise: int) -> int:
    """The id in `Last-Event-ID`, which a browser sends back as it got it; `otherwise` when it is no id."""
    return int(header) if header.isdecimal() and len(header) < len(str(MAX_NUMBER)) else otherwise


def check_same_site(request: Request, services: Services) -> None:
    """NotAllowed when a form of another site sent this; a request without `Origin` is no browser's form.

    In a frame the cookie comes along from every site, so that there `Origin` must be told.
    """
    origin = request.headers.get("origin", "" if framed(request) else None)
    ours = {request.headers.get("host", ""), urlsplit(services.settings.address).netloc}
    if origin is not None and urlsplit(origin).netloc not in ours:
        raise NotAllowed


def _accepted(header: str) -> Iterator[str]:
    """Primary language codes of an Accept-Language header, most wanted first; what cannot be read is left out."""
    wanted: list[tuple[float, str]] = []
    for part in header.split(",")[:20]:
        tag, _, parameters = part.strip().partition(";")
        try:
            quality = float(parameters.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if quality > 0:
            wanted.append((-quality, tag.partition("-")[0].lower()))
    yield from (code for _, code in sorted(wanted, key=lambda item: item[0]))
