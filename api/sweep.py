"""What is too old goes: conversations, referral cards. Numbers about them are counted first."""

from __future__ import annotations

import datetime as dt

import structlog

from api.services import Services, now
from api.signals.signals import count_weeks
from api.volunteer.cards import build_cards
from api.whatsapp.inbox import Inbox

log = structlog.get_logger(__name__)


async def sweep(services: Services) -> int:
    """Delete what is too old; how many conversations went."""
    await count_weeks(services)
    await Inbox(services.engine, now).let_go(now() - dt.timedelta(days=services.settings.retention_days))
    removed, cards = await services.retention.run(), await build_cards(services).sweep()
    if removed or cards:
        log.info("retention", conversations=removed, cards=cards)
    return removed
