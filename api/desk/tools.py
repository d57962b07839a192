"""What helps with answering, as routes: sentences of the phrasebook, entries of the kaart, translations, notes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import HTMLResponse, Response

from api.conversation.model import Conversation
from api.deps import ServicesDep
from api.desk.access import TALK, ActingDep, ConversationDep, DeskDep, StaffDep, talk
from api.desk.audit.deeds import Kind
from api.desk.insertion import entry_reply
from api.desk.pages import fragment, frame, render
from api.desk.phrases import phrase_reply
from api.desk.route import DeskRoute
from api.desk.steps import do, page_of, refused, send
from api.desk.talk import Asked
from api.desk.views import view_conversation
from api.errors import ApiError, NotFound
from api.publishing.errors import EntryMissing
from api.services import Services
from api.visitor import MAX_NUMBER
from sociale_kaart.review import ORIGINAL
from sociale_kaart.schema import Entry

router = APIRouter(prefix="/gesprek/{id}", route_class=DeskRoute, default_response_class=HTMLResponse)
FIELD = "veld-"
"""Before the names of what is filled in."""

EntryId = Annotated[str, Path(max_length=60)]
NumberOf = Annotated[int, Path(ge=1, le=MAX_NUMBER)]


@router.post("/zin", summary="Send a sentence of the phrasebook", status_code=303, dependencies=talk(Kind.REPLY))
async def send_phrase(
    request: Request,
    conversation: ConversationDep,
    staff: ActingDep,
    services: ServicesDep,
    desk: DeskDep,
    phrase: Annotated[str, Form(alias="zin", max_length=60, description="Id of the sentence.")] = "",
) -> Response:
    """In the newcomer's language; fields `veld-...` fill in what it leaves open (422)."""
    town, form = services.towns.of(conversation.town), await request.form()
    values = {name.removeprefix(FIELD): str(value) for name, value in form.items() if name.startswith(FIELD)}
    try:
        reply = phrase_reply(town.kaart, town.catalogue, conversation.language, phrase, values)
    except ApiError as error:
        return await refused(request, services, desk, staff, conversation, error)
    step = send(services, desk, conversation, staff, reply)
    return await do(request, services, desk, staff, conversation, step, page_of(conversation, "phrase"))


@router.get("/onderwerp/{entry_id}", summary="See an entry before it is sent", dependencies=TALK)
async def preview_entry(
    request: Request, conversation: ConversationDep, staff: StaffDep, services: ServicesDep, desk: DeskDep, entry_id: EntryId
) -> Response:
    """The Dutch beside what the newcomer would read."""
    town, now = services.towns.of(conversation.town), desk.clock()
    entry = _entry(services, conversation, entry_id)
    dutch, own = (entry_reply(town, entry, language, now, conversation.status) for language in (ORIGINAL, conversation.language))
    view = view_conversation(conversation, town.kaart, staff.staff, now)
    return render(request, "insert_entry.html", conversation=view, entry_id=entry_id, dutch=dutch, reply=own, **frame(staff, ""))


@router.post("/onderwerp/{entry_id}", summary="Send an entry as an answer", status_code=303, dependencies=talk(Kind.REPLY))
async def send_entry(
    request: Request, conversation: ConversationDep, staff: ActingDep, services: ServicesDep, desk: DeskDep, entry_id: EntryId
) -> Response:
    """In the newcomer's language, with source, date and label. The conversation is about this entry from then on."""
    town, entry = services.towns.of(conversation.town), _entry(services, conversation, entry_id)
    reply = entry_reply(town, entry, conversation.language, desk.clock(), conversation.status)

    async def step() -> None:
        await send(services, desk, conversation, staff, reply)
        await services.store.change(conversation.id, entry_id=entry_id)

    return await do(request, services, desk, staff, conversation, step(), page_of(conversation, "entry"))


@router.get("/vertaling/{message_id}", summary="A message in Dutch, by a machine", dependencies=TALK)
async def translation(conversation: ConversationDep, services: ServicesDep, desk: DeskDep, message_id: NumberOf) -> Response:
    """A piece of the page. NotFound for what a machine does not translate: no model, danger, not a newcomer's words."""
    found = await services.store.messages(conversation.id, message_id - 1)
    message = found[0] if found and found[0].id == message_id else None
    if message is None or not desk.translating.wants(message, conversation):
        raise NotFound
    beside = await desk.translating.message(message, conversation)
    return HTMLResponse(fragment(services.towns.of(conversation.town), "translation.html", beside=beside))


@router.post("/notitie", summary="Write a note", status_code=303, dependencies=talk(Kind.NOTED))
async def write_note(
    request: Request,
    conversation: ConversationDep,
    staff: ActingDep,
    services: ServicesDep,
    desk: DeskDep,
    note: Annotated[str, Form(alias="notitie", description="For the desk alone.")] = "",
) -> Response:
    """Anyone of the desk; the newcomer never sees it (422 when it is empty or too long)."""
    step = desk.notes.write(conversation.id, staff.staff.id, note)
    target = page_of(conversation, "note", "notities")
    return await do(request, services, desk, staff, conversation, step, target, Asked(note=note))


@router.post("/notitie/{note_id}/weg", summary="Remove one's own note", status_code=303, dependencies=talk(Kind.NOTE_GONE))
async def remove_note(
    request: Request, conversation: ConversationDep, staff: ActingDep, services: ServicesDep, desk: DeskDep, note_id: NumberOf
) -> Response:
    """Another's note stays."""
    step = desk.notes.remove(conversation.id, staff.staff.id, note_id)
    return await do(request, services, desk, staff, conversation, step, page_of(conversation, "note_gone", "notities"))


def _entry(services: Services, conversation: Conversation, entry_id: str) -> Entry:
    entry = services.towns.of(conversation.town).kaart.find(entry_id)
    if entry is None:
        raise EntryMissing
    return entry
