"""What a desk worker does with a conversation, as forms: take, answer, give away, close. What happens is `work.py`."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.answers.reply import Reply
from api.conversation.model import Conversation
from api.deps import ServicesDep
from api.desk.access import TALK, ActingDep, ConversationDep, DeskDep, talk
from api.desk.audit.deeds import Kind
from api.desk.desk import Desk
from api.desk.errors import NoColleague, TranslationChanged
from api.desk.pages import refusals
from api.desk.presence import Coworker
from api.desk.route import DeskRoute
from api.desk.sessions import StaffSession
from api.desk.talk import Asked, conversation_page
from api.desk.translating import translated_reply
from api.errors import ApiError
from api.services import Services
from api.whatsapp.reach import check_open

router = APIRouter(prefix="/gesprek/{id}", route_class=DeskRoute, default_response_class=HTMLResponse)

TextField = Annotated[str, Form(description="The answer, as plain text.")]


async def do(
    request: Request,
    services: Services,
    desk: Desk,
    staff: StaffSession,
    conversation: Conversation,
    step: Awaitable[None],
    target: str,
    asked: Asked | None = None,
) -> Response:
    """Take the step and go on to `target`; when it is refused, show the conversation as it is now, with the reason."""
    try:
        await step
    except ApiError as error:
        return await refused(request, services, desk, staff, conversation, error, asked)
    return RedirectResponse(target, 303)


async def refused(
    request: Request,
    services: Services,
    desk: Desk,
    staff: StaffSession,
    conversation: Conversation,
    error: ApiError,
    asked: Asked | None = None,
) -> Response:
    """The conversation as it is now, why something was not done, and what was typed."""
    now = await services.store.get(conversation.id)
    return await conversation_page(request, services, desk, staff, now, replace(asked or Asked(), error=error))


async def send(services: Services, desk: Desk, conversation: Conversation, staff: StaffSession, said: str | Reply) -> None:
    """Tell the newcomer, where words can arrive."""
    await check_open(services, conversation, desk.clock)
    await desk.work.reply(conversation, staff.staff, said)


def page_of(conversation: Conversation, done: str, anchor: str = "antwoord") -> str:
    """Address of the conversation, telling what was done."""
    return f"/balie/gesprek/{conversation.id}?gelukt={done}#{anchor}"


@router.post("/overnemen", summary="Take a conversation", status_code=303, dependencies=talk(Kind.CLAIM))
async def claim(
    request: Request, conversation: ConversationDep, staff: ActingDep, services: ServicesDep, desk: DeskDep
) -> Response:
    """Of two workers at once, the second is told who has it (409)."""
    step = desk.work.claim(conversation, staff.staff)
    return await do(request, services, desk, staff, conversation, step, page_of(conversation, "claim"))


@router.post(
    "/antwoord",
    summary="Answer the newcomer",
    status_code=303,
    dependencies=talk(Kind.REPLY),
    responses=refusals({413: "The answer is too long."}),
)
async def reply(
    request: Request,
    conversation: ConversationDep,
    staff: ActingDep,
    services: ServicesDep,
    desk: DeskDep,
    text: TextField = "",
    seen: Annotated[str, Form(max_length=40, description="The translation that goes along, as the worker saw it.")] = "",
) -> Response:
    """Only the worker who has the conversation. A refused answer comes back with its text (409, 413, 422)."""
    asked = Asked(draft=text)
    try:
        said = await _translated(services, desk, staff, conversation, text, seen) if seen else text
    except ApiError as error:
        return await refused(request, services, desk, staff, conversation, error, asked)
    step = send(services, desk, conversation, staff, said)
    return await do(request, services, desk, staff, conversation, step, page_of(conversation, "reply"), asked)


async def _translated(
    services: Services, desk: Desk, staff: StaffSession, conversation: Conversation, text: str, seen: str
) -> Reply:
    names = _names(services, staff, conversation)
    proposal = await desk.translating.propose(desk.work.checked(text), conversation.language, names)
    if proposal.digest != seen:
        raise TranslationChanged
    return translated_reply(proposal, services.towns.of(conversation.town).catalogue)


def _names(services: Services, staff: StaffSession, conversation: Conversation) -> tuple[str, ...]:
    """What stays as it is in a translation."""
    return services.towns.of(conversation.town).kaart.municipality.name, staff.staff.name


@router.post("/vertalen", summary="See a machine's translation of an answer", dependencies=TALK)
async def translate(
    request: Request,
    conversation: ConversationDep,
    staff: ActingDep,
    services: ServicesDep,
    desk: DeskDep,
    text: TextField = "",
) -> Response:
    """Shows the translation beside the Dutch; nothing is sent (413, 422)."""
    names = _names(services, staff, conversation)
    try:
        desk.work.check_held(conversation, staff.staff)
        proposal = await desk.translating.propose(desk.work.checked(text), conversation.language, names)
    except ApiError as error:
        return await refused(request, services, desk, staff, conversation, error, Asked(draft=text))
    shown = Asked(draft=proposal.dutch, proposal=proposal)
    return await conversation_page(request, services, desk, staff, conversation, shown)


@router.post("/terug", summary="Give back to the chatbot", status_code=303, dependencies=talk(Kind.HAND_BACK))
async def hand_back(
    request: Request, conversation: ConversationDep, staff: ActingDep, services: ServicesDep, desk: DeskDep
) -> Response:
    """Only the worker who has the conversation."""
    step = desk.work.hand_back(conversation, staff.staff)
    return await do(request, services, desk, staff, conversation, step, "/balie?gelukt=hand_back")


@router.post("/wachtrij", summary="Put back into the queue", status_code=303, dependencies=talk(Kind.RELEASE))
async def release(
    request: Request, conversation: ConversationDep, staff: ActingDep, services: ServicesDep, desk: DeskDep
) -> Response:
    """Only the worker who has the conversation; the newcomer is told."""
    step = desk.work.release(conversation, staff.staff)
    return await do(request, services, desk, staff, conversation, step, "/balie?gelukt=release")


@router.post(
    "/overdragen", summary="Give to a colleague, or take over from one", status_code=303, dependencies=talk(Kind.TRANSFER)
)
async def transfer(
    request: Request,
    conversation: ConversationDep,
    staff: ActingDep,
    services: ServicesDep,
    desk: DeskDep,
    to: Annotated[str, Form(alias="naar", max_length=20, description="Who has it from now on.")] = "",
) -> Response:
    """To a colleague of the same desk (else 422), by who has the conversation; to oneself, by anyone. The newcomer is told."""
    colleagues = await desk.presence.of(staff.staff.town, staff.staff.id)
    own = Coworker(staff.staff.id, staff.staff.name, here=True)
    chosen = next((colleague for colleague in (own, *colleagues) if str(colleague.id) == to), None)
    if chosen is None:
        return await refused(request, services, desk, staff, conversation, NoColleague())
    step = desk.work.transfer(conversation, staff.staff, chosen)
    target = page_of(conversation, "claim") if chosen is own else "/balie?gelukt=transfer"
    return await do(request, services, desk, staff, conversation, step, target)


@router.post("/sluiten", summary="Close", status_code=303, dependencies=talk(Kind.CLOSE))
async def close(
    request: Request,
    conversation: ConversationDep,
    staff: ActingDep,
    services: ServicesDep,
    desk: DeskDep,
    reason: Annotated[str, Form(alias="reden", max_length=20, description="Why: one of a fixed list.")] = "",
) -> Response:
    """Only the worker who has the conversation. A new message of the newcomer opens it again."""
    step = desk.work.close(conversation, staff.staff, reason)
    return await do(request, services, desk, staff, conversation, step, "/balie?gelukt=close")
