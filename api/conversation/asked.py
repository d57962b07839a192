"""What came of a turn, in one word. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from api.answers.answer import Answer
from api.conversation.commands import Command

REJECTS = "deny"
"""What the button 'none of these' stands for."""


class Outcome(StrEnum):
    """What came of a turn; turns of small talk and of settings come to nothing."""

    ANSWER = "answer"
    ASK_BACK = "ask_back"
    REJECTED = "rejected"
    """None of the offered entries was meant."""
    NONE = "none"
    PERSON = "person"
    DANGER = "danger"
    GOOD = "good"
    BAD = "bad"


@dataclass(frozen=True)
class Asked:
    """What came of one turn. `typed` is false for a tapped button, whose words are ours and no question."""

    outcome: Outcome
    entry_id: str | None = None
    probability: float | None = None
    typed: bool = True


DANGER = Asked(Outcome.DANGER, typed=False)
"""Typed, but nobody needs its words for a count, and they are never shown."""
_OF_KIND = {
    "entry": Outcome.ANSWER,
    "facet": Outcome.ANSWER,
    "outcome": Outcome.ANSWER,
    "ask_back": Outcome.ASK_BACK,
    "none": Outcome.NONE,
    "person": Outcome.PERSON,
}


def asked_of(answer: Answer, command: Command | None, subject: str | None) -> Asked | None:
    """What `answer` says about the turn; None when it says nothing. `subject`: the entry that was told last."""
    typed = command is None
    if answer.kind == "feedback":
        return Asked(Outcome.BAD if answer.value == "bad" else Outcome.GOOD, subject, typed=False)
    if command and command.intent == REJECTS:
        return Asked(Outcome.REJECTED, subject, typed=False)
    outcome = _OF_KIND.get(answer.kind)
    return Asked(outcome, answer.subject, answer.probability, typed) if outcome else None
