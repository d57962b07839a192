"""Reads services of Open Referral HSDS 3.x (one, a list, a page, or one a line) into drafts. Pure.

What our own export adds (`x_...`) is read back; files of others do well without it.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from sociale_kaart.importing.draft import Draft
from sociale_kaart.importing.report import ImportRefused
from sociale_kaart.importing.wording import line_of
from sociale_kaart.schema import Theme

Json = Mapping[str, Any]
NO_PLACE = "the kaart has no place for it"
OTHER_LANGUAGE = "a new kaart begins with Dutch alone"
OTHER_SOURCE = "the imported file is the source now"
CONTACT_PERSON = "a person's name or number is not taken over"
_STATES = {"active": "active", "defunct": "ended", "inactive": "unknown", "temporarily closed": "unknown"}
_DEEPEST = 20
_WEEK = "MO,TU,WE,TH,FR,SA,SU"
_ADDRESS = "service_at_locations.location.addresses"
_TAKEN = {
    *("name", "description", "url", "email", "status", "organization.name", "minimum_age", "maximum_age", "assured_date"),
    *("application_process", "fees_description", "eligibility_description", "required_documents.document"),
    *("phones.number", "languages.code", "service_at_locations.location.name"),
    *(f"{_ADDRESS}.address_1", f"{_ADDRESS}.postal_code", f"{_ADDRESS}.city", f"{_ADDRESS}.region"),
    *("x_entry", "x_kind", "x_state", "x_free", "x_closed_on", "x_related", "x_instead", "x_review_interval_days"),
}
"""Where the values stand that find a place in the kaart."""
_TECHNICAL = {"freq", "wkst", "link_type", "link_entity", "location_type", "address_type", "country", "last_modified", "x_entry"}
"""Fields that say nothing by themselves."""
_JUDGED_APART = {"attributes", "schedules", "x_texts", "x_language", "x_verified_against", "x_review", "x_sources"}
_TIME = re.compile(r"([0-9]{2}:[0-9]{2})(?::00(?:\.0+)?)?(?:\+0[12]:00)?")


def read_hsds(content: str) -> list[Draft]:
    """A draft for each service in the file.

    Raises:
        ImportRefused: the file is not JSON, or holds something else than services.
    """
    return [_draft(place, service) for place, service in enumerate(_services(content), 1)]


def _services(content: str) -> list[Json]:
    try:
        found = json.loads(content)
    except (json.JSONDecodeError, RecursionError) as whole:
        found = _by_line(content, whole)
    if isinstance(found, Mapping):
        found = found.get("contents", [found])
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise ImportRefused("the file holds no list of HSDS services")
    return found


def _by_line(content: str, whole: Exception) -> list[Any]:
    """One object a line. What is wrong with the first line is said about the whole file."""
    found = []
    for number, line in enumerate(content.splitlines(), 1):
        try:
            found += [json.loads(line)] if line.strip() else []
        except (json.JSONDecodeError, RecursionError):
            first = f"line {whole.lineno}: is not JSON" if isinstance(whole, json.JSONDecodeError) else "is nested too deeply"
            raise ImportRefused(first if number == 1 else f"line {number}: is not JSON") from None
    return found


def _draft(place: int, service: Json) -> Draft:
    name, id = _text(service.get("name")), _text(service.get("id"))
    draft = Draft(f"{place} ({line_of(name)[:60]})" if name else str(place), line_of(id)[:60] or f"record {place}")
    _facts(draft, service)
    _places(draft, service)
    _hours(draft, service)
    _audience(draft, service)
    _words(draft, service)
    for path in dict.fromkeys(_paths(service, "")):
        field, top = path.rpartition(".")[2], path.partition(".")[0]
        if path in _TAKEN or field in _TECHNICAL or field == "id" or field.endswith("_id") or top in _JUDGED_APART:
            continue
        if ".schedules." not in path:
            draft.lose(path, CONTACT_PERSON if "contacts" in path.split(".") else NO_PLACE)
    return draft


def _facts(draft: Draft, service: Json) -> None:
    organization = service.get("organization")
    state = _text(service.get("x_state")) or _STATES.get(_text(service.get("status")).lower())
    if state == "unknown" and "x_state" not in service:
        draft.lose("status", "the kaart has no such state: unknown was noted")
    draft.values |= {
        "id": service.get("x_entry"),
        "kind": service.get("x_kind") or "service",
        "organization": line_of(_text(organization.get("name"))) if isinstance(organization, Mapping) else None,
        "state": state,
        "contact": {
            "phones": [_phone(_text(one.get("number"))) for one in _objects(service, "phones") if one.get("number")],
            "email": service.get("email"),
            "url": service.get("url"),
        },
        "languages": [code for one in _objects(service, "languages") if (code := one.get("code"))],
        "free": service.get("x_free"),
        "closed_on": service.get("x_closed_on"),
        "related": service.get("x_related"),
        "instead": service.get("x_instead"),
        "review_interval_days": service.get("x_review_interval_days"),
    }
    draft.verified_on = _date(_text(service.get("assured_date")))
    if service.get("assured_date") and draft.verified_on is None:
        draft.lose("assured_date", "is not a date")
    if service.get("x_sources"):
        draft.lose("x_sources", OTHER_SOURCE)
    if service.get("x_verified_against") == "organisation":
        draft.lose("x_verified_against", "the facts are now compared with the imported file")


def _places(draft: Draft, service: Json) -> None:
    places = []
    for at in _objects(service, "service_at_locations"):
        location = at.get("location")
        for address in _objects(location, "addresses") or [{}]:
            found = (
                {"name": _object(location).get("name")}
                | {key: address.get(key) for key in ("address_1", "postal_code", "city")}
                | {"district": address.get("region")}
            )
            if place := {key: value for key, value in found.items() if value}:
                places.append(place)
    draft.values["locations"] = places


def _hours(draft: Draft, service: Json) -> None:
    blocks: list[dict[str, Any]] = []
    for path, schedule in _schedules(service):
        block = _block(schedule)
        if block is None:
            draft.lose(path, "is not a weekly block of local hours: the kaart knows no other")
        elif block == {"byday": _WEEK.split(","), "opens_at": "00:00", "closes_at": "23:59"}:
            draft.values["open_always"] = True
        elif block not in blocks:
            blocks.append(block)
        for field in ("description", "notes", "schedule_link", "attending_type", "dtstart"):
            if schedule.get(field) and not (field == "notes" and service.get("x_closed_on")):
                draft.lose(f"{path}.{field}", NO_PLACE)
    draft.values["schedules"] = blocks


def _schedules(service: Json) -> Iterator[tuple[str, Json]]:
    for schedule in _objects(service, "schedules"):
        yield "schedules", schedule
    for at in _objects(service, "service_at_locations"):
        for path, owner in (("service_at_locations", at), ("service_at_locations.location", at.get("location"))):
            for schedule in _objects(owner, "schedules"):
                yield f"{path}.schedules", schedule


def _block(schedule: Json) -> dict[str, Any] | None:
    """A weekly block of the kaart; None for what cannot be one: another rhythm, no days, no local times."""
    times = [_TIME.fullmatch(_text(schedule.get(key))) for key in ("opens_at", "closes_at")]
    other = any(schedule.get(key) for key in ("until", "count", "byweekno", "bymonthday", "byyearday"))
    if schedule.get("freq", "WEEKLY") != "WEEKLY" or schedule.get("interval", 1) != 1 or other:
        return None
    days = _text(schedule.get("byday")).replace(" ", "")
    if not days or not all(times):
        return None
    opens, closes = (found[1] for found in times if found)
    period = {key: schedule[key] for key in ("valid_from", "valid_to") if schedule.get(key)}
    return {"byday": days.split(","), "opens_at": opens, "closes_at": closes, **period}


def _audience(draft: Draft, service: Json) -> None:
    found: dict[str, list[str]] = {}
    for attribute in _objects(service, "attributes"):
        kind, value = _text(attribute.get("link_type")), _text(attribute.get("value"))
        code = _text(_object(attribute.get("taxonomy_term")).get("code")) or value
        if (kind == "topic" and code in set(Theme)) or kind == "residence_status" or (kind, value) == ("target_group", "women"):
            found.setdefault(kind, []).append(code)
        else:
            draft.lose("attributes", f"{line_of(kind)[:40] or 'an attribute'}: the kaart has no such word")
    draft.values["themes"] = list(dict.fromkeys(found.get("topic", [])))
    draft.values["audience"] = {
        "statuses": found.get("residence_status", []),
        "women_only": "target_group" in found,
        "minimum_age": service.get("minimum_age"),
        "maximum_age": service.get("maximum_age"),
    }


def _words(draft: Draft, service: Json) -> None:
    texts = _object(service.get("x_texts"))
    for code in texts:
        if code != "nl":
            draft.lose(f"x_texts.{line_of(code)[:10]}", OTHER_LANGUAGE)
    own = _object(texts.get("nl"))
    if own:
        draft.take(own)
        if _object(own.get("review")).get("state", "draft") != "draft":
            draft.lose("x_texts.nl.review", "every text comes in as a draft")
    elif service.get("x_language", "nl") != "nl":
        draft.lose("", "has no Dutch text")
    else:
        draft.text["name"] = draft.line("name", _text(service.get("name")))
        draft.describe("description", _text(service.get("description")))
        draft.text["steps"] = draft.list_of("application_process", _text(service.get("application_process")).splitlines(), 7)
        documents = " ".join(_text(one.get("document")) for one in _objects(service, "required_documents"))
        draft.text["facts"] = {
            "cost": draft.line("fees_description", _text(service.get("fees_description"))),
            "for_whom": draft.line("eligibility_description", _text(service.get("eligibility_description"))),
            "bring": draft.line("required_documents.document", documents),
        }


def _paths(value: Any, path: str, depth: int = 0) -> Iterator[str]:
    """Where something stands, without positions in lists; nothing for what is empty. HSDS itself is not half as deep."""
    if isinstance(value, Mapping) and depth < _DEEPEST:
        for key, inner in value.items():
            name = line_of(key)[:40]
            yield from _paths(inner, f"{path}.{name}" if path else name, depth + 1)
    elif isinstance(value, list) and depth < _DEEPEST:
        for inner in value:
            yield from _paths(inner, path, depth + 1)
    elif value not in (None, "", [], {}):
        yield path


def _objects(owner: object, key: str) -> list[Json]:
    found = _object(owner).get(key)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _object(value: object) -> Json:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _date(value: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value[:10])
    except ValueError:
        return None


def _phone(number: str) -> str:
    return " ".join(re.sub(r"[()\s./\"]+", " ", number).split())
