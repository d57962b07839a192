"""A page behind the login, for the pages about accounts."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.desk.account_words import ROLES, ROLES_EXPLAINED, device_in_words
from api.desk.pages import frame, render
from api.desk.sessions import StaffSession


def page(request: Request, staff: StaffSession, template: str, tab: str = "", status: int = 200, **values: Any) -> HTMLResponse:
    """The page made from `template`, with what is around every page behind the login."""
    words: dict[str, Any] = {"roles": ROLES, "roles_explained": ROLES_EXPLAINED, "device": device_in_words}
    return render(request, template, status, **words, **frame(staff, tab), **values)
