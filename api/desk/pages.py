"""Puts the desk's views into its templates: the queue and the list of before. One conversation is in `talk.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from api import pages
from api.desk.desk import Desk
from api.desk.sessions import StaffSession
from api.desk.views import UNKNOWN, QueueView, Wanted, view_conversation, view_queue
from api.desk.words import DESK_LANGUAGE, DONE, LANGUAGES, THEMES
from api.services import Services
from api.towns import Town

REFUSALS = {
    401: "Not logged in.",
    403: "The form is not ours, or expired.",
    404: "No such conversation for the desk.",
    409: "Someone else was first.",
    422: "Something in the form is not right; the page says what.",
}
NOT_KNOWN = (UNKNOWN, "Niet bekend")


def refusals(descriptions: Mapping[int, str]) -> dict[int | str, dict[str, Any]]:
    """Refusals for OpenAPI: all are pages for people."""
    page = {"text/html": {"schema": {"type": "string"}}}
    return {status: {"description": text, "content": page} for status, text in descriptions.items()}


def render(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A whole page of the desk."""
    return pages.render(request, f"desk/{template}", DESK_LANGUAGE, status, **values)


def fragment(town: Town, template: str, **values: Any) -> str:
    """A piece of a page, for a page that is open already."""
    context = pages.page_context(town, DESK_LANGUAGE)
    return pages.templates.get_template(f"desk/{template}").render(context | values)


def frame(staff: StaffSession, tab: str) -> dict[str, Any]:
    """What is around every page behind the login."""
    return {"staff": staff.staff, "csrf": staff.csrf, "until": staff.expires_at, "tab": tab, "bare": staff.step_due}


async def queue_view(services: Services, desk: Desk, staff: StaffSession, wanted: Wanted) -> QueueView:
    """The queue as this worker sees it."""
    town, now = services.towns.of(staff.staff.town), desk.clock()
    rows = await services.store.waiting(town.id)
    ids = [row.id for row in rows]
    unanswered, viewers = await desk.history.unanswered(ids), await desk.presence.viewers(ids, staff.staff.id)
    views = (
        view_conversation(row, town.kaart, staff.staff, now, unanswered=row.id in unanswered, viewers=viewers.get(row.id, ()))
        for row in rows
    )
    return view_queue(views, wanted)


async def queue_page(
    request: Request, services: Services, desk: Desk, staff: StaffSession, wanted: Wanted, done: str
) -> HTMLResponse:
    """The queue."""
    view = await queue_view(services, desk, staff, wanted)
    languages = [("", "Alle talen"), *((code, LANGUAGES[code]) for code in _languages(services, staff)), NOT_KNOWN]
    themes = [("", "Alle onderwerpen"), *((str(theme), words) for theme, words in THEMES.items()), NOT_KNOWN]
    return render(
        request, "queue.html", queue=view, languages=languages, themes=themes, done=DONE.get(done), **frame(staff, "queue")
    )


async def recent_page(request: Request, services: Services, desk: Desk, staff: StaffSession) -> HTMLResponse:
    """Conversations of before."""
    now, town = desk.clock(), services.towns.of(staff.staff.town)
    found = await desk.history.recent(town.id)
    closings = await desk.history.closings([row.id for row in found])
    rows = [view_conversation(row, town.kaart, staff.staff, now, closing=closings.get(row.id)) for row in found]
    return render(request, "recent.html", rows=rows, **frame(staff, "recent"))


def queue_html(town: Town, view: QueueView) -> str:
    """The tables of the queue."""
    return fragment(town, "queue_lists.html", queue=view)


def _languages(services: Services, staff: StaffSession) -> tuple[str, ...]:
    return services.towns.of(staff.staff.town).kaart.municipality.languages
