"""What makes the chat a page that can be installed, that opens without internet, and that another site can show."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from api.addresses import base_of, site_of, town_of
from api.deps import ServicesDep
from api.pages import HERE, asset, direction, page_context, render
from api.theming import style_sheet, theme_address, theme_colour
from api.towns import Town
from knowledge.languages import offered_codes
from sociale_kaart.schema import Entry, Kind

SCRIPT: Final = "text/javascript; charset=utf-8"
A_WHILE: Final = {"Cache-Control": "public, max-age=300"}
SHELL: Final = ("style.css", "chat.css", "icons.svg", "icon.svg", "chat.js", "page.js")
"""What every page of the chat is made of; fonts are kept when a page first asks for them."""
PAGE_COLOUR: Final = "#f4f6f5"
ICONS: Final = (
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-maskable.png", "512x512", "maskable"),
)

router = APIRouter()


@dataclass(frozen=True)
class Place:
    """Where people help: its name, and what is known of it."""

    name: str
    addresses: tuple[str, ...]
    phones: tuple[str, ...]


@router.get("/chat/manifest/{lang}.webmanifest", summary="The chat as an app", response_class=JSONResponse)
def manifest(request: Request, lang: str) -> Response:
    """A manifest in one language; Dutch when it is not offered."""
    lang = lang if lang in offered_codes() else "nl"
    say, base = page_context(town_of(request), lang)["t"], base_of(request)
    return JSONResponse(
        {
            "id": f"{base}/",
            "name": f"{say('ui.title')} – {town_of(request).kaart.municipality.name}",
            "short_name": say("chat.short_name"),
            "lang": lang,
            "dir": direction(lang),
            "start_url": f"{base}/?lang={lang}",
            "scope": f"{base}/",
            "display": "standalone",
            "theme_color": theme_colour(request),
            "background_color": PAGE_COLOUR,
            "icons": [{"src": asset(name), "sizes": size, "type": "image/png", "purpose": use} for name, size, use in ICONS],
        },
        media_type="application/manifest+json",
    )


@router.get("/chat/offline/{lang}", response_class=HTMLResponse, summary="What is shown without internet")
def offline(request: Request, lang: str) -> Response:
    """Emergency numbers and the desk, as far as the kaart knows them. It reads no cookie: browsers keep this page."""
    lang = lang if lang in offered_codes() else "nl"
    return render(request, "offline.html", lang, **_help(town_of(request), lang))


@router.get("/sw.js", summary="The worker that answers without internet", response_class=Response)
def worker(request: Request, services: ServicesDep) -> Response:
    """What to keep, under a name that changes with it, and then the worker itself."""
    base = base_of(request)
    others = [f"/{town.id}/" for town in services.towns if base != f"/{town.id}"]
    pages = {code: f"{base}/chat/offline/{code}" for code in offered_codes()}
    assets = [*map(asset, SHELL), *filter(None, [theme_address(request)])]
    kept = {"base": base, "pages": pages, "assets": assets, "others": [*others, f"{base}/balie"]}
    shown = [offline(request, code).body for code in offered_codes()]
    version = hashlib.sha256(json.dumps(kept).encode() + b"".join(map(bytes, shown))).hexdigest()[:12]
    config = json.dumps(kept | {"version": version})
    script = f"self.KAART = {config};\nimportScripts({json.dumps(asset('worker.js'))});\n"
    return Response(script, media_type=SCRIPT, headers=A_WHILE)


@router.get("/theme.css", summary="The colours of a municipality", response_class=Response)
def theme(request: Request) -> Response:
    """Design tokens in the names of NL Design System; an empty sheet without a theme of its own."""
    return Response(style_sheet(town_of(request).kaart.municipality.theme), media_type="text/css; charset=utf-8")


@router.get("/embed.js", summary="One script tag that puts the chat on another site", response_class=Response)
def embed(request: Request) -> Response:
    """A button that opens the chat in a frame; README.md of the api tells its attributes."""
    town = town_of(request)
    words = {
        code: {name: town.catalogue.text(code, key) for name, key in (("open", "ui.heading"), ("close", "embed.close"))}
        | {"title": page_context(town, code)["t"]("ui.title"), "dir": direction(code)}
        for code in offered_codes()
    }
    theme = town.kaart.municipality.theme
    look = {"primary": theme_colour(request), "onPrimary": theme.on_primary if theme else "#ffffff"}
    config = json.dumps({"words": words, "look": look, "base": site_of(request)})
    script = (HERE / "static/embed.js").read_text(encoding="utf-8")
    return Response(
        f"(function () {{\n'use strict';\nconst KAART = {config};\n{script}}}());\n",
        media_type=SCRIPT,
        headers=A_WHILE | {"Cross-Origin-Resource-Policy": "cross-origin"},
    )


def _help(town: Town, lang: str) -> dict[str, Any]:
    """Emergency entries with a telephone number, and the desk."""
    urgent = [entry for entry in town.kaart if entry.kind is Kind.EMERGENCY and entry.contact.phones]
    desk = town.kaart.municipality.desk
    entry = town.kaart.find(desk.entry)
    return {
        "urgent": [_place(entry, entry.text(lang).name) for entry in urgent],
        "place": _place(entry, desk.name_in(lang)) if entry else Place(desk.name_in(lang), (), ()),
    }


def _place(entry: Entry, name: str) -> Place:
    places = ((place.name, place.address_1, " ".join(filter(None, (place.postal_code, place.city)))) for place in entry.locations)
    return Place(name, tuple(", ".join(filter(None, place)) for place in places), entry.contact.phones)
