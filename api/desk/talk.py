"""The page of one conversation: messages, answering, and what helps with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.conversation.broadcast import QUEUE, topic
from api.conversation.model import Conversation, Message
from api.desk.desk import Desk
from api.desk.insertion import Suggestion, suggestions
from api.desk.notes import NOTE_LIMIT
from api.desk.pages import fragment, frame, render
from api.desk.phrases import groups_for
from api.desk.presence import Coworker
from api.desk.sessions import StaffSession
from api.desk.translating import Beside, Proposal
from api.desk.views import ConversationView, view_conversation, view_language
from api.desk.words import CLOSINGS, DONE, happening_in_words, sentence
from api.errors import ApiError, MessageEmpty
from api.freshness.words import STANDINGS
from api.services import Services
from api.towns import Town
from api.whatsapp.reach import KINDS, Reach, reach_of

MESSAGES = {"person_label": "Nieuwkomer", "readonly": True, "view_language": view_language, "whatsapp_kinds": KINDS}
"""How the shared template of a message differs at the desk."""


@dataclass(frozen=True)
class Asked:
    """What was done just now and what the page is asked to show besides the conversation."""

    done: str = ""
    error: ApiError | None = None
    """Why the last step was refused."""
    draft: str = ""
    """The answer that was not sent."""
    note: str = ""
    """The note that was not kept."""
    search: str = ""
    """Dutch words to look for in the kaart."""
    proposal: Proposal | None = None
    """A machine's translation of the draft, to look at."""
    translated: bool = False
    """Show the translations of all messages at once: for who has no script."""


async def conversation_page(
    request: Request, services: Services, desk: Desk, staff: StaffSession, conversation: Conversation, asked: Asked
) -> HTMLResponse:
    """One conversation, as `asked`."""
    town = services.towns.of(staff.staff.town)
    messages = await services.store.messages(conversation.id)
    view = await view_of(services, desk, staff, conversation)
    await look(services, desk, staff, conversation.id)
    translatable = [message for message in messages if desk.translating.wants(message, conversation)]
    happened = await desk.history.happenings(conversation.id)
    return render(
        request,
        "conversation.html",
        status=asked.error.status if asked.error else 200,
        conversation=view,
        messages=messages,
        last_id=messages[-1].id if messages else 0,
        happenings=[(happening, happening_in_words(happening)) for happening in happened],
        notes=await desk.notes.of(conversation.id),
        note_limit=NOTE_LIMIT,
        translatable=frozenset(message.id for message in translatable),
        translations=await _translations(desk, conversation, translatable if asked.translated else ()),
        asked=asked,
        standings=STANDINGS,
        done=DONE.get(asked.done),
        **await panel_values(services, desk, staff, view, await reach_of(services, conversation, desk.clock), asked),
        **_tools(town, conversation, view, asked),
        **MESSAGES,
        **frame(staff, ""),
    )


async def look(services: Services, desk: Desk, staff: StaffSession, id: int) -> None:
    """This worker has the page of conversation `id` open; when that is new, the open pages of others are told at once."""
    if await desk.presence.looks(id, staff.staff.id):
        services.broadcast.publish(topic(id), QUEUE)


async def _translations(desk: Desk, conversation: Conversation, wanted: Sequence[Message]) -> dict[int, Beside]:
    return {message.id: await desk.translating.message(message, conversation) for message in wanted}


def _tools(town: Town, conversation: Conversation, view: ConversationView, asked: Asked) -> dict[str, Any]:
    """Phrases and entries to send, for who has the conversation."""
    found: Sequence[Suggestion] = suggestions(town, asked.search, conversation) if view.mine else ()
    return {"phrase_groups": groups_for(town.kaart, conversation.language) if view.mine else [], "suggestions": found}


async def panel_values(
    services: Services, desk: Desk, staff: StaffSession, view: ConversationView, reach: Reach | None, asked: Asked
) -> dict[str, Any]:
    """What the template of the panel needs besides the conversation."""
    town = services.towns.of(staff.staff.town)
    colleagues: Sequence[Coworker] = await desk.presence.of(town.id, staff.staff.id) if view.mine else ()
    return {
        "reach": reach,
        "limit": services.settings.message_limit,
        "draft": asked.draft,
        "error": sentence(asked.error) if asked.error else None,
        "refused": bool(asked.error and asked.draft) or isinstance(asked.error, MessageEmpty),
        "proposal": asked.proposal,
        "closings": CLOSINGS,
        "staff_id": staff.staff.id,
        "colleagues": colleagues,
        "translation": desk.translating.standing(view.language.code if view.language else None),
    }


async def view_of(services: Services, desk: Desk, staff: StaffSession, conversation: Conversation) -> ConversationView:
    """The conversation as this worker sees it, with who else looks at it."""
    town = services.towns.of(staff.staff.town)
    viewers = await desk.presence.viewers([conversation.id], staff.staff.id)
    view = view_conversation(conversation, town.kaart, staff.staff, desk.clock())
    return replace(view, viewers=viewers.get(conversation.id, ()))


def message_html(town: Town, desk: Desk, message: Message, conversation: Conversation, reach: Reach | None) -> str:
    """One message, as the page shows it."""
    translatable = frozenset([message.id] if desk.translating.wants(message, conversation) else [])
    values = {"message": message, "conversation": conversation, "translatable": translatable, "translations": {}}
    return fragment(town, "message.html", reach=reach, **values, **MESSAGES)


async def panel_html(services: Services, desk: Desk, staff: StaffSession, view: ConversationView, reach: Reach | None) -> str:
    """State and actions of a conversation."""
    values = await panel_values(services, desk, staff, view, reach, Asked())
    return fragment(
        services.towns.of(staff.staff.town), "panel.html", conversation=view, csrf=staff.csrf, whatsapp_kinds=KINDS, **values
    )
