"""From kaart to objects of Open Referral HSDS 3.1. Pure.

An object is plain JSON data. What the kaart does not know is absent; where HSDS demands a text all the same (`address_1`,
the description of an organisation) it is empty. Names of our own begin with `x_`. Identifiers are made from the
municipality and the kaart's own ids, so that they are the same at every export.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from sociale_kaart.hours import AMSTERDAM
from sociale_kaart.kaart import Kaart
from sociale_kaart.schema import Entry, Kind, Location, ResidenceStatus, Schedule, State, Text, Theme, Weekday

Json = dict[str, Any]
VERSION = "3.1"
NAMESPACE = uuid.UUID("8b1f0c1e-64b1-5f0e-9d0b-0c1d4a6f7e21")
"""Never change it: every identifier that others keep is made with it."""
STATUS: Mapping[State, str] = {
    State.ACTIVE: "active",
    State.ENDED: "defunct",
    # HSDS has no word for these two. `x_state` tells them apart; who shows only what is active shows nothing unconfirmed.
    State.PLANNED: "inactive",
    State.UNKNOWN: "inactive",
}
TAXONOMIES: Mapping[str, type[Theme] | type[ResidenceStatus]] = {"topic": Theme, "residence_status": ResidenceStatus}
"""Our two vocabularies, by the `link_type` of their attributes."""


def identifier(kaart: Kaart, *parts: str) -> str:
    """UUID of one thing of this kaart; `parts` begin with the type of the object."""
    return str(uuid.uuid5(NAMESPACE, "/".join((kaart.municipality.id, *parts))))


def taxonomy_id(link_type: str) -> str:
    """UUID of a vocabulary; the same in every kaart."""
    return str(uuid.uuid5(NAMESPACE, f"taxonomy/{link_type}"))


def term_id(link_type: str, code: str) -> str:
    """UUID of one word of a vocabulary; the same in every kaart."""
    return str(uuid.uuid5(NAMESPACE, f"taxonomy/{link_type}/{code}"))


def service_id(kaart: Kaart, entry: Entry) -> str:
    """UUID of the service that an entry is in HSDS."""
    return identifier(kaart, "service", entry.id)


def organization_id(kaart: Kaart, name: str) -> str:
    """UUID of the organisation called `name`."""
    return identifier(kaart, "organization", name)


def location_id(kaart: Kaart, place: Location) -> str:
    """UUID of a place: two entries at the same address share it."""
    return identifier(kaart, "location", *_named(place))


def _named(place: Location) -> list[str]:
    """What names a place. Its district only where it has one, so that a place without keeps the UUID that it always had."""
    values = [value or "" for value in place.model_dump(exclude={"district"}).values()]
    return [*values, place.district] if place.district else values


def changed_on(entry: Entry) -> dt.date:
    """The newest day that the entry names: facts compared, or a text reviewed. More precisely nobody wrote it down."""
    reviewed = [text.review.on for text in entry.texts.values() if text.review.on]
    return max(entry.verified.on, *reviewed) if reviewed else entry.verified.on


def service(kaart: Kaart, entry: Entry, language: str, *, full: bool) -> Json:
    """The entry as a service with its words in `language`; with `full`, everything nested in it.

    KeyError when the entry has no text in `language`.
    """
    text, plain = entry.texts[language], service_id(kaart, entry)
    start = dt.datetime.combine(changed_on(entry), dt.time(), AMSTERDAM)
    found = {
        "id": plain,
        "organization_id": organization_id(kaart, entry.organization) if entry.organization else None,
        "name": text.name,
        "alternate_name": entry.texts["nl"].name if text.name != entry.texts["nl"].name else None,
        "description": "\n".join((text.summary, *text.answer)),
        "url": str(entry.contact.url) if entry.contact.url else None,
        "email": entry.contact.email,
        "status": STATUS[entry.state],
        "application_process": "\n".join(text.steps),
        "fees_description": text.facts.cost,
        "eligibility_description": text.facts.for_whom,
        "minimum_age": entry.audience.minimum_age,
        "maximum_age": entry.audience.maximum_age,
        "assured_date": entry.verified.on.isoformat(),
        "last_modified": start.isoformat(),
        "organization": organization(kaart, entry.organization) if entry.organization else None,
        "x_entry": entry.id,
        "x_kind": entry.kind.value,
        "x_state": entry.state.value,
        "x_language": language,
        "x_review": _review(text),
    }
    return _known(found | (_nested(kaart, entry, text) if full else {}))


def organization(kaart: Kaart, name: str) -> Json:
    """The organisation called `name`, with what the kaart says where an entry describes the organisation itself."""
    about = next((entry for entry in kaart if entry.organization == name and entry.kind is Kind.ORGANISATION), None)
    found = _known(
        {
            "id": organization_id(kaart, name),
            "name": name,
            "email": about.contact.email if about else None,
            "website": str(about.contact.url) if about and about.contact.url else None,
            "x_entry": about.id if about else None,
        }
    )
    return found | {"description": about.texts["nl"].summary if about else ""}


def organization_with_services(kaart: Kaart, name: str, language: str) -> Json:
    """The organisation with each of its services, nested in full."""
    services = [service(kaart, entry, language, full=True) for entry in kaart if entry.organization == name]
    return organization(kaart, name) | {
        "services": [{key: value for key, value in one.items() if key != "organization"} for one in services]
    }


def location(kaart: Kaart, place: Location) -> Json:
    """One place; it has an address as far as the kaart knows it."""
    found = _known({"id": location_id(kaart, place), "location_type": "physical", "name": place.name})
    if not (place.address_1 or place.postal_code or place.city or place.district):
        return found
    address = {
        "id": identifier(kaart, "address", *_named(place)),
        "address_1": place.address_1 or "",
        "city": place.city or "",
        "state_province": "",
        "postal_code": place.postal_code or "",
        "country": "NL",
        "address_type": "physical",
        **({"region": place.district} if place.district else {}),
    }
    return found | {"addresses": [address]}


def organizations(kaart: Kaart) -> list[str]:
    """The names of the organisations, in the order of the entries."""
    return list(dict.fromkeys(entry.organization for entry in kaart if entry.organization))


def locations(kaart: Kaart) -> list[Location]:
    """The places, each once, in the order of the entries."""
    return list(dict.fromkeys(place for entry in kaart for place in entry.locations))


def _known(found: Mapping[str, Any]) -> Json:
    return {key: value for key, value in found.items() if value not in (None, "", [], {}, ())}


def _review(text: Text) -> Json:
    """The label that goes with the words. Who reviewed them may be a person, and stays with us."""
    return _known({"state": text.review.state.value, "on": text.review.on.isoformat() if text.review.on else None})


def _nested(kaart: Kaart, entry: Entry, text: Text) -> Json:
    id = entry.id
    return {
        "phones": [
            {"id": identifier(kaart, "phone", id, number), "number": number, "type": "voice"} for number in entry.contact.phones
        ],
        "schedules": list(_schedules(kaart, entry)),
        "service_at_locations": [
            {
                "id": identifier(kaart, "service_at_location", id, location_id(kaart, place)),
                "service_id": service_id(kaart, entry),
                "location_id": location_id(kaart, place),
                "location": location(kaart, place),
            }
            for place in entry.locations
        ],
        "languages": [{"id": identifier(kaart, "language", id, code), "code": code} for code in entry.languages],
        "required_documents": [
            {"id": identifier(kaart, "required_document", id, fact), "document": fact}
            for fact in (text.facts.bring,)
            if fact is not None
        ],
        "attributes": list(_attributes(kaart, entry)),
        **({} if entry.free is None else {"x_free": entry.free}),
        "x_closed_on": [day.isoformat() for day in entry.closed_on],
        "x_related": [other for other in entry.related if other in kaart],
        "x_instead": [other for other in entry.instead if other in kaart],
        "x_sources": [
            _known({"document": ref.document, "chapter": ref.chapter} | _document(kaart, ref.document)) for ref in entry.sources
        ],
        "x_verified_against": entry.verified.against,
        "x_review_interval_days": entry.review_interval_days,
        "x_texts": {code: _text(entry, words) for code, words in entry.texts.items()},
    }


def _document(kaart: Kaart, key: str) -> Json:
    source = kaart.municipality.sources[key]
    return {"title": source.title, "date": source.date, "url": str(source.url) if source.url else None}


def _text(entry: Entry, text: Text) -> Json:
    """All words in one language: HSDS itself has no translations."""
    words = text.model_dump(mode="json", exclude_none=True, exclude_defaults=True, exclude={"review", "source_hash"})
    outdated = text.source_hash not in (None, entry.texts["nl"].hash)
    return words | {"review": _review(text)} | ({"outdated": True} if outdated else {})


def _schedules(kaart: Kaart, entry: Entry) -> Iterator[Json]:
    always = Schedule(byday=tuple(Weekday), opens_at=dt.time(0), closes_at=dt.time(23, 59))
    for block in (*([always] if entry.open_always else []), *entry.schedules):
        values = block.model_dump(mode="json", exclude_none=True)
        days = ",".join(values.pop("byday"))
        times = {"opens_at": f"{block.opens_at:%H:%M}", "closes_at": f"{block.closes_at:%H:%M}"}
        closed = ", ".join(day.isoformat() for day in entry.closed_on)
        yield {
            "id": identifier(kaart, "schedule", entry.id, days, *map(str, values.values())),
            "freq": "WEEKLY",
            "byday": days,
            **values,
            **times,
            # An offset would be wrong for half of the year: these are local times.
            "x_timezone": str(AMSTERDAM),
            **({"notes": f"Gesloten: {closed}"} if closed else {}),
        }


def _attributes(kaart: Kaart, entry: Entry) -> Iterator[Json]:
    about = {"link_id": service_id(kaart, entry), "link_entity": "service"}
    for link_type, codes in (("topic", entry.themes), ("residence_status", entry.audience.statuses)):
        for code in codes:
            yield {
                "id": identifier(kaart, "attribute", entry.id, link_type, code),
                **about,
                "link_type": link_type,
                "value": code.value,
                "taxonomy_term_id": term_id(link_type, code),
                "taxonomy_term": _term(link_type, code),
            }
    if entry.audience.women_only:
        yield {
            "id": identifier(kaart, "attribute", entry.id, "target_group", "women"),
            **about,
            "link_type": "target_group",
            "value": "women",
        }


def _term(link_type: str, code: str) -> Json:
    return {
        "id": term_id(link_type, code),
        "code": code,
        "name": code.replace("_", " ").capitalize(),
        "description": str(TAXONOMIES[link_type].__doc__),
        "taxonomy_id": taxonomy_id(link_type),
        "taxonomy": link_type,
        "language": "en",
    }
