"""What somebody chose by typing: a number in any digits, or the words of a button. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import groupby

from api.conversation.model import Message, Speaker
from api.whatsapp.bidi import bare
from api.whatsapp.render import Option, Renderer
from knowledge.text import normalise

AROUND = " .)(:#\ufe0f\u20e3"
"""What people, and the keycap emoji, put around a number."""


def typed_number(text: str) -> int | None:
    """The number that the whole text is: 1, ١, ፩, 1️⃣, '2.'; None when it is something else."""
    digits = bare(text).strip(AROUND)
    if digits.isdecimal() and len(digits) <= 3:
        return int(digits)
    value = unicodedata.numeric(digits, None) if len(digits) == 1 else None
    return int(value) if value is not None and value == int(value) else None


def typed_choice(text: str, options: Sequence[Option]) -> str | None:
    """The payload of the option that the text names, or None."""
    number = typed_number(text)
    for option in options:
        if number == option.number or normalise(text) == normalise(option.button.title) != "":
            return option.button.payload
    return None


def last_options(messages: Sequence[Message], renderer: Renderer) -> tuple[Option, ...]:
    """What the newest turn with buttons offered, with its numbers; nothing once a person of the desk spoke after it."""
    for _, said in groupby(reversed(messages), key=lambda message: message.answers_id or -message.id):
        turn = list(said)[::-1]
        if turn[0].speaker is Speaker.STAFF:
            return ()
        replies = [message.reply for message in turn if message.reply]
        if any(reply.buttons for reply in replies):
            return tuple(option for bubble in renderer.turn(replies) for option in bubble.options)
    return ()
