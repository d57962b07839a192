"""What the desk's pages show, made from conversations. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from api.conversation.model import Conversation, State
from api.desk.accounts import Staff
from api.desk.words import LANGUAGES, REASONS, THEMES, duration, state_in_words
from knowledge.languages import language as language_named
from sociale_kaart.kaart import Kaart


@dataclass(frozen=True)
class LanguageView:
    """A language for people who may not read it: its own name and the Dutch one."""

    code: str
    own_name: str
    dutch: str


@dataclass(frozen=True)
class ConversationView:
    """One conversation in a list or at the top of its page."""

    id: int
    language: LanguageView | None
    danger: bool
    reason: str | None
    topic: str | None
    theme: str | None
    since: dt.datetime
    waited: str
    state: str
    waits: bool
    held: bool
    mine: bool
    holder: str | None
    changed: dt.datetime
    signature: str
    """Changes when the page's actions must change."""


@dataclass(frozen=True)
class QueueView:
    """The queue: who waits, and who is being helped."""

    waiting: tuple[ConversationView, ...]
    held: tuple[ConversationView, ...]

    @property
    def dangers(self) -> int:
        """How many of those who wait wrote about danger."""
        return sum(view.danger for view in self.waiting)

    @property
    def title(self) -> str:
        """Title of the page, so that a tab in the background tells who waits."""
        count = f"({len(self.waiting)}) " if self.waiting else ""
        return f"{count}{'Gevaar! ' if self.dangers else ''}Wachtrij · Balie"

    @property
    def fingerprint(self) -> tuple[tuple[object, ...], ...]:
        """Differs when a page that shows the queue must be told; the passing of time is no such change."""
        return tuple((view.id, view.signature, view.reason, view.topic, view.language) for view in (*self.waiting, *self.held))


def view_conversation(conversation: Conversation, kaart: Kaart, staff: Staff, now: dt.datetime) -> ConversationView:
    """What staff see of a conversation before its messages."""
    entry = kaart.find(conversation.entry_id)
    since = conversation.waiting_since or conversation.updated_at
    held = conversation.state is State.HUMAN
    return ConversationView(
        id=conversation.id,
        language=view_language(conversation.language),
        danger=conversation.danger,
        reason=REASONS[conversation.reason] if conversation.reason else None,
        topic=entry.texts["nl"].name if entry else None,
        theme=THEMES[entry.themes[0]] if entry else None,
        since=since,
        waited=duration(int((now - since).total_seconds() // 60)),
        state=state_in_words(conversation),
        waits=conversation.state is State.WAITING,
        held=held,
        mine=held and conversation.staff_id == staff.id,
        holder=conversation.staff_name if held else None,
        changed=conversation.updated_at,
        signature=f"{conversation.state}-{conversation.staff_id or 0}-{int(conversation.danger)}",
    )


def view_queue(conversations: Iterable[Conversation], kaart: Kaart, staff: Staff, now: dt.datetime) -> QueueView:
    """The queue in the order it was given: danger first, then who waits longest."""
    views = [view_conversation(conversation, kaart, staff, now) for conversation in conversations]
    return QueueView(tuple(view for view in views if view.waits), tuple(view for view in views if view.held))


def view_language(code: str | None) -> LanguageView | None:
    """The language with its names, or None when it is not known."""
    return LanguageView(code, language_named(code).own_name, LANGUAGES.get(code, code)) if code else None
