"""The watch for danger: the fixed rules first, and then what was learned from written messages.

Rules are read and mended by people, and hold whatever else happens. They find what somebody foresaw; the learned alarm finds much
of the rest. Either is enough, and neither needs a network.
"""

from __future__ import annotations

from dataclasses import dataclass

from api.conversation.danger import Danger, DangerRules, load_rules, sentences
from knowledge.alarm import Alarm
from knowledge.text import words

AT_ONCE = 40
"""Words of a message that the alarm reads as one; it reads a longer one sentence by sentence, as it learned from short ones."""


@dataclass(frozen=True)
class Watch:
    """Finds danger in a message, in any language."""

    rules: DangerRules
    alarm: Alarm

    def find(self, text: str) -> Danger | None:
        """The danger that the text tells, by the rules or else by the alarm; None when neither finds any. Never raises."""
        return self.rules.find(text) or self._heard(text)

    def _heard(self, text: str) -> Danger | None:
        parts = [text] if len(words(text)) <= AT_ONCE else sentences(text)
        loudest = max(map(self.alarm.read, parts), key=lambda reading: reading.probability)
        return Danger(loudest.kind) if loudest.alarm else None


def load_watch() -> Watch:
    """The shipped rules and the shipped alarm."""
    return Watch(load_rules(), Alarm.load())
