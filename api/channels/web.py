"""The newcomer's page: server-rendered, complete without JavaScript, livelier with it."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Form, Header, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, Field

from api.addresses import base_of, town_of
from api.channels import cookie, installable, reading
from api.channels.limits import LimitsDep
from api.channels.subjects import subjects
from api.conversation.broadcast import topic
from api.conversation.model import Conversation, Message, Speaker
from api.conversation.turn import DEFAULT_LANGUAGE, Incoming, Turn
from api.conversation.verdicts import Verdicts
from api.deps import OUR_FORM, ServicesDep
from api.errors import ApiError, MessageEmpty, NotFound
from api.errors_http import ErrorBody
from api.pages import choices, new_origin, render, render_message
from api.services import Services
from api.settings import Settings
from api.visitor import (
    MAX_NUMBER,
    asked_language,
    client_address,
    conversation_of,
    last_seen,
    page_language,
    wants_json,
)
from knowledge.languages import offered, offered_codes

CHANNEL = "web"
SECRET_BYTES = 32
ORIGIN_LENGTH = 100

router = APIRouter(tags=["chat"])
router.include_router(reading.router)
router.include_router(installable.router)


class RenderedMessage(BaseModel):
    """One message as the page shows it."""

    id: int = Field(description="Grows with each message of a conversation.")
    html: str


class Posted(BaseModel):
    """What one message led to: itself and its answers, oldest first."""

    messages: list[RenderedMessage]
    language: str = Field(description="Language the page should be in now.")
    forgotten: bool = Field(False, description="The conversation is deleted, as was asked; there are no messages.")


ERRORS: dict[int | str, dict[str, Any]] = {code: {"model": ErrorBody} for code in (403, 413, 422, 429)}


@router.get("/", response_class=HTMLResponse, summary="The chat")
async def chat(
    request: Request,
    services: ServicesDep,
    lang: Annotated[str | None, Query(description="Language before there is a conversation: nl, en, ar, ti or uk.")] = None,
    forgotten: Annotated[bool, Query(description="Say that the conversation was deleted.")] = False,
    about: Annotated[str | None, Query(description="Entry that somebody read about: it is offered as a button.")] = None,
) -> Response:
    """The conversation of the cookie, or the first page; who named no language chooses one first."""
    conversation = await conversation_of(request, services)
    if lang not in offered_codes() and not about and conversation is None:
        likely = asked_language(request)
        return render(request, "languages.html", likely or DEFAULT_LANGUAGE, likely=likely)
    return await _page(request, services, conversation, lang, forgotten=forgotten, about=about)


@router.post(
    "/chat/language", summary="Choose a language", status_code=303, response_class=RedirectResponse, dependencies=OUR_FORM
)
async def choose_language(
    request: Request,
    services: ServicesDep,
    limits: LimitsDep,
    lang: Annotated[str, Form(pattern=f"^({'|'.join(offered_codes())})$", description="The language that somebody tapped.")],
) -> Response:
    """Go on in this language; the conversation remembers it, without a message."""
    limits.address.hit(client_address(request))
    conversation, secret = await _opened(request, services, None)
    await services.store.change(conversation.id, language=lang)
    response = RedirectResponse(f"{base_of(request)}/?lang={lang}", 303)
    return _with_cookie(request, response, services.settings, secret, forgotten=False)


@router.post(
    "/chat",
    response_model=Posted,
    responses=ERRORS | {303: {"description": "To browsers: back to the page."}},
    dependencies=OUR_FORM,
)
async def post(
    request: Request,
    services: ServicesDep,
    limits: LimitsDep,
    text: Annotated[str | None, Form(description="What someone wrote.")] = None,
    tap: Annotated[str | None, Form(description="What a tapped button stands for; goes before `text`.")] = None,
    origin: Annotated[
        str | None, Form(max_length=ORIGIN_LENGTH, description="Sender's own id: sent twice is one message.")
    ] = None,
    lang: Annotated[str | None, Form(description="Language of the page, for a first message.")] = None,
    answer: Annotated[
        int | None, Form(ge=1, le=MAX_NUMBER, description="Id of the answer that a tap of feedback is about.")
    ] = None,
) -> Response:
    """Send a message or tap a button. With `Accept: application/json` the answers come back; otherwise the page does."""
    incoming = Incoming(origin or new_origin(), tap or text or "", tapped=bool(tap))
    try:
        limits.address.hit(client_address(request))
        if not incoming.text.strip():
            raise MessageEmpty
        conversation, secret = await _opened(request, services, lang)
        limits.conversation.hit(str(conversation.id))
        await _judged(services, conversation, incoming, answer)
        turn = await _received(services, conversation, incoming, new=secret is not None)
    except ApiError as error:
        if wants_json(request):
            raise
        found = await conversation_of(request, services)
        return await _page(request, services, found, lang, error=error, draft=text or "")
    response = await _answer(request, services, conversation, turn)
    return _with_cookie(request, response, services.settings, secret, turn.forgotten)


@router.get("/chat/events", response_class=EventSourceResponse, summary="New messages, as they come")
async def events(
    request: Request,
    services: ServicesDep,
    after: Annotated[int, Query(ge=0, le=MAX_NUMBER, description="Id of the last message on the page.")] = 0,
    last_event_id: Annotated[str, Header(description="Sent by browsers when they connect again; goes before `after`.")] = "",
) -> AsyncIterator[ServerSentEvent]:
    """Every message after the last one seen, each with its id; at the end of the conversation the event `forgotten`."""
    conversation = await conversation_of(request, services)
    if conversation is None:
        # An empty stream would be asked for again and again; this event tells the page to stop.
        yield ServerSentEvent(event="forgotten", data={})
        return
    seen = last_seen(last_event_id, after)
    async with services.broadcast.listen(topic(conversation.id)) as news:
        while True:
            news.clear()
            try:
                current = await services.store.get(conversation.id)
            except NotFound:
                yield ServerSentEvent(event="forgotten", data={})
                return
            for message in await services.store.messages(conversation.id, seen):
                seen = message.id
                yield ServerSentEvent(id=str(seen), data=_rendered(request, page_language(request, current), message))
            await news.wait()


@router.get("/chat/forget", response_class=HTMLResponse, summary="Asks whether the conversation may be deleted")
async def ask_forget(request: Request, services: ServicesDep, lang: str | None = None) -> Response:
    """The confirmation page."""
    return render(request, "forget.html", page_language(request, await conversation_of(request, services), lang))


@router.post(
    "/chat/forget", summary="Delete the conversation", status_code=303, response_class=RedirectResponse, dependencies=OUR_FORM
)
async def forget(request: Request, services: ServicesDep, lang: Annotated[str | None, Form()] = None) -> Response:
    """Delete everything of the cookie's conversation, and the cookie."""
    conversation = await conversation_of(request, services)
    language = page_language(request, conversation, lang)
    if conversation:
        await services.flow.forget(conversation)
    return _with_cookie(request, _fresh(request, language), services.settings, None, forgotten=True)


