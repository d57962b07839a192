"""Between rows of the database and what others know of them. Pure."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select

from api.answers.reply import Reply
from api.conversation.asked import Asked
from api.conversation.model import Conversation, Message, Reason, Speaker, State, Step
from api.conversation.tables import AskedRow, ConversationRow, EventRow, MessageRow


def event_row(id: int, step: Step, detail: str | None, staff_id: int | None, at: dt.datetime) -> EventRow:
    """The row that says that a step was taken; without `staff_id` by the newcomer, or by the rules."""
    return EventRow(
        conversation_id=id, step=step, detail=detail, actor="staff" if staff_id else "person", staff_id=staff_id, at=at
    )


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


def conversation_from(row: ConversationRow, staff_name: str | None) -> Conversation:
    """The conversation, with the name of who has it."""
    return Conversation(
        id=row.id,
        channel=row.channel,
        town=row.town,
        sender=row.sender,
        language=row.language,
        state=State(row.state),
        reason=Reason(row.reason) if row.reason else None,
        danger=row.danger,
        failures=row.failures,
        entry_id=row.entry_id,
        status=row.status,
        staff_id=row.staff_id,
        staff_name=staff_name,
        waiting_since=row.waiting_since,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def message_from(row: MessageRow) -> Message:
    """The message as others know it."""
    return Message(
        id=row.id,
        conversation_id=row.conversation_id,
        speaker=Speaker(row.speaker),
        name=row.name,
        language=row.language,
        text=row.text,
        reply=Reply.model_validate(row.reply) if row.reply else None,
        at=row.at,
        answers_id=row.answers_id,
    )
