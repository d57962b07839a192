"""What a tapped button means: an intent and its entities, as Rasa writes them: `/ask{"entry_id":"stips"}`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from api.answers.answer import Answer
from api.answers.ask import Asker

STANDING = frozenset({"person", "language", "forget", "back_to_bot", "about"})
"""Commands that every page offers at any time; all others must have been offered in the conversation."""
SHAPE = re.compile(r"^/(?P<intent>[a-z_]{1,40})(?P<entities>\{.*\})?$", re.DOTALL)


@dataclass(frozen=True)
class Command:
    """A tapped button."""

    intent: str
    entities: dict[str, str] = field(default_factory=dict)

    @property
    def value(self) -> str | None:
        """The one entity's value, if there is one."""
        return next(iter(self.entities.values()), None)


def read_command(payload: str) -> Command | None:
    """The command in `payload`, or None when it is not one."""
    shape = SHAPE.match(payload)
    if not shape:
        return None
    try:
        entities = json.loads(shape["entities"] or "{}")
    except ValueError:
        return None
    return Command(shape["intent"], {str(key): str(value) for key, value in entities.items()})


def without_bot(command: Command, asker: Asker, entry_id: str | None) -> Answer:
    """What a tap means when the bot is silent; `entry_id` is what the conversation is about."""
    if command.intent in ("feedback_good", "feedback_bad"):
        return Answer(kind="feedback", value=command.intent.removeprefix("feedback_"))
    chosen = command.entities.get("entry_id") or entry_id
    return asker.entry(chosen) if chosen else Answer(kind="none", zone="person")
