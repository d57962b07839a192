"""The state of each part."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from api.deps import ServicesDep

router = APIRouter(tags=["operations"])
PartState = Literal["up", "down"]


class Health(BaseModel):
    """`ok` when every part is up; `degraded` when the assistant answers without one of them."""

    status: Literal["ok", "degraded", "down"]
    database: PartState
    search: PartState
    bot: PartState
    search_error: str | None = None
    whatsapp: PartState | None = Field(None, description="None when no WhatsApp number is set up.")
    whatsapp_error: int | None = Field(None, description="WhatsApp's code for what an operator must mend.")


@router.get("/health", summary="State of each part")
async def health(services: ServicesDep) -> Health:
    """Without the bot, search answers; without search, a person does; without the database, nothing works."""
    database = await _database_up(services)
    search = all(town.search_error is None for town in services.towns)
    bot = await services.bot.ready()
    trouble = services.whatsapp.trouble if services.whatsapp else None
    whole = search and bot and trouble is None
    status: Literal["ok", "degraded", "down"] = "down" if not database else "ok" if whole else "degraded"
    return Health(
        status=status,
        database=_state(database),
        search=_state(search),
        bot=_state(bot),
        search_error="; ".join(town.search_error for town in services.towns if town.search_error) or None,
        whatsapp=_state(trouble is None) if services.whatsapp else None,
        whatsapp_error=trouble,
    )


def _state(up: bool) -> PartState:
    return "up" if up else "down"


async def _database_up(services: ServicesDep) -> bool:
    try:
        async with services.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
        return True
    except (SQLAlchemyError, OSError):
        return False
