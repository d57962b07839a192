"""The desk's pages: the queue and a conversation. Who may is `access.py`; forms are in `steps.py` and `tools.py`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.deps import ServicesDep
from api.desk import (
    colleagues_pages,
    entry,
    entry_code,
    events,
    freshness,
    handbook,
    hours,
    own,
    review,
    second_step_pages,
    steps,
    tools,
)
from api.desk.access import TALK, ConversationDep, DeskDep, DoneQuery, StaffDep
from api.desk.audit import pages as logbook
from api.desk.filters import WantedDep
from api.desk.kaart import router as kaart
from api.desk.pages import REFUSALS, queue_page, recent_page, refusals
from api.desk.route import DeskRoute
from api.desk.talk import Asked, conversation_page
from api.signals.router import router as signals
from api.whatsapp import desk_router as whatsapp

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
router.include_router(hours.router)
router.include_router(review.router)
router.include_router(signals)
router.include_router(whatsapp.router)
router.include_router(steps.router)
router.include_router(tools.router)


@router.get("", summary="The queue", dependencies=TALK)
async def queue(
    request: Request, staff: StaffDep, services: ServicesDep, desk: DeskDep, wanted: WantedDep, done: DoneQuery = ""
) -> Response:
    """Who waits, danger first and then the longest; below it who is being helped, and by whom."""
    return await queue_page(request, services, desk, staff, wanted, done)


@router.get("/recent", summary="Conversations of before", dependencies=TALK)
async def recent(request: Request, staff: StaffDep, services: ServicesDep, desk: DeskDep) -> Response:
    """Conversations that were in the queue at any time, the newest change first."""
    return await recent_page(request, services, desk, staff)


@router.get("/gesprek/{id}", summary="One conversation", dependencies=TALK)
async def conversation(
    request: Request,
    conversation: ConversationDep,
    staff: StaffDep,
    services: ServicesDep,
    desk: DeskDep,
    done: DoneQuery = "",
    search: Annotated[str, Query(alias="zoek", max_length=200, description="Dutch words to look for in the kaart.")] = "",
    translated: Annotated[bool, Query(alias="vertaald", description="Translate all messages now.")] = False,
) -> Response:
    """Every message as it was written, what the bot answered, what happened, and what can be done now."""
    asked = Asked(done=done, search=search, translated=translated)
    return await conversation_page(request, services, desk, staff, conversation, asked)
