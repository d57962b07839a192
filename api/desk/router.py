"""The desk's pages: the queue and a conversation. Thin: who may is `access.py`, what happens is `work.py`."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.conversation.model import Conversation
from api.deps import ServicesDep
from api.desk import colleagues_pages, entry, entry_code, events, freshness, handbook, own, review, second_step_pages
from api.desk.access import TALK, ActingDep, ConversationDep, DeskDep, StaffDep, talk
from api.desk.audit import pages as logbook
from api.desk.audit.deeds import Kind
from api.desk.kaart import router as kaart
from api.desk.pages import REFUSALS, conversation_page, queue_page, recent_page, refusals
from api.desk.route import DeskRoute
from api.errors import ApiError
from api.signals.router import router as signals
from api.whatsapp import desk_router as whatsapp
from api.whatsapp.reach import check_open

router = APIRouter(
    prefix="/balie", tags=["desk"], route_class=DeskRoute, default_response_class=HTMLResponse, responses=refusals(REFUSALS)
)
router.include_router(entry.router)
router.include_router(entry_code.router)
router.include_router(own.router)
router.include_router(second_step_pages.router)
router.include_router(colleagues_pages.router)
router.include_router(logbook.router)
router.include_router(events.router)
router.include_router(kaart.router)
router.include_router(freshness.router)
router.include_router(handbook.router)
router.include_router(review.router)
router.include_router(signals)
router.include_router(whatsapp.router)

DoneQuery = Annotated[str, Query(alias="gelukt", max_length=20, description="What was done just now; shown as a sentence.")]


@router.get("", summary="The queue", dependencies=TALK)
async def queue(request: Request, staff: StaffDep, services: ServicesDep, desk: DeskDep, done: DoneQuery = "") -> Response:
    """Who waits, danger first and then the longest; below it who is being helped, and by whom."""
    return await queue_page(request, services, desk, staff, done)


@router.get("/recent", summary="Conversations of before", dependencies=TALK)
async def recent(request: Request, staff: StaffDep, services: ServicesDep, desk: DeskDep) -> Response:
    """Conversations that were in the queue at any time, the newest change first."""
    return await recent_page(request, services, desk, staff)


@router.get("/gesprek/{id}", summary="One conversation", dependencies=TALK)
async def conversation(
    request: Request, conversation: ConversationDep, staff: StaffDep, services: ServicesDep, desk: DeskDep, done: DoneQuery = ""
) -> Response:
    """Every message as it was written, what the bot answered, what happened, and what can be done now."""
    return await conversation_page(request, services, desk, staff, conversation, done=done)


@router.post("/gesprek/{id}/overnemen", summary="Take a conversation", status_code=303, dependencies=talk(Kind.CLAIM))
async def claim(
    request: Request, conversation: ConversationDep, staff: ActingDep, services: ServicesDep, desk: DeskDep
) -> Response:
    """Of two workers at once, the second is told who has it (409)."""
    step = desk.work.claim(conversation, staff.staff)
    target = f"/balie/gesprek/{conversation.id}?gelukt=claim#antwoord"
    return await _do(request, services, desk, staff, conversation, step, target)


@router.post(
    "/gesprek/{id}/antwoord",
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
    text: Annotated[str, Form(description="The answer, as plain text.")] = "",
) -> Response:
    """Only the worker who has the conversation. A refused answer comes back with its text (409, 413, 422)."""
    step = _reply(services, desk, conversation, staff, text)
    target = f"/balie/gesprek/{conversation.id}?gelukt=reply#antwoord"
    return await _do(request, services, desk, staff, conversation, step, target, draft=text)


@router.post("/gesprek/{id}/terug", summary="Give back to the chatbot", status_code=303, dependencies=talk(Kind.HAND_BACK))
async def hand_back(
    request: Request, conversation: ConversationDep, staff: ActingDep, services: ServicesDep, desk: DeskDep
) -> Response:
    """Only the worker who has the conversation."""
    step = desk.work.hand_back(conversation, staff.staff)
    return await _do(request, services, desk, staff, conversation, step, "/balie?gelukt=hand_back")


@router.post("/gesprek/{id}/sluiten", summary="Close", status_code=303, dependencies=talk(Kind.CLOSE))
async def close(
    request: Request, conversation: ConversationDep, staff: ActingDep, services: ServicesDep, desk: DeskDep
) -> Response:
    """Only the worker who has the conversation. A new message of the newcomer opens it again."""
    step = desk.work.close(conversation, staff.staff)
    return await _do(request, services, desk, staff, conversation, step, "/balie?gelukt=close")


async def _reply(services: ServicesDep, desk: DeskDep, conversation: Conversation, staff: StaffDep, text: str) -> None:
    """Send the words, where they can arrive."""
    await check_open(services, conversation, desk.clock)
    await desk.work.reply(conversation, staff.staff, text)


async def _do(
    request: Request,
    services: ServicesDep,
    desk: DeskDep,
    staff: StaffDep,
    conversation: Conversation,
    step: Awaitable[None],
    target: str,
    draft: str = "",
) -> Response:
    """Take the step and go on to `target`; when it is refused, show the conversation as it is now, with the reason."""
    try:
        await step
    except ApiError as error:
        now = await services.store.get(conversation.id)
        return await conversation_page(request, services, desk, staff, now, error=error, draft=draft)
    return RedirectResponse(target, 303)
