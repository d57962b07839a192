"""The action webhook: Rasa posts what it wants done, and gets events and answer objects."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Header, HTTPException

from api.deps import ServicesDep
from api.rasa.protocol import ActionCall, ActionResult

router = APIRouter(prefix="/rasa", tags=["bot"])


@router.post("/actions", summary="Run one of the bot's actions")
async def run_action(call: ActionCall, services: ServicesDep, x_bot_token: Annotated[str, Header()] = "") -> ActionResult:
    """Only for Rasa: needs the shared secret in `X-Bot-Token`."""
    expected = services.settings.bot_token.get_secret_value()
    if not expected or not secrets.compare_digest(x_bot_token.encode(), expected.encode()):
        raise HTTPException(403, "wrong bot token")
    if call.next_action not in services.actions.names:
        raise HTTPException(404, "no such action")
    return services.actions.run(call)
