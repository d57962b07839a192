"""What a tapped button means: an intent and its entities, as Rasa writes them: `/ask{"entry_id":"stips"}`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

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
