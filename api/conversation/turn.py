"""What goes into a turn of a conversation and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass

from api.conversation.commands import Command
from api.conversation.danger import Danger
from api.conversation.model import Message
from knowledge.detection import Detection

DEFAULT_LANGUAGE = "nl"
UNDETECTED = Detection(None, 0.0, None)
TO_PERSON = frozenset({"audio", "image", "video", "document"})
"""Kinds of messages that the chatbot cannot read and a person of the desk can."""
SEEN_BY_PERSON = TO_PERSON | {"sticker", "late"}
"""Kinds that need no answer of the chatbot while a person has the conversation."""
IN_WORDS = frozenset({"late", "stop"})
"""Kinds that are words: the conversation shows those, and no name for what was sent."""


@dataclass(frozen=True)
class Incoming:
    """A message as a channel hands it over. `tapped` is true for our own buttons only: then `text` is their payload.

    `kind` names what was sent where it was not (only) words: `audio`, `image`, ... or `late`, words that reached us too late.
    Such a message has a fixed answer in the catalogue (`sent.KIND.answer`) and is named `sent.KIND` in the conversation;
    `text` is what was written beside it. With `introduce` the chatbot says who it is before its first answer.
    """

    origin: str
    text: str
    tapped: bool = False
    kind: str | None = None
    introduce: bool = False


@dataclass(frozen=True)
class Heard:
    """What is known about an incoming message before anything is done with it; `words` is what the conversation shows of it."""

    text: str
    words: str
    detection: Detection = UNDETECTED
    command: Command | None = None
    danger: Danger | None = None


@dataclass(frozen=True)
class Turn:
    """What was stored for one incoming message; `forgotten` when the conversation is gone."""

    message: Message | None
    answers: tuple[Message, ...]
    forgotten: bool = False
