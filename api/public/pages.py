"""Public pages as responses: their own address, their other languages, five minutes in a cache, small on the way."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from api.addresses import town_of
from api.pages import render
from api.services import Services
from api.towns import Town
from knowledge.languages import Language, offered

CACHE: Final = "public, max-age=300"
ROBOTS_MAY: Final = "index, follow"
ROBOTS_MAY_NOT: Final = "noindex"


def languages(town: Town) -> list[Language]:
    """The languages that every entry of this town has a page in."""
    return [known for known in offered() if known.code in town.kaart.municipality.languages]


def address(services: Services, town: Town, *parts: str) -> str:
    """The one address of a page, wherever it was asked: the town's name always stands in it."""
    return "/".join((services.settings.address, town.id, *filter(None, parts)))


def page(request: Request, services: Services, name: str, language: str, path: str = "", **context: Any) -> Response:
    """The page from template `name`; `path` is what stands after the language in its address. It may be kept for a while."""
    town = town_of(request)
    response = render(
        request,
        name,
        language,
        languages=languages(town),
        path=path,
        robots=ROBOTS_MAY,
        canonical=address(services, town, language, path),
        alternates=[(known.code, address(services, town, known.code, path)) for known in languages(town)],
        **context,
    )
    return kept(request, bytes(response.body), "text/html; charset=utf-8")


def passing_page(request: Request, name: str, language: str, status: int = 200, **context: Any) -> Response:
    """A page that nobody keeps or indexes: it shows what somebody typed, or that something is not there."""
    known = languages(town_of(request))
    return render(request, name, language, status, languages=known, path="", robots=ROBOTS_MAY_NOT, **context)


def kept(request: Request, body: bytes, media_type: str) -> Response:
    """`body` with an ETag, compressed where the client can read that; 304 without a body for who has it already."""
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'
    headers = {"Cache-Control": CACHE, "ETag": tag, "Vary": "Accept-Encoding"}
    if tag in (known.strip() for known in request.headers.get("if-none-match", "").split(",")):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = gzip.compress(body, mtime=0)
    return Response(body, headers=headers, media_type=media_type)


def json_ld(data: Mapping[str, Any]) -> Markup:
    """`data` for between script tags: what could end the tag is escaped, letters of every script stay letters."""
    return htmlsafe_json_dumps(data, dumps=partial(json.dumps, ensure_ascii=False))
