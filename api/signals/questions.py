"""Which questions got no answer, or one that did not help. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from api.conversation.asked import Outcome
from api.signals.cleaning import cleaned


class Why(StrEnum):
    """What was wrong."""

    NONE = "none"
    """Nothing was found."""
    UNSURE = "unsure"
    """The assistant asked back, and none of it was meant."""
    BAD = "bad"
    """The answer did not help."""


@dataclass(frozen=True)
class Said:
    """What came of a turn, with the words where they were typed."""

    conversation_id: int
    outcome: Outcome
    message_id: int | None
    text: str
    language: str


@dataclass(frozen=True)
class Question:
    """A question without an answer, cleaned of personal data."""

    id: int
    """Of the message."""
    conversation_id: int
    text: str
    language: str
    why: Why


_NOT_MEANT = (Outcome.ASK_BACK, Outcome.REJECTED, Outcome.NONE, Outcome.PERSON)
"""After the assistant asked back: what shows that it had not understood."""


def questions(said: Iterable[Said], most: int, known: Collection[str]) -> list[Question]:
    """The newest questions without an answer, at most so many, oldest first; texts of which nothing is left are left out.

    `known`: words that are no names, see `cleaned`.
    """
    conversations: dict[int, list[Said]] = defaultdict(list)
    for turn in said:
        conversations[turn.conversation_id].append(turn)
    found = sorted(
        (pair for turns in conversations.values() for pair in _unanswered(turns)), key=lambda pair: pair[0].message_id or 0
    )
    made = (
        Question(turn.message_id or 0, turn.conversation_id, text, turn.language, why)
        for turn, why in found[-most:]
        if (text := cleaned(turn.text, known))
    )
    return list(made)


def _unanswered(turns: Sequence[Said]) -> Iterator[tuple[Said, Why]]:
    """The typed turns of one conversation that got no answer, each once."""
    found: dict[int, tuple[Said, Why]] = {}
    for place, turn in enumerate(turns):
        if turn.outcome is Outcome.BAD:
            asked = next((before for before in reversed(turns[:place]) if before.message_id), None)
            if asked and asked.message_id and asked.outcome in (Outcome.ANSWER, Outcome.ASK_BACK):
                found.setdefault(asked.message_id, (asked, Why.BAD))
        elif turn.message_id and turn.outcome is Outcome.NONE:
            found.setdefault(turn.message_id, (turn, Why.NONE))
        elif turn.message_id and turn.outcome is Outcome.ASK_BACK and _not_meant(turns, place):
            found.setdefault(turn.message_id, (turn, Why.UNSURE))
    yield from found.values()


def _not_meant(turns: Sequence[Said], place: int) -> bool:
    """Whether none of what was offered was meant: by what came next, or because it was the second time, so that a person came."""
    if place + 1 < len(turns):
        return turns[place + 1].outcome in _NOT_MEANT
    return place > 0 and turns[place - 1].outcome in (Outcome.ASK_BACK, Outcome.REJECTED)
