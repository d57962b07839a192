"""The row about what came of one turn."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select

from api.conversation.model import Conversation, Speaker
from api.conversation.tables import MessageRow
from api.signals.asked import Asked
from api.signals.tables import AskedRow


def asked_row(conversation: Conversation, asked: Asked, at: dt.datetime) -> AskedRow:
    """It names the newest message of the newcomer, when that was typed and not tapped."""
    newest = select(func.max(MessageRow.id)).where(
        MessageRow.conversation_id == conversation.id, MessageRow.speaker == Speaker.PERSON
    )
    return AskedRow(
        conversation_id=conversation.id,
        message_id=newest.scalar_subquery() if asked.typed else None,
        town=conversation.town,
        at=at,
        language=conversation.language,
        channel=conversation.channel,
        outcome=asked.outcome,
        entry_id=asked.entry_id,
        probability=asked.probability,
    )
