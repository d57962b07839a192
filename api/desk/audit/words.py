"""The audit log in Dutch."""

from __future__ import annotations

from api.desk.account_words import COMMAND_LINE, KINDS, ROLES
from api.desk.audit.deeds import Kind
from api.desk.audit.reading import Line
from api.desk.roles import Role
from api.desk.views import view_language

HOW = {"code": "met een code", "recovery": "met een herstelcode", "link": "met een link", "": ""}
WITH_ROLES = (Kind.ACCOUNT_MADE, Kind.INVITED, Kind.ROLES_CHANGED)
UNKNOWN = (Kind.LOGIN_FAILED, Kind.CODE_FAILED)
"""Done by somebody who did not get in."""


def actor_in_words(line: Line) -> str:
    """Who did it."""
    return line.actor or ("Onbekend" if line.kind in UNKNOWN else COMMAND_LINE)


def kind_in_words(kind: str) -> str:
    """What was done; the code itself when a newer version wrote it."""
    return KINDS[Kind(kind)] if kind in set(Kind) else kind


def detail_in_words(line: Line) -> str:
    """What the code beside it means."""
    detail = line.detail or ""
    if line.kind in WITH_ROLES:
        return ", ".join(ROLES[Role(name)] for name in detail.split(",") if name in set(Role))
    if line.kind == Kind.EXPORTED:
        return f"{detail} regels"
    if line.kind == Kind.PRUNED:
        return f"tot en met regel {detail}"
    if line.kind in (Kind.SIGNED, Kind.DOUBTED) and (language := view_language(detail)):
        return language.dutch
    return HOW.get(detail, detail)
