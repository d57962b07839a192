"""What the desk's pages show, made from conversations. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from api.conversation.model import Conversation, State
from api.desk.accounts import Staff
from api.desk.words import CLOSINGS, LANGUAGES, REASONS, THEMES, duration, state_in_words
from knowledge.languages import language as language_named
from sociale_kaart.kaart import Kaart
from sociale_kaart.review import ORIGINAL

UNKNOWN = "onbekend"
"""What a filter calls a language or theme that is not known."""


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
    theme_code: str | None
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
    unanswered: bool = False
    """Whether the newcomer wrote last."""
    viewers: tuple[str, ...] = ()
    """Other workers who have its page open."""
    closing: str | None = None
    """Why it was closed."""


@dataclass(frozen=True)
class Wanted:
    """What a worker wants to see of those who wait; empty: everything. Danger is always shown."""

    language: str = ""
    theme: str = ""

    def __bool__(self) -> bool:
        return bool(self.language or self.theme)

    @property
    def query(self) -> str:
        """As it stands in an address, with the question mark."""
        chosen = {"taal": self.language, "thema": self.theme}
        return f"?{urlencode({name: value for name, value in chosen.items() if value})}" if self else ""

    def shows(self, view: ConversationView) -> bool:
        """Whether someone who waits is shown."""
        language = view.language.code if view.language else UNKNOWN
        fits = self.language in ("", language) and self.theme in ("", view.theme_code or UNKNOWN)
        return view.danger or fits


@dataclass(frozen=True)
class QueueView:
    """The queue: who waits, and who is being helped."""

    waiting: tuple[ConversationView, ...]
    held: tuple[ConversationView, ...]
    wanted: Wanted = Wanted()

    @property
    def shown(self) -> tuple[ConversationView, ...]:
        """Those who wait and are wanted."""
        return tuple(view for view in self.waiting if self.wanted.shows(view))

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
        views = (*self.waiting, *self.held)
        changing = ((view.signature, view.reason, view.topic, view.language, view.unanswered, view.viewers) for view in views)
        return tuple((view.id, *rest) for view, rest in zip(views, changing, strict=True))


def view_conversation(
    conversation: Conversation,
    kaart: Kaart,
    staff: Staff,
    now: dt.datetime,
    *,
    unanswered: bool = False,
    viewers: tuple[str, ...] = (),
    closing: str | None = None,
) -> ConversationView:
    """What staff see of a conversation before its messages; `closing` is one of `words.CLOSINGS`."""
    entry = kaart.find(conversation.entry_id)
    since = conversation.waiting_since or conversation.updated_at
    held = conversation.state is State.HUMAN
    return ConversationView(
        id=conversation.id,
        language=view_language(conversation.language),
        danger=conversation.danger,
        reason=REASONS[conversation.reason] if conversation.reason else None,
        topic=entry.texts[ORIGINAL].name if entry else None,
        theme=THEMES[entry.themes[0]] if entry else None,
        theme_code=entry.themes[0] if entry else None,
        since=since,
        waited=duration(int((now - since).total_seconds() // 60)),
        state=state_in_words(conversation),
        waits=conversation.state is State.WAITING,
        held=held,
        mine=held and conversation.staff_id == staff.id,
        holder=conversation.staff_name if held else None,
        changed=conversation.updated_at,
        signature=f"{conversation.state}-{conversation.staff_id or 0}-{int(conversation.danger)}",
        unanswered=held and unanswered,
        viewers=viewers,
        closing=CLOSINGS.get(closing or "") if conversation.state is State.CLOSED else None,
    )


def view_queue(views: Iterable[ConversationView], wanted: Wanted) -> QueueView:
    """The queue in the order it was given: danger first, then who waits longest; one's own before those of others."""
    found = tuple(views)
    held = sorted((view for view in found if view.held), key=lambda view: not view.mine)
    return QueueView(tuple(view for view in found if view.waits), tuple(held), wanted)


def view_language(code: str | None) -> LanguageView | None:
    """The language with its names, or None when it is not known."""
    return LanguageView(code, language_named(code).own_name, LANGUAGES.get(code, code)) if code else None
