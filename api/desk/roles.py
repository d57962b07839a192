"""Who may do what: an account has one or more roles, and this table says what each role permits. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Role(StrEnum):
    """What somebody is at the desk."""

    DESK = "desk"
    EDITOR = "editor"
    REVIEWER = "reviewer"
    ADMIN = "admin"


class Permission(StrEnum):
    """What a page or form of the desk asks for."""

    OWN = "own"
    """One's own account, one's own lines of the audit log, the handbook."""
    CONVERSATIONS = "conversations"
    EDIT = "edit"
    FRESHNESS = "freshness"
    REVIEW = "review"
    SIGNALS = "signals"
    """Numbers about what people ask; who may also edit reads the cleaned questions."""
    STAFF = "staff"
    AUDIT = "audit"


PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.DESK: frozenset({Permission.OWN, Permission.CONVERSATIONS, Permission.SIGNALS}),
    Role.EDITOR: frozenset({Permission.OWN, Permission.EDIT, Permission.FRESHNESS, Permission.SIGNALS}),
    Role.REVIEWER: frozenset({Permission.OWN, Permission.REVIEW}),
    # Who manages accounts reads no conversations by that alone.
    Role.ADMIN: frozenset({Permission.OWN, Permission.STAFF, Permission.AUDIT, Permission.SIGNALS}),
}
WORK = frozenset({Role.DESK, Role.EDITOR, Role.REVIEWER})
"""What an account may that was made without saying so: everything but managing the others."""
HOMES = {
    Permission.CONVERSATIONS: "/balie",
    Permission.EDIT: "/balie/kaart",
    Permission.REVIEW: "/balie/nakijken",
    Permission.STAFF: "/balie/collegas",
}
"""Where somebody begins who may do that, the first that fits."""
NO_HOME = "/balie/mijn-account"


def permitted(roles: Iterable[Role]) -> frozenset[Permission]:
    """Everything that these roles permit together."""
    return frozenset(permission for role in roles for permission in PERMISSIONS[role])


def home(roles: Iterable[Role]) -> str:
    """The page of the desk where somebody with these roles begins."""
    may = permitted(roles)
    return next((path for permission, path in HOMES.items() if permission in may), NO_HOME)


def ordered(roles: Iterable[Role]) -> tuple[Role, ...]:
    """The roles in the order of the table."""
    held = set(roles)
    return tuple(role for role in Role if role in held)
