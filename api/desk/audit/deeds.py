"""What stands in the audit log, and how each line is tied to the one before it. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum

BEGINNING = ""
"""What the very first line has before it."""


class Kind(StrEnum):
    """What was done."""

    LOGIN = "login"
    LOGIN_FAILED = "login_failed"
    CODE_FAILED = "code_failed"
    RECOVERY_USED = "recovery_used"
    LOGOUT = "logout"
    SESSION_ENDED = "session_ended"
    SESSIONS_ENDED = "sessions_ended"
    ACCOUNT_MADE = "account_made"
    PASSWORD_CHANGED = "password_changed"
    SECOND_STEP_ON = "second_step_on"
    SECOND_STEP_OFF = "second_step_off"
    SECOND_STEP_RESET = "second_step_reset"
    RECOVERY_RENEWED = "recovery_renewed"
    INVITED = "invited"
    LINK_MADE = "link_made"
    ROLES_CHANGED = "roles_changed"
    DEACTIVATED = "deactivated"
    REACTIVATED = "reactivated"
    READ = "read"
    CLAIM = "claim"
    REPLY = "reply"
    HAND_BACK = "hand_back"
    CLOSE = "close"
    TEMPLATE = "template"
    RELEASE = "release"
    TRANSFER = "transfer"
    NOTED = "noted"
    NOTE_GONE = "note_gone"
    HOURS = "hours"
    PUBLISHED = "published"
    RESTORED = "restored"
    ENDED = "ended"
    STILL_TRUE = "still_true"
    REPORTS_HANDLED = "reports_handled"
    SIGNED = "signed"
    DOUBTED = "doubted"
    EXPORTED = "exported"
    PRUNED = "pruned"


@dataclass(frozen=True)
class Deed:
    """One thing that somebody did. Ids, numbers and codes only: never words of a conversation, never what was typed.

    `actor_id` is None for the command line; `subject_id` is the account it was done to; `conversation` stays a number
    when the conversation is forgotten; `thing` names an entry of the kaart or a publication.
    """

    kind: Kind
    town: str
    actor_id: int | None
    subject_id: int | None = None
    conversation: int | None = None
    thing: str | None = None
    detail: str | None = None


def digest(previous: str, number: int, at: dt.datetime, deed: Deed) -> str:
    """The hash of a line: it covers the line and the hash of the one before, so that nothing can change unseen."""
    moment = at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    what = [deed.kind, deed.town, deed.actor_id, deed.subject_id, deed.conversation, deed.thing, deed.detail]
    return hashlib.sha256(json.dumps([previous, number, moment, *what], ensure_ascii=True).encode()).hexdigest()
