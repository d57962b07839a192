"""The handbook of the kaart as a page of the desk: the file that volunteers read, put into the desk's frame."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from api.desk.access import OWN, StaffDep
from api.desk.pages import frame, render
from api.desk.route import DeskRoute
from api.settings import ROOT

HANDBOOK = ROOT / "sociale_kaart" / "HANDLEIDING.md"
router = APIRouter(prefix="/handleiding", route_class=DeskRoute, default_response_class=HTMLResponse)


@dataclass(frozen=True)
class Handbook:
    """A page of text: its title, its chapters as (anchor, title), and everything below the title as HTML."""

    title: str
    chapters: tuple[tuple[str, str], ...]
    body: Markup


@router.get("", summary="The handbook of the kaart", dependencies=OWN)
async def handbook(request: Request, staff: StaffDep) -> Response:
    """How to add, translate, review, publish and end what newcomers read."""
    return render(request, "handbook.html", handbook=read_handbook(HANDBOOK), **frame(staff, "handbook"))


@cache
def read_handbook(path: Path) -> Handbook:
    """The Markdown file at `path`, which begins with its title. HTML in it is shown as text."""
    reader = MarkdownIt("commonmark", {"html": False})
    (_, title, _), rest = (tokens := reader.parse(path.read_text(encoding="utf-8")))[:3], tokens[3:]
    chapters = tuple(_anchored(rest))
    return Handbook(title.content, chapters, Markup(reader.renderer.render(rest, reader.options, {})))


def _anchored(tokens: Sequence[Token]) -> list[tuple[str, str]]:
    """Give every chapter an anchor to link to; the anchors with the titles."""
    found = []
    for opening, inside in pairwise(tokens):
        if opening.type == "heading_open" and opening.tag == "h2":
            anchor = re.sub(r"[^a-z0-9]+", "-", inside.content.lower()).strip("-")
            opening.attrSet("id", anchor)
            found.append((anchor, inside.content))
    return found
