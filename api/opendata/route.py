"""How open data answers: open to every site, with its licence, and with errors that programs can read."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from api.errors_http import ErrorBody, ErrorDetail

LICENCE, LICENCE_URL = "EUPL-1.2", "https://spdx.org/licenses/EUPL-1.2.html"
MAX_AGE_SECONDS = 60
HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Link, Content-Language",
    "Link": f'<{LICENCE_URL}>; rel="license"',
    "Cache-Control": f"public, max-age={MAX_AGE_SECONDS}",
}


class Refused(Exception):
    """A request that has no answer: HTTP status, a code for programs, a sentence for who writes them."""

    def __init__(self, status: int, code: str, message: str) -> None:
        self.status, self.code, self.message = status, code, message
        super().__init__(code)


class OpenRoute(APIRoute):
    """Puts the headers of open data on every answer. Reading needs no account and no cookie, so any site may do it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_openly(request: Request) -> Response:
            try:
                response = await handle(request)
            except Refused as error:
                response = _refusal(error.status, error.code, error.message)
            except RequestValidationError as error:
                wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
                response = _refusal(422, "invalid_request", wrong)
            response.headers.update(HEADERS)
            return response

        return handle_openly


def _refusal(status: int, code: str, message: str) -> Response:
    return JSONResponse(ErrorBody(error=ErrorDetail(code=code, message=message)).model_dump(), status)
