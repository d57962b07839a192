"""Rasa's REST channel: a message in, answer objects out. Every failure is 'no answer', never an exception."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

import httpx
import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from api.answers.answer import Answer

log = structlog.get_logger(__name__)
SPOKEN_SLASH = re.compile(r"^[\s/]+")


class BotClient(Protocol):
    """A dialogue manager."""

    async def ask(self, sender: str, message: str, metadata: Mapping[str, str | None]) -> list[Answer]:
        """Answers to one turn; empty when the bot is down or has nothing to say."""
        ...

    async def ready(self) -> bool:
        """Whether the bot would answer now."""
        ...


class _Custom(BaseModel):
    model_config = ConfigDict(extra="ignore")

    custom: Answer | _Utterance | None = None


class _Utterance(BaseModel):
    """What a domain response (`utter_*`) holds: a catalogue key."""

    model_config = ConfigDict(extra="forbid")

    key: str


class RasaClient:
    """Rasa over HTTP."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def ask(self, sender: str, message: str, metadata: Mapping[str, str | None]) -> list[Answer]:
        try:
            response = await self._http.post(
                "/webhooks/rest/webhook", json={"sender": sender, "message": message, "metadata": dict(metadata)}
            )
            response.raise_for_status()
            items = response.json()
            return [answer for item in items if (answer := _answer(item))]
        except (httpx.HTTPError, ValueError, TypeError) as error:
            log.warning("bot_failed", error=type(error).__name__)
            return []

    async def ready(self) -> bool:
        try:
            return (await self._http.get("/status", timeout=2.0)).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False


def spoken(text: str) -> str:
    """The text without leading slashes: to Rasa a slash means a command, and people do not give commands."""
    return SPOKEN_SLASH.sub("", text)


def _answer(item: object) -> Answer | None:
    try:
        custom = _Custom.model_validate(item).custom
    except ValidationError:
        log.warning("bot_answer_unreadable")
        return None
    if isinstance(custom, _Utterance):
        return Answer(kind="text", key=custom.key, intent=custom.key)
    return custom