async def _opened(request: Request, services: Services, lang: str | None) -> tuple[Conversation, str | None]:
    """The cookie's conversation, or a new one with the secret for its cookie."""
    found = await conversation_of(request, services)
    if found:
        return found, None
    secret = secrets.token_urlsafe(SECRET_BYTES)
    conversation = await services.store.open(CHANNEL, secret, town_of(request).id)
    if lang in offered_codes():
        await services.store.change(conversation.id, language=lang)
    return conversation, secret


async def _judged(services: Services, conversation: Conversation, incoming: Incoming, answer: int | None) -> None:
    """Tie feedback to its answer; from here the conversation is about the entry of that answer again."""
    if not incoming.tapped or answer is None:
        return
    for message in await services.store.messages(conversation.id, answer - 1):
        reply = message.reply
        if message.id == answer and reply and incoming.text in {button.payload for button in reply.verdicts}:
            await Verdicts(services.engine).give(message.id, incoming.text)
            await services.store.change(conversation.id, entry_id=reply.about)


async def _received(services: Services, conversation: Conversation, incoming: Incoming, *, new: bool) -> Turn:
    """The turn; when the first message is refused, nothing is left behind."""
    try:
        return await services.flow.receive(conversation, incoming)
    except ApiError:
        if new:
            await services.store.forget(conversation.id)
        raise


async def _answer(request: Request, services: Services, conversation: Conversation, turn: Turn) -> Response:
    """The stored messages for a script, the way back to the page for a browser."""
    if turn.forgotten:
        language = page_language(request, conversation)
        gone = Posted(messages=[], language=language, forgotten=True)
        return JSONResponse(gone.model_dump()) if wants_json(request) else _fresh(request, language)
    if not wants_json(request):
        return RedirectResponse(f"{base_of(request)}/#end", 303)
    language = page_language(request, await services.store.get(conversation.id))
    stored = [turn.message, *turn.answers] if turn.message else turn.answers
    messages = [_rendered(request, language, message) for message in stored]
    return JSONResponse(Posted(messages=messages, language=language).model_dump())


def _rendered(request: Request, language: str, message: Message) -> RenderedMessage:
    return RenderedMessage(id=message.id, html=render_message(request, language, message))


def _fresh(request: Request, language: str) -> Response:
    return RedirectResponse(f"{base_of(request)}/?lang={language}&forgotten=1", 303)


def _with_cookie(request: Request, response: Response, settings: Settings, secret: str | None, forgotten: bool) -> Response:
    """Gives a new conversation its cookie, and takes it from one that is gone."""
    if forgotten:
        cookie.take(request, response, settings)
    elif secret:
        cookie.give(request, response, settings, secret)
    return response


async def _page(
    request: Request,
    services: Services,
    conversation: Conversation | None,
    lang: str | None,
    *,
    forgotten: bool = False,
    error: ApiError | None = None,
    draft: str = "",
    about: str | None = None,
) -> Response:
    """The chat page, with what went wrong and the text that was not sent."""
    language = page_language(request, conversation, lang)
    messages = await services.store.messages(conversation.id) if conversation else []
    names = {known.own_name for known in offered()}
    return render(
        request,
        "chat.html",
        language,
        error.status if error else 200,
        messages=messages,
        chosen=choices(messages),
        verdicts=await Verdicts(services.engine).of(messages),
        themes=subjects(town_of(request)),
        # Until someone asks something, choosing a language is all they did: the examples stay.
        fresh=all(message.text in names for message in messages if message.speaker is Speaker.PERSON),
        form_language=conversation.language if conversation else asked_language(request, lang),
        last=messages[-1].id if messages else 0,
        limit=services.settings.message_limit,
        forgotten=forgotten and not conversation,
        about=town_of(request).kaart.find(about),
        error=error,
        draft=draft,
    )
