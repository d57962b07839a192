"""Puts the kaart into the desk's templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from api.desk import pages
from api.desk.kaart.convert import Typed
from api.desk.kaart.fields import Field, all_fields
from api.desk.kaart.form import Errors, Sheet, different
from api.desk.kaart.views import previews, published_changes
from api.desk.sessions import StaffSession
from api.desk.views import view_language
from api.publishing.errors import EntryChanged, GateRefused
from api.publishing.model import Publication
from api.services import Services, now
from api.towns import Town
from sociale_kaart.kaart import Kaart
from sociale_kaart.review import ORIGINAL

NOTE_LIMIT, ID_LIMIT = 120, 60


@dataclass(frozen=True)
class Draft:
    """What somebody typed for one entry; `seen` is the digest of the file that the form was made from, empty for a new entry."""

    entry_id: str
    sheet: Sheet
    seen: str
    note: str
    new: bool = False

    @property
    def address(self) -> str:
        """Where the form goes."""
        return "/balie/kaart/nieuw" if self.new else f"/balie/kaart/{self.entry_id}"


@dataclass(frozen=True)
class Clash:
    """Somebody else published the entry meanwhile: who, when, and the fields that differ: theirs and mine."""

    error: EntryChanged
    both: frozenset[str]
    differing: Sequence[tuple[Field, Typed, Typed]]


def render(request: Request, staff: StaffSession, template: str, status: int = 200, **values: Any) -> Response:
    """A page of the kaart behind the login."""
    return pages.render(request, template, status, **(pages.frame(staff, "kaart") | values))


def form_page(
    request: Request,
    staff: StaffSession,
    town: Town,
    draft: Draft,
    *,
    status: int = 200,
    errors: Errors | None = None,
    error: str = "",
    clash: Clash | None = None,
    others: Sequence[tuple[str, object]] = (),
) -> Response:
    """The form, with what is wrong beside each field, who else has it open, and what somebody else changed meanwhile."""
    fields = all_fields(town.kaart)
    return render(
        request,
        staff,
        "kaart_form.html",
        status,
        draft=draft,
        fields=fields,
        groups=[(code, view_language(code)) for code in ("", *town.kaart.municipality.languages)],
        errors=errors or {},
        error=error,
        clash=clash,
        others=others,
        note_limit=NOTE_LIMIT,
        id_limit=ID_LIMIT,
    )


def clash_of(town: Town, error: EntryChanged, both: Sequence[str], theirs: Sheet, mine: Sheet) -> Clash:
    """What to show of a clash."""
    return Clash(error, frozenset(both), different(all_fields(town.kaart), theirs, mine))


def preview_page(request: Request, staff: StaffSession, services: Services, kaart: Kaart, draft: Draft) -> Response:
    """What newcomers would read, per language and channel, with the way on and the way back."""
    shown = previews(kaart, services.catalogue, kaart.entry(draft.entry_id), now())
    return render(request, staff, "kaart_preview.html", draft=draft, shown=shown, readonly=True, note_limit=NOTE_LIMIT)


def shared_page(request: Request, staff: StaffSession, services: Services, town: Town, entry_id: str) -> Response:
    """An entry that is not edited here."""
    shown = previews(town.kaart, services.catalogue, town.kaart.entry(entry_id), now())
    title = town.kaart.entry(entry_id).texts[ORIGINAL].name
    return render(request, staff, "kaart_shared.html", shown=shown, readonly=True, title=title)


def refused_page(request: Request, staff: StaffSession, town: Town, draft: Draft | None, error: GateRefused) -> Response:
    """The questions that would not be answered rightly any more."""
    worse = [(view_language(worse.language), worse) for worse in error.worse]
    names = {entry.id: entry.texts[ORIGINAL].name for entry in town.kaart}
    return render(request, staff, "kaart_refused.html", error.status, draft=draft, worse=worse, names=names)


def publication_page(request: Request, staff: StaffSession, town: Town, publication: Publication, fresh: bool) -> Response:
    """What one publication changed, and what the gate saw."""
    changes = published_changes(all_fields(town.kaart), publication)
    return render(request, staff, "kaart_publication.html", publication=publication, changes=changes, fresh=fresh)


def history_page(
    request: Request,
    staff: StaffSession,
    town: Town,
    publications: Sequence[Publication],
    entry_id: str = "",
    *,
    status: int = 200,
    error: str = "",
    problems: Mapping[str, Sequence[str]] | None = None,
) -> Response:
    """Who changed what, when; of one entry when `entry_id` is given."""
    fields = all_fields(town.kaart)
    told = [
        (publication, [change for change in published_changes(fields, publication) if entry_id in ("", change[1])])
        for publication in publications
    ]
    entry = town.kaart.find(entry_id)
    title = entry.texts[ORIGINAL].name if entry else entry_id
    said = [line for lines in (problems or {}).values() for line in lines]
    return render(
        request, staff, "kaart_history.html", status, told=told, entry_id=entry_id, title=title, error=error, problems=said
    )
