"""What happens to a form of the kaart: read, preview, publish; and when it is refused, the form again with everything typed."""

from __future__ import annotations

import re

from fastapi import Request
from fastapi.datastructures import FormData
from fastapi.responses import RedirectResponse, Response
from ruamel.yaml.comments import CommentedMap

from api.desk.errors import FormNotValid
from api.desk.kaart.convert import NotRead, one_line, split_lines
from api.desk.kaart.document import put
from api.desk.kaart.fields import Field, all_fields
from api.desk.kaart.form import Sheet, changing, faults, merged, read, shown
from api.desk.kaart.pages import ID_LIMIT, NOTE_LIMIT, Draft, clash_of, form_page, preview_page, refused_page, render
from api.desk.kaart.views import data_of
from api.desk.route import note
from api.desk.sessions import StaffSession
from api.desk.words import sentence
from api.errors import ApiError
from api.publishing.edits import Change
from api.publishing.errors import EntryChanged, EntryExists, GateRefused, KaartRefused
from api.publishing.model import Publication
from api.services import Services
from api.towns import Town
from sociale_kaart.review import ORIGINAL
from sociale_kaart.schema import State

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
NOT_AN_ID = "Kies een kenmerk van kleine letters, cijfers en streepjes, zoals taalcafe-west."
UNREADABLE = "Kijk naar de velden met een rode rand. Wat je typte staat er nog; er is niets gepubliceerd."


async def handle(request: Request, staff: StaffSession, services: Services, town: Town, entry_id: str | None) -> Response:
    """Do what the button says with the form of an entry, or of a new one (None)."""
    form = await request.form()
    fields = all_fields(town.kaart)
    draft = _draft(fields, form, entry_id)
    if form.get("doen") == "bewerken":
        return form_page(request, staff, town, draft)
    values, errors = read(fields, draft.sheet)
    if draft.new and not (_ID.fullmatch(draft.entry_id) and len(draft.entry_id) <= ID_LIMIT):
        errors["id"] = [NOT_AN_ID]
    if errors:
        return form_page(request, staff, town, draft, status=422, errors=errors, error=UNREADABLE)
    change = changing(fields, values, draft.entry_id if draft.new else "")
    try:
        if form.get("doen") == "bekijken":
            kaart = await services.publisher.preview(town.id, {draft.entry_id: change}, new=draft.new)
            return preview_page(request, staff, services, kaart, draft)
        done = await _publish(services, staff, town, draft, change)
    except ApiError as error:
        return await _refused(request, staff, services, town, fields, draft, error)
    note(request, draft.entry_id)
    await services.publisher.records.closed(town.id, draft.entry_id, staff.staff.id)
    return RedirectResponse(f"/balie/kaart/publicatie/{done.id}?gelukt=ja", 303)


async def _publish(services: Services, staff: StaffSession, town: Town, draft: Draft, change: Change) -> Publication:
    note = draft.note or f"{draft.entry_id} {'gemaakt' if draft.new else 'aangepast'}"
    if draft.new:
        return await services.publisher.create(town.id, draft.entry_id, change, by=staff.staff.name, note=note)
    seen = {draft.entry_id: draft.seen}
    return await services.publisher.apply(town.id, {draft.entry_id: change}, by=staff.staff.name, note=note, seen=seen)


def _draft(fields: list[Field], form: FormData, entry_id: str | None) -> Draft:
    """What was typed. FormNotValid when a field is missing that every browser sends."""
    sheet = {field.name: [value for value in form.getlist(field.name) if isinstance(value, str)] for field in fields}
    if any(not sheet[field.name] and field.widget not in ("checks", "check") for field in fields):
        raise FormNotValid
    note, id = (one_line([str(form.get(name, ""))]) or "" for name in ("note", "id"))
    return Draft(entry_id or id, sheet, str(form.get("seen", "")), note[:NOTE_LIMIT], new=entry_id is None)


async def _refused(
    request: Request, staff: StaffSession, services: Services, town: Town, fields: list[Field], draft: Draft, error: ApiError
) -> Response:
    if isinstance(error, EntryChanged):
        return await _clash(request, staff, services, town, fields, draft, error)
    if isinstance(error, GateRefused):
        return refused_page(request, staff, town, draft, error)
    if isinstance(error, KaartRefused):
        errors = faults(fields, draft.entry_id, error.problems)
        return form_page(request, staff, town, draft, status=error.status, errors=errors, error=UNREADABLE)
    at = {"id": [sentence(error)]} if isinstance(error, EntryExists) else None
    return form_page(request, staff, town, draft, status=error.status, errors=at, error=sentence(error))


async def _clash(
    request: Request, staff: StaffSession, services: Services, town: Town, fields: list[Field], draft: Draft, error: EntryChanged
) -> Response:
    """The form on top of what somebody else published: theirs where only they changed a field, mine where I did."""
    source = services.publisher.source(town.id, draft.entry_id)
    theirs = shown(fields, data_of(source.text))
    base = await _read_then(services, town, fields, draft)
    both = merged(base or theirs, draft.sheet, theirs)
    again = Draft(draft.entry_id, both.sheet, source.digest, draft.note)
    clash = clash_of(town, error, both.clashes, theirs, both.sheet)
    return form_page(request, staff, town, again, status=error.status, clash=clash)


async def _read_then(services: Services, town: Town, fields: list[Field], draft: Draft) -> Sheet | None:
    """The form as it was shown to who typed now, out of the history; None when the file was not changed at the desk."""
    text = await services.publisher.text_then(town.id, draft.entry_id, draft.seen)
    return shown(fields, data_of(text)) if text else None


def stop_page(
    request: Request, staff: StaffSession, town: Town, entry_id: str, *, instead: str = "", error: str = "", status: int = 200
) -> Response:
    """Asks what there is instead of an entry that ends."""
    entry = town.kaart.find(entry_id)
    title = entry.texts[ORIGINAL].name if entry else entry_id
    return render(request, staff, "kaart_stop.html", status, entry_id=entry_id, title=title, instead=instead, error=error)


async def handle_stop(request: Request, staff: StaffSession, services: Services, town: Town, entry_id: str) -> Response:
    """End the entry."""
    typed = str((await request.form()).get("instead", ""))
    ids = split_lines([typed])

    def change(document: CommentedMap) -> None:
        put(document, ("state",), str(State.ENDED), None)
        put(document, ("instead",), ids, [])

    try:
        if not ids:
            raise NotRead("Noem ten minste één kenmerk van wat er nu is.")
        note = f"{entry_id} gestopt"
        done = await services.publisher.apply(town.id, {entry_id: change}, by=staff.staff.name, note=note)
    except NotRead as problem:
        return stop_page(request, staff, town, entry_id, instead=typed, error=str(problem), status=422)
    except GateRefused as error:
        return refused_page(request, staff, town, None, error)
    except KaartRefused as error:
        said = " ".join(line for lines in faults(all_fields(town.kaart), entry_id, error.problems).values() for line in lines)
        return stop_page(request, staff, town, entry_id, instead=typed, error=said, status=error.status)
    except ApiError as error:
        return stop_page(request, staff, town, entry_id, instead=typed, error=sentence(error), status=error.status)
    return RedirectResponse(f"/balie/kaart/publicatie/{done.id}?gelukt=ja", 303)
