"""What the desk can do in a conversation over WhatsApp: open what a newcomer sent, and say that an answer waits."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Path
from fastapi.responses import RedirectResponse, Response

from api.conversation.broadcast import QUEUE, topic
from api.deps import ServicesDep
from api.desk.access import TALK, ActingDep, ConversationDep, DeskDep, talk
from api.desk.audit.deeds import Kind
from api.desk.route import DeskRoute
from api.errors import NotFound
from api.visitor import MAX_NUMBER
from api.whatsapp.attachments import Attachment
from api.whatsapp.errors import GraphSilent, MediaAway, MediaRefused, NoTemplate, OptedOut
from api.whatsapp.router import BridgeDep
from api.whatsapp.templates import Templates, choice

router = APIRouter(route_class=DeskRoute)
SHOWN: Final = frozenset(
    {"audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac", "audio/amr", "image/jpeg", "image/png", "image/webp", "video/mp4"}
)
"""What a browser may show by itself; anything else is only saved."""
SANDBOX: Final = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"


@router.get(
    "/gesprek/{id}/bijlage/{message_id}",
    summary="Open a photo, voice note or document",
    response_class=Response,
    dependencies=TALK,
)
async def attachment(
    conversation: ConversationDep, message_id: Annotated[int, Path(ge=1, le=MAX_NUMBER)], bridge: BridgeDep
) -> Response:
    """Fetched from WhatsApp now, checked, and kept nowhere."""
    found = (await bridge.attachments.of(conversation.id)).get(message_id)
    if found is None:
        raise NotFound
    try:
        content = await bridge.client.media(found.media_id, found.sha256)
    except (MediaRefused, GraphSilent):
        raise MediaAway from None
    return Response(content, headers=_headers(found))


@router.post("/gesprek/{id}/sjabloon", summary="Say that an answer waits", status_code=303, dependencies=talk(Kind.TEMPLATE))
async def template(
    conversation: ConversationDep, staff: ActingDep, services: ServicesDep, desk: DeskDep, bridge: BridgeDep
) -> Response:
    """Only the worker who has the conversation.

    NoTemplate when none is set up, or when this is not over WhatsApp; OptedOut when the newcomer wants no messages.
    """
    desk.work.check_held(conversation, staff.staff)
    chosen = choice(services.settings.whatsapp_templates, conversation.language)
    contact = await bridge.contacts.of(conversation.id)
    if not chosen.templates or contact is None:
        raise NoTemplate
    if contact.stopped_after is not None:
        raise OptedOut
    place = services.towns.of(conversation.town).kaart.municipality.desk
    templates = Templates(services.engine, desk.clock, services.catalogue)
    await templates.send(conversation, place, chosen)
    services.broadcast.publish(topic(conversation.id), QUEUE)
    return RedirectResponse(f"/balie/gesprek/{conversation.id}?gelukt=template#antwoord", 303)


def _headers(attachment: Attachment) -> dict[str, str]:
    """What is not known to be harmless is saved, never shown; what is shown can do nothing."""
    mime = attachment.mime.partition(";")[0].strip().lower()
    shown = mime in SHOWN
    name = quote(attachment.filename or f"{attachment.kind}-{attachment.message_id}", safe="")
    return {
        "Content-Type": mime if shown else "application/octet-stream",
        "Content-Disposition": f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{name}",
        "Content-Security-Policy": SANDBOX,
    }
