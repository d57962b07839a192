"""Puts the desk's views into its templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from api import pages
from api.conversation.model import Conversation, Message
from api.desk.desk import Desk
from api.desk.sessions import StaffSession
from api.desk.views import ConversationView, QueueView, view_conversation, view_language, view_queue
from api.desk.words import DONE, happening_in_words, sentence
from api.errors import ApiError
from api.services import Services
from api.towns import Town
from api.whatsapp.reach import KINDS, Reach, reach_of

REFUSALS = {
    401: "Not logged in.",
    403: "The form is not ours, or expired.",
    404: "No such conversation for the desk.",
    409: "Someone else was first.",
    422: "Something in the form is not right; the page says what.",
}
DESK_LANGUAGE = "nl"
MESSAGES = {"person_label": "Nieuwkomer", "readonly": True, "view_language": view_language, "whatsapp_kinds": KINDS}
"""How the shared template of a message differs at the desk."""


def refusals(descriptions: Mapping[int, str]) -> dict[int | str, dict[str, Any]]:
    """Refusals for OpenAPI: all are pages for people."""
    page = {"text/html": {"schema": {"type": "string"}}}
    return {status: {"description": text, "content": page} for status, text in descriptions.items()}


def render(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A whole page of the desk."""
    return pages.render(request, f"desk/{template}", DESK_LANGUAGE, status, **values)


def fragment(town: Town, template: str, **values: Any) -> str:
    """A piece of a page, for a page that is open already."""
    context = pages.page_context(town, DESK_LANGUAGE)
    return pages.templates.get_template(f"desk/{template}").render(context | values)


async def queue_view(services: Services, desk: Desk, staff: StaffSession) -> QueueView:
    """The queue as this worker sees it."""
    town = services.towns.of(staff.staff.town)
    return view_queue(await services.store.waiting(town.id), town.kaart, staff.staff, desk.clock())


async def queue_page(request: Request, services: Services, desk: Desk, staff: StaffSession, done: str) -> HTMLResponse:
    """The queue."""
    view = await queue_view(services, desk, staff)
    return render(request, "queue.html", queue=view, done=DONE.get(done), **_frame(staff, "queue"))


async def recent_page(request: Request, services: Services, desk: Desk, staff: StaffSession) -> HTMLResponse:
    """Conversations of before."""
    now, town = desk.clock(), services.towns.of(staff.staff.town)
    rows = [view_conversation(row, town.kaart, staff.staff, now) for row in await desk.history.recent(town.id)]
    return render(request, "recent.html", rows=rows, **_frame(staff, "recent"))


async def conversation_page(
    request: Request,
    services: Services,
    desk: Desk,
    staff: StaffSession,
    conversation: Conversation,
    *,
    done: str = "",
    error: ApiError | None = None,
    draft: str = "",
) -> HTMLResponse:
    """One conversation; `error` is why the last step was refused, `draft` what was not sent."""
    messages = await services.store.messages(conversation.id)
    return render(
        request,
        "conversation.html",
        status=error.status if error else 200,
        conversation=view_conversation(conversation, services.towns.of(staff.staff.town).kaart, staff.staff, desk.clock()),
        messages=messages,
        last_id=messages[-1].id if messages else 0,
        happenings=[(happening, happening_in_words(happening)) for happening in await desk.history.happenings(conversation.id)],
        limit=services.settings.message_limit,
        error=sentence(error) if error else None,
        done=DONE.get(done),
        done_step=done,
        draft=draft,
        reach=await reach_of(services, conversation, desk.clock),
        **MESSAGES,
        **_frame(staff, ""),
    )


def message_html(town: Town, message: Message) -> str:
    """One message, as the page shows it."""
    return fragment(town, "message.html", message=message, **MESSAGES)


def queue_html(town: Town, view: QueueView) -> str:
    """The tables of the queue."""
    return fragment(town, "queue_lists.html", queue=view)


def panel_html(town: Town, view: ConversationView, staff: StaffSession, limit: int, reach: Reach | None = None) -> str:
    """State and actions of a conversation; `limit` is the longest answer, in characters."""
    values = {"conversation": view, "csrf": staff.csrf, "limit": limit, "reach": reach, "whatsapp_kinds": KINDS}
    return fragment(town, "panel.html", **values, draft="", error=None)


def _frame(staff: StaffSession, tab: str) -> dict[str, Any]:
    """What is around every page behind the login."""
    return {"staff": staff.staff, "csrf": staff.csrf, "until": staff.expires_at, "tab": tab}
