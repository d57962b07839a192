"""The one place where errors become responses: one JSON shape for programs, a page in the person's language for browsers."""

from __future__ import annotations

from typing import cast

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.addresses import town_of
from api.conversation.model import Conversation
from api.errors import ApiError, MessageTooLong, NotFound
from api.pages import page_context, render
from api.services import Services
from api.visitor import conversation_of, page_language, wants_json

log = structlog.get_logger(__name__)
MAX_BODY_BYTES = 300_000
"""More than the longest message that settings allow, percent-encoded."""


class ErrorDetail(BaseModel):
    """`code` for programs, `message` for people, in the language of the conversation."""

    code: str
    message: str


class ErrorBody(BaseModel):
    """Every error looks like this."""

    error: ErrorDetail


def install_handlers(app: FastAPI) -> None:
    """Let `app` answer every error in one way."""
    app.add_exception_handler(ApiError, _api_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    # Innermost, so that its responses get the headers that other middleware adds.
    app.user_middleware.append(Middleware(Rim))


async def error_response(request: Request, status: int, code: str, key: str, **values: object) -> Response:
    """The error in the shape that the client reads; `key` and `values` name the sentence for people."""
    services = cast(Services, request.app.state.services)
    language = page_language(request, await _conversation(request, services))
    message = page_context(town_of(request), language)["t"](key, **values)
    if wants_json(request):
        return JSONResponse(ErrorBody(error=ErrorDetail(code=code, message=message)).model_dump(), status)
    return render(request, "error.html", language, status, message=message)


async def _conversation(request: Request, services: Services) -> Conversation | None:
    """The conversation, for its language only: without a database the visitor's own wish will do."""
    try:
        return await conversation_of(request, services)
    except (SQLAlchemyError, OSError):
        return None


async def _api_error(request: Request, error: Exception) -> Response:
    known = cast(ApiError, error)
    response = await error_response(request, known.status, known.code, known.key, **known.values)
    if "retry_after" in known.values:
        response.headers["Retry-After"] = str(known.values["retry_after"])
    return response


async def _invalid(request: Request, error: Exception) -> Response:
    """What is wrong with which field, never what stood in it."""
    problems = cast(RequestValidationError, error).errors()
    fields = "; ".join(f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in problems)
    if wants_json(request):
        return JSONResponse(ErrorBody(error=ErrorDetail(code="invalid_request", message=fields)).model_dump(), 422)
    return await error_response(request, 422, "invalid_request", "error.expired")


async def _http_error(request: Request, error: Exception) -> Response:
    known = cast(HTTPException, error)
    missing = known.status_code == NotFound.status
    code, key = ("not_found", "ui.page_not_found") if missing else (f"http_{known.status_code}", "error.server")
    response = await error_response(request, known.status_code, code, key)
    response.headers.update(known.headers or {})
    return response


class Rim:
    """The last resort around all routes: an unexpected error is logged by its type and answered, a far too long body refused.

    Nothing goes up from here, because a server logs tracebacks and those of a database hold people's words.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        request = Request(scope, receive)
        try:
            if _too_long(request):
                response = await _api_error(request, MessageTooLong(limit=request.app.state.services.settings.message_limit))
                await response(scope, receive, watch)
            else:
                await self._app(scope, receive, watch)
        except Exception as error:
            log.error("unexpected", error=type(error).__name__, path=_route(scope), where=_place(error))
            if not started:
                response = await error_response(request, 500, "error", "error.server")
                await response(scope, receive, watch)


def _too_long(request: Request) -> bool:
    """Whether the body is longer than any message; one of unknown length is not a browser's form, and refused as well."""
    if request.method not in ("POST", "PUT", "PATCH") or request.url.path.startswith(("/rasa/", "/whatsapp/")):
        return False
    length = request.headers.get("content-length", "")
    chunked = "transfer-encoding" in request.headers
    return chunked if not length.isdecimal() else int(length) > MAX_BODY_BYTES


def _route(scope: Scope) -> str:
    """The route's pattern: an address itself may hold what someone typed."""
    return str(getattr(scope.get("route"), "path", ""))


def _place(error: Exception) -> str:
    """Module and line where the error came from."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else ""
