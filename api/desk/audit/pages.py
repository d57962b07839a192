"""The audit log as a page and as CSV: everything of the town for who may read it, one's own lines for everybody else."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.desk.access import DeskDep, StaffDep, needs
from api.desk.account_words import KINDS
from api.desk.audit.deeds import Deed, Kind
from api.desk.audit.reading import ALL, PAGE, Line, Wanted
from api.desk.audit.words import actor_in_words, detail_in_words, kind_in_words
from api.desk.errors import FormNotValid
from api.desk.frame import page
from api.desk.roles import Permission
from api.desk.route import DeskRoute
from api.desk.sessions import StaffSession
from api.visitor import MAX_NUMBER
from sociale_kaart.hours import AMSTERDAM
from sociale_kaart.table import BOM, guard

router = APIRouter(
    prefix="/logboek", route_class=DeskRoute, default_response_class=HTMLResponse, dependencies=[needs(Permission.OWN)]
)
COLUMNS = ("nummer", "moment", "wie", "wat", "code", "bij wie", "gesprek", "onderwerp", "bijzonderheid", "hash")

PersonQuery = Annotated[str, Query(alias="wie", max_length=9, pattern="^[0-9]*$", description="Number of an account.")]
KindQuery = Annotated[str, Query(alias="wat", max_length=30, description="Code of what was done.")]
DayQuery = Annotated[str, Query(alias="dag", max_length=10, description="A day, as 2026-11-23.")]


@router.get("", summary="The audit log")
async def log(
    request: Request,
    staff: StaffDep,
    desk: DeskDep,
    person: PersonQuery = "",
    kind: KindQuery = "",
    day: DayQuery = "",
    before: Annotated[int, Query(alias="voor", ge=0, le=MAX_NUMBER, description="Only lines with a lower number.")] = 0,
) -> Response:
    """The newest first, fifty a page."""
    whole = staff.staff.may(Permission.AUDIT)
    wanted = _wanted(staff, person, kind, day)
    lines = await desk.reading.lines(staff.staff.town, wanted, before or None, PAGE + 1)
    chosen = {"wie": person, "wat": kind, "dag": day}
    filters = urlencode({name: value for name, value in chosen.items() if value})
    return page(
        request,
        staff,
        "audit.html",
        "audit",
        lines=lines[:PAGE],
        older=lines[PAGE - 1].number if len(lines) > PAGE else None,
        newest=not before,
        whole=whole,
        people=await desk.colleagues.of(staff.staff.town) if whole else (),
        kinds=KINDS,
        chosen=chosen,
        filters=filters,
        actor_in_words=actor_in_words,
        kind_in_words=kind_in_words,
        detail_in_words=detail_in_words,
    )


@router.get("/csv", summary="The audit log as CSV", dependencies=[needs(Permission.AUDIT)], response_class=Response)
async def export(staff: StaffDep, desk: DeskDep, person: PersonQuery = "", kind: KindQuery = "", day: DayQuery = "") -> Response:
    """What the page shows, whole, with the same filters. That somebody took it along is a line of the log too."""
    lines = await desk.reading.lines(staff.staff.town, _wanted(staff, person, kind, day), limit=ALL)
    await desk.audit.add(Deed(Kind.EXPORTED, staff.staff.town, staff.staff.id, detail=str(len(lines))))
    name = f"logboek-{staff.staff.town}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(as_csv(lines), media_type="text/csv; charset=utf-8", headers=headers)


def as_csv(lines: list[Line]) -> str:
    """One row a line, with a mark at the start by which spreadsheets know the encoding."""
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    writer.writerow(COLUMNS)
    writer.writerows(cells(line) for line in lines)
    return BOM + made.getvalue()


def cells(line: Line) -> list[str]:
    """One row, in the order of `COLUMNS`."""
    moment = line.at.astimezone(AMSTERDAM).isoformat(timespec="seconds")
    what = (kind_in_words(line.kind), line.kind)
    about = (line.subject, line.conversation, line.thing, line.detail)
    return [_plain(cell) for cell in (line.number, moment, actor_in_words(line), *what, *about, line.hash)]


def _plain(cell: object) -> str:
    return "" if cell is None else guard(str(cell))


def _wanted(staff: StaffSession, person: str, kind: str, day: str) -> Wanted:
    """The filter; who may not read the whole log gets their own lines, whatever they ask. FormNotValid for no kind or day."""
    try:
        known, on = Kind(kind) if kind else None, dt.date.fromisoformat(day) if day else None
    except ValueError:
        raise FormNotValid from None
    if not staff.staff.may(Permission.AUDIT):
        return Wanted(staff.staff.id, known, on)
    return Wanted(int(person) if person else None, known, on)
