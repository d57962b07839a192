"""What a conversation is, and how its state may change. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from api.answers.reply import Reply


class State(StrEnum):
    """Who answers: the bot, nobody yet (waiting for a person), a person, or nobody any more."""

    BOT = "bot"
    WAITING = "waiting"
    HUMAN = "human"
    CLOSED = "closed"


class Step(StrEnum):
    """What can happen to a conversation."""

    ASK_PERSON = "ask_person"
    CLAIM = "claim"
    HAND_BACK = "hand_back"
    CLOSE = "close"
    REOPEN = "reopen"
    RELEASE = "release"
    TRANSFER = "transfer"


class Reason(StrEnum):
    """Why a conversation is in the queue."""

    ASKED = "asked"
    NO_ANSWER = "no_answer"
    FAILURES = "failures"
    DANGER = "danger"
    SENT = "sent"
    """A voice note, photo or document that only a person can hear or read."""


class Speaker(StrEnum):
    """Who wrote a message."""

    PERSON = "person"
    BOT = "bot"
    STAFF = "staff"


TRANSITIONS = {
    (State.BOT, Step.ASK_PERSON): State.WAITING,
    (State.WAITING, Step.CLAIM): State.HUMAN,
    (State.WAITING, Step.HAND_BACK): State.BOT,
    (State.HUMAN, Step.HAND_BACK): State.BOT,
    (State.BOT, Step.CLOSE): State.CLOSED,
    (State.WAITING, Step.CLOSE): State.CLOSED,
    (State.HUMAN, Step.CLOSE): State.CLOSED,
    (State.HUMAN, Step.RELEASE): State.WAITING,
    (State.HUMAN, Step.TRANSFER): State.HUMAN,
    (State.CLOSED, Step.REOPEN): State.BOT,
}


class NotPossible(ValueError):
    """The step does not fit the state."""


def after(state: State, step: Step) -> State:
    """The state that `step` leads to. NotPossible when there is no such step from `state`."""
    try:
        return TRANSITIONS[state, step]
    except KeyError:
        raise NotPossible(f"{step} is not possible from {state}") from None


@dataclass(frozen=True)
class Message:
    """One stored message. `reply` holds the words of the bot; `text` those of people."""

    id: int
    conversation_id: int
    speaker: Speaker
    name: str | None
    language: str | None
    text: str
    reply: Reply | None
    at: dt.datetime
    answers_id: int | None = None
    """The newcomer's message that it answers: what answers the same one was said in one turn."""


@dataclass(frozen=True)
class Conversation:
    """One conversation as it is now."""

    id: int
    channel: str
    town: str
    sender: str
    language: str | None
    state: State
    reason: Reason | None
    danger: bool
    failures: int
    entry_id: str | None
    status: str | None
    """Residence status as told in this conversation: a ResidenceStatus, `unknown`, or None when never asked."""
    staff_id: int | None
    staff_name: str | None
    waiting_since: dt.datetime | None
    created_at: dt.datetime
    updated_at: dt.datetime

    @property
    def urgency(self) -> tuple[bool, dt.datetime]:
        """Sort key of the queue: danger first, then who waits longest."""
        return not self.danger, self.waiting_since or self.updated_at
