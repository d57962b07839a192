"""Pages beside the chat: the entries of a theme, an answer to show to somebody, its recording, and privacy."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from api.addresses import town_of
from api.answers.reply import Reply
from api.channels.cookie import DAY_SECONDS
from api.channels.subjects import entries_about, entries_touching
from api.conversation.model import Conversation
from api.deps import ServicesDep
from api.errors import NotFound
from api.pages import render
from api.services import Services, now
from api.towns import Town
from api.visitor import MAX_NUMBER, asked_language, conversation_of, page_language
from sociale_kaart.audio import AUDIO_TYPES, audio_file
from sociale_kaart.review import ORIGINAL
from sociale_kaart.schema import Theme

router = APIRouter()


@router.get("/chat/theme/{theme}", response_class=HTMLResponse, summary="What one can ask about a theme")
async def theme(request: Request, services: ServicesDep, theme: Theme, lang: str | None = None) -> Response:
    """The entries of a theme as buttons; each is answered in the chat."""
    conversation = await conversation_of(request, services)
    language = page_language(request, conversation, lang)
    town = town_of(request)
    return render(
        request, "theme.html", language, theme=theme, entries=entries_about(town, theme), others=entries_touching(town, theme)
    )


@router.get("/chat/show/{message_id}", response_class=HTMLResponse, summary="One answer in two languages")
async def show(request: Request, services: ServicesDep, message_id: int) -> Response:
    """An answer of the cookie's conversation in its own language and in Dutch, both as the kaart says it. NotFound otherwise."""
    conversation = await conversation_of(request, services)
    if conversation is None or not 0 < message_id <= MAX_NUMBER:
        raise NotFound
    told = await _told(services, conversation, message_id)
    texts = {code: _again(town_of(request), conversation, told, code) for code in (told.language, ORIGINAL)}
    page = page_language(request, conversation)
    return render(request, "show.html", page, replies=tuple(texts.values()), message_id=message_id)


@router.get("/chat/audio/{entry_id}/{language}", summary="The recording of an entry", response_class=FileResponse)
def audio(request: Request, services: ServicesDep, entry_id: str, language: str) -> Response:
    """The recording as it stands beside the kaart. NotFound when there is none."""
    town = town_of(request)
    folder = next((folder for folder in services.settings.kaarten if folder.name == town.id), None)
    file = audio_file(folder, town.kaart, entry_id, language) if folder else None
    if file is None:
        raise NotFound
    headers = {"Cache-Control": f"public, max-age={DAY_SECONDS}"}
    return FileResponse(file, media_type=AUDIO_TYPES[file.suffix], headers=headers)


@router.get("/privacy", response_class=HTMLResponse, summary="What happens with people's data")
async def privacy(request: Request, services: ServicesDep, lang: str | None = None) -> Response:
    """The privacy page."""
    language = asked_language(request, lang) if lang else None
    language = language or page_language(request, await conversation_of(request, services))
    return render(request, "privacy.html", language, days=services.settings.retention_days)


async def _told(services: Services, conversation: Conversation, message_id: int) -> Reply:
    """The reply of this conversation that tells of an entry. NotFound when there is no such message."""
    for message in await services.store.messages(conversation.id, message_id - 1):
        if message.id == message_id and message.reply and message.reply.about:
            return message.reply
    raise NotFound


def _again(town: Town, conversation: Conversation, told: Reply, language: str) -> Reply:
    """The same answer in `language`, from the kaart as it is now. NotFound when the entry is gone."""
    entry = town.kaart.find(told.about)
    if entry is None:
        raise NotFound
    if told.facet:
        return town.composer.facet(entry, told.facet, language, now())
    return town.composer.entry(entry, language, now(), conversation.status)
