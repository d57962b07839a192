"""The Graph API over HTTP: sends messages, fetches media. No number and no word of a message goes into a log or an exception."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from api.whatsapp.errors import GraphError, GraphSilent, MediaRefused

TIMEOUT: Final = httpx.Timeout(15.0, connect=5.0)
LIMITS: Final = httpx.Limits(max_connections=20)
NOT_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
MEGABYTE: Final = 1024 * 1024


class Answer(BaseModel):
    """Base of what the Graph API answers."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class SentMessage(Answer):
    id: str


class Sent(Answer):
    messages: tuple[SentMessage, ...]


class ErrorDetail(Answer):
    code: int = 0
    fbtrace_id: str | None = None


class Refusal(Answer):
    error: ErrorDetail = ErrorDetail()


class MediaInfo(Answer):
    url: str
    sha256: str | None = None
    file_size: int = 0


@dataclass(frozen=True)
class Address:
    """Which of our numbers a message comes from, and to whom it goes: a phone number, else the id WhatsApp knows them by."""

    number_id: str
    wa_id: str | None
    bsuid: str | None

    @property
    def fields(self) -> dict[str, str]:
        return {"to": self.wa_id} if self.wa_id else {"recipient": self.bsuid or ""}


@dataclass(frozen=True)
class GraphSettings:
    """Where the Graph API is and what opens it."""

    api: str
    version: str
    token: SecretStr
    media_host: str
    media_megabytes: int


def http_client() -> httpx.AsyncClient:
    """A client with our timeouts."""
    return httpx.AsyncClient(timeout=TIMEOUT, limits=LIMITS)


class GraphClient:
    """Calls the Graph API with our token."""

    def __init__(self, http: httpx.AsyncClient, settings: GraphSettings) -> None:
        self._http, self._settings = http, settings

    async def send(self, to: Address, message: dict[str, Any], callback: str | None = None) -> str:
        """Send one message; gives WhatsApp's id for it. `callback` comes back in its statuses.

        Raises:
            GraphError: refused. GraphSilent: no answer.
        """
        body = {"messaging_product": "whatsapp", "recipient_type": "individual", **to.fields, **message}
        if callback:
            body["biz_opaque_callback_data"] = callback
        answer = await self._call("POST", self._address(f"{to.number_id}/messages"), json=body)
        try:
            return Sent.model_validate_json(answer.content).messages[0].id
        except (ValidationError, IndexError):
            # It said 200: the message is on its way, only its id is not known.
            return ""

    async def media(self, media_id: str, sha256: str | None) -> bytes:
        """What a newcomer sent, whole and checked. MediaRefused when it is gone, too large or not what it said it was."""
        try:
            answer = await self._call("GET", self._address(media_id))
            info = MediaInfo.model_validate_json(answer.content)
        except ValidationError:
            raise MediaRefused from None
        except GraphSilent:
            raise
        except GraphError:
            raise MediaRefused from None
        if not self._trusted(info.url):
            raise MediaRefused
        content = await self._download(info)
        if not all(_same(content, expected) for expected in (sha256, info.sha256) if expected):
            raise MediaRefused
        return content

    def _address(self, path: str) -> str:
        return f"{self._settings.api}/{self._settings.version}/{path}"

    def _trusted(self, url: str) -> bool:
        """Whether our token may go there: to WhatsApp's own host for media, or to the Graph API itself."""
        asked, own = urlsplit(url), urlsplit(self._settings.api)
        if (asked.scheme, asked.netloc) == (own.scheme, own.netloc):
            return True
        return asked.scheme == "https" and asked.netloc == self._settings.media_host

    async def _download(self, info: MediaInfo) -> bytes:
        """The bytes, at most as many as are allowed; they are kept in memory only."""
        limit = self._settings.media_megabytes * MEGABYTE
        if info.file_size > limit:
            raise MediaRefused
        content = bytearray()
        try:
            async with self._http.stream("GET", info.url, headers=self._headers) as answer:
                if answer.status_code != httpx.codes.OK:
                    raise MediaRefused
                async for chunk in answer.aiter_bytes():
                    content += chunk
                    if len(content) > limit:
                        raise MediaRefused
        except httpx.HTTPError:
            raise GraphSilent(sent=False) from None
        return bytes(content)

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._settings.token.get_secret_value()}"}

    async def _call(self, method: str, url: str, **parts: Any) -> httpx.Response:
        try:
            answer = await self._http.request(method, url, headers=self._headers, **parts)
        except httpx.HTTPError as error:
            raise GraphSilent(sent=not isinstance(error, NOT_SENT)) from None
        if answer.status_code != httpx.codes.OK:
            raise _refused(answer)
        return answer


def _refused(answer: httpx.Response) -> GraphError:
    try:
        detail = Refusal.model_validate_json(answer.content).error
    except ValidationError:
        # No error of theirs: a proxy, or a server that fell over. The status says how bad it is.
        detail = ErrorDetail(code=190 if answer.status_code == httpx.codes.UNAUTHORIZED else -1)
    return GraphError(detail.code, answer.status_code, detail.fbtrace_id)


def _same(content: bytes, sha256: str) -> bool:
    """Whether the hash fits, in hexadecimal or base64: both are seen."""
    digest = hashlib.sha256(content).digest()
    if sha256.lower() == digest.hex():
        return True
    try:
        return base64.b64decode(sha256, validate=True) == digest
    except binascii.Error:
        return False
