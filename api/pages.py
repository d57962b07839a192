"""Server-rendered pages: one template environment, escaped, with what every template may use."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from api.addresses import base_of, framed, site_of, town_of
from api.answers.moments import clock, date_in_words
from api.conversation.model import Message, Speaker
from api.i18n.catalogue import Catalogue
from api.markup import cited, isolated
from api.theming import theme_address, theme_colour
from api.towns import Town
from knowledge.languages import LANGUAGES, offered
from sociale_kaart.hours import AMSTERDAM

HERE = Path(__file__).parent
ORIGIN_BYTES = 16


def new_origin() -> str:
    """A form's own id: posting that form twice is one message."""
    return secrets.token_urlsafe(ORIGIN_BYTES)


@cache
def asset(name: str) -> str:
    """Address of a file in `static/`, with a mark that changes when the file does."""
    digest = hashlib.sha256((HERE / "static" / name).read_bytes()).hexdigest()
    return f"/static/{name}?v={digest[:10]}"


def direction(language: str | None) -> str:
    """`ltr`, `rtl`, or `auto` when the language is not known."""
    known = LANGUAGES.get(language or "")
    return known.direction if known else "auto"


def local_moment(catalogue: Catalogue, language: str, at: dt.datetime) -> str:
    """The local time, with the date before it when that is not today."""
    day = at.astimezone(AMSTERDAM).date()
    today = dt.datetime.now(AMSTERDAM).date()
    return clock(at) if day == today else f"{date_in_words(catalogue, language, day)}, {clock(at)}"


templates = Jinja2Templates(directory=HERE / "templates")
templates.env.trim_blocks = templates.env.lstrip_blocks = True
templates.env.globals |= {
    "asset": asset,
    "direction": direction,
    "new_origin": new_origin,
    "offered": offered,
    "own_name": lambda code: LANGUAGES[code].own_name,
    "own_names": {known.own_name: known.code for known in offered()},
}
templates.env.filters["isolated"], templates.env.filters["cited"] = isolated, cited


def page_context(town: Town, language: str) -> dict[str, Any]:
    """What every page in `language` has: `lang`, the catalogue as `t(key, ...)`, and `moment(at)`."""
    place = town.kaart.municipality
    names = {"municipality": place.name, "desk": place.desk.name_in(language)}
    text = partial(town.catalogue.text, language)
    return {
        "lang": language,
        "t": lambda key, **values: text(key, **(names | values)),
        "say": town.catalogue.text,
        "moment": partial(local_moment, town.catalogue, language),
        "recorded": partial(_recorded, town),
        **names,
    }


def _recorded(town: Town, entry_id: str, language: str) -> bool:
    """Whether the kaart names a recording of this entry."""
    entry = town.kaart.find(entry_id)
    return entry is not None and language in entry.audio


def _address(request: Request) -> dict[str, Any]:
    """What stands before links: `base` on the way of the request, `site` outside a frame; and what the town looks like."""
    return {
        "base": base_of(request),
        "site": site_of(request),
        "framed": framed(request),
        "theme_address": theme_address(request),
        "theme_colour": theme_colour(request),
    }


def render(request: Request, name: str, language: str, status: int = 200, **context: Any) -> HTMLResponse:
    """The page made from template `name`, in `language`."""
    values = page_context(town_of(request), language) | _address(request) | context
    return templates.TemplateResponse(request, name, values, status_code=status)


def render_message(request: Request, language: str, message: Message) -> str:
    """One message as HTML, for a page in `language`."""
    return templates.get_template("parts/message.html").render(
        page_context(town_of(request), language), message=message, **_address(request)
    )


def choices(messages: Iterable[Message]) -> Mapping[int, str]:
    """Per message with buttons, the title of the button that was tapped: what the person said next, if it is one of them."""
    chosen: dict[int, str] = {}
    waiting: list[Message] = []
    for message in messages:
        if message.speaker is not Speaker.PERSON:
            waiting += [message] if message.reply and message.reply.options else []
            continue
        chosen |= {
            asked.id: message.text
            for asked in waiting
            if asked.reply and message.text in {button.title for button in asked.reply.options}
        }
        waiting = []
    return chosen
