"""The desk's pages for reviewers: which texts wait for a signature, and each text beside its Dutch."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import ServicesDep
from api.desk.access import ActingDep, DoneQuery, StaffDep, needs, records
from api.desk.audit.deeds import Kind
from api.desk.pages import frame, render
from api.desk.roles import Permission
from api.desk.route import DeskRoute
from api.desk.sessions import StaffSession
from api.desk.views import view_language
from api.desk.words import sentence
from api.errors import ApiError
from api.freshness.changes import Seen, doubted, seen_in, signed
from api.freshness.errors import NothingNoted, NotSigned
from api.freshness.past import dutch_of
from api.freshness.tables import TEXT_LIMIT
from api.freshness.upkeep import UpkeepDep
from api.freshness.words import DONE, STANDINGS, field_in_words
from api.publishing.edits import Change
from api.publishing.errors import EntryMissing
from api.services import Services
from api.towns import Town
from sociale_kaart.review import ORIGINAL, Standing, beside, counts, standing, to_review, what_changed
from sociale_kaart.schema import Entry, Text

NAME_LIMIT = 80
router = APIRouter(
    prefix="/nakijken", route_class=DeskRoute, default_response_class=HTMLResponse, dependencies=[needs(Permission.REVIEW)]
)
HashField = Annotated[str, Form(max_length=12, description="Hash of what the page showed.")]


@router.get("", summary="Texts that wait for a signature")
async def texts(
    request: Request,
    staff: StaffDep,
    services: ServicesDep,
    language: Annotated[str, Query(alias="taal", max_length=3, description="Language of the texts.")] = "",
    done: DoneQuery = "",
) -> Response:
    """Per language: how many texts stand where, and those that nobody signed as they are now."""
    town = services.towns.of(staff.staff.town)
    codes = town.kaart.municipality.languages
    chosen = language if language in codes else next((code for code in codes if code != ORIGINAL), ORIGINAL)
    rows = [(entry, STANDINGS[state], town.kaart.is_own(entry.id)) for entry, state in to_review(town.kaart, chosen)]
    return _render(
        request,
        staff,
        "review_list.html",
        languages=[view_language(code) for code in codes],
        text_language=view_language(chosen),
        counts=[(STANDINGS[state], count) for state, count in counts(town.kaart, chosen).items()],
        rows=rows,
        done=DONE.get(done),
    )


@router.get("/{language}/{entry_id}", summary="One text beside its Dutch")
async def text(
    request: Request, staff: StaffDep, services: ServicesDep, upkeep: UpkeepDep, language: str, entry_id: str
) -> Response:
    """Line by line, with what changed in the Dutch since, and the two things a reviewer can say."""
    town = services.towns.of(staff.staff.town)
    return await _text_page(request, services, staff, town, _entry(town, entry_id, language), language, upkeep.today)


@router.post("/{language}/{entry_id}/tekenen", summary="Sign a text", status_code=303, dependencies=[records(Kind.SIGNED)])
async def sign(
    request: Request,
    staff: ActingDep,
    services: ServicesDep,
    upkeep: UpkeepDep,
    language: str,
    entry_id: str,
    text_hash: HashField = "",
    dutch_hash: HashField = "",
    name: Annotated[str, Form(description="Who read the text.")] = "",
    on: Annotated[str, Form(description="The day, as 2026-11-23.")] = "",
) -> Response:
    """A reviewer stands behind the text that the page showed. Refused when it is another one by now (409)."""
    town, draft = services.towns.of(staff.staff.town), {"name": name, "on": on}
    entry = _entry(town, entry_id, language)
    try:
        by, day = _signature(name, on, upkeep.today)
        change = signed(language, by, day, Seen(text_hash, dutch_hash))
        await _apply(services, staff, town, entry, change, f"Tekst nagekeken ({language})")
    except ApiError as error:
        return await _text_page(request, services, staff, town, entry, language, upkeep.today, error=error, draft=draft)
    return RedirectResponse(f"/balie/nakijken?taal={language}&gelukt=getekend", 303)


@router.post(
    "/{language}/{entry_id}/niet-goed",
    summary="Say what is not right about a text",
    status_code=303,
    dependencies=[records(Kind.DOUBTED)],
)
async def doubt(
    request: Request,
    staff: ActingDep,
    services: ServicesDep,
    upkeep: UpkeepDep,
    language: str,
    entry_id: str,
    text_hash: HashField = "",
    dutch_hash: HashField = "",
    note: Annotated[str, Form(description="What is not right.")] = "",
) -> Response:
    """The text stays, or becomes again, a draft; the note stands beside it for whoever mends it."""
    town, said = services.towns.of(staff.staff.town), " ".join(note.split())
    entry = _entry(town, entry_id, language)
    try:
        if not 0 < len(said) <= TEXT_LIMIT:
            raise NothingNoted
        change = doubted(language, said, Seen(text_hash, dutch_hash))
        await _apply(services, staff, town, entry, change, f"Tekst niet goed ({language})")
    except ApiError as error:
        draft = {"note": note}
        return await _text_page(request, services, staff, town, entry, language, upkeep.today, error=error, draft=draft)
    return RedirectResponse(f"/balie/nakijken?taal={language}&gelukt=niet-goed", 303)


def _entry(town: Town, id: str, language: str) -> Entry:
    """The entry with a text in this language. EntryMissing when there is none."""
    entry = town.kaart.find(id)
    if entry is None or language not in entry.texts:
        raise EntryMissing
    return entry


def _signature(name: str, on: str, today: dt.date) -> tuple[str, dt.date]:
    """Who and when. NotSigned when either is missing or cannot be."""
    by = " ".join(name.split())
    try:
        day = dt.date.fromisoformat(on)
    except ValueError:
        raise NotSigned from None
    if not 0 < len(by) <= NAME_LIMIT or day > today:
        raise NotSigned
    return by, day


async def _apply(services: Services, staff: StaffSession, town: Town, entry: Entry, change: Change, note: str) -> None:
    await services.publisher.apply(town.id, {entry.id: change}, by=staff.staff.name, note=note)


async def _text_page(
    request: Request,
    services: Services,
    staff: StaffSession,
    town: Town,
    entry: Entry,
    language: str,
    today: dt.date,
    *,
    error: ApiError | None = None,
    draft: dict[str, str] | None = None,
) -> Response:
    text, dutch, state = entry.texts[language], entry.texts[ORIGINAL], standing(entry, language)
    then = await _dutch_then(services, town, entry, text) if state is Standing.OUTDATED else None
    return _render(
        request,
        staff,
        "review_text.html",
        status=error.status if error else 200,
        entry=entry,
        own=town.kaart.is_own(entry.id),
        text_language=view_language(language),
        original=language == ORIGINAL,
        review=text.review,
        standing=STANDINGS[state],
        outdated=state is Standing.OUTDATED,
        pairs=[(field_in_words(pair.field), pair) for pair in beside(dutch, text)],
        changes=[(field_in_words(field), pieces) for field, pieces in what_changed(then, dutch)] if then else None,
        seen=seen_in(entry, language),
        today=today.isoformat(),
        name_limit=NAME_LIMIT,
        note_limit=TEXT_LIMIT,
        error=sentence(error) if error else None,
        draft=draft or {},
    )


async def _dutch_then(services: Services, town: Town, entry: Entry, text: Text) -> Text | None:
    """The Dutch that the text was made from, if the history of publications knows it."""
    return dutch_of(await services.publisher.history(town.id, entry.id), entry.id, text.source_hash or "")


def _render(request: Request, staff: StaffSession, template: str, status: int = 200, **values: Any) -> Response:
    return render(request, template, status, **frame(staff, "review"), **values)
