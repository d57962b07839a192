"""On what ground somebody is here: asked once in a conversation, where an answer differs by it, and kept nowhere else."""

from __future__ import annotations

from api.answers.answer import Answer
from api.conversation.commands import Command
from api.conversation.model import Conversation
from api.rasa.form import STATUS, option_of
from knowledge.text import words
from sociale_kaart.kaart import Kaart
from sociale_kaart.rules import UNKNOWN, Question
from sociale_kaart.schema import ResidenceStatus

STATUS_ASKED = "asked"
"""Asked and not told yet."""
MAX_WORDS = 6
"""A longer text after that question is a question of its own."""


def differs(answer: Answer, kaart: Kaart) -> bool:
    """Whether an entry is told whose answer differs by residence status."""
    entry = kaart.find(answer.subject) if answer.kind == "entry" else None
    return entry is not None and bool(entry.texts["nl"].for_status)


def status_given(answer: Answer) -> str | None:
    """The residence status that was told in the questions of a rule, or None."""
    told = answer.given.get(STATUS)
    return told if told in set(ResidenceStatus) else None


def status_said(conversation: Conversation, question: Question | None, text: str, command: Command | None) -> str | None:
    """The status that was tapped, or typed in a few words after it was asked; None when the message is about something else."""
    if command:
        known = {*ResidenceStatus, UNKNOWN}
        return command.value if command.intent == "status" and command.value in known else None
    if conversation.status != STATUS_ASKED or question is None or len(words(text)) > MAX_WORDS:
        return None
    return option_of(question, text)
