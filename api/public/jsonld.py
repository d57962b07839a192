"""An entry for machines: schema.org as JSON-LD. It says what the kaart knows and leaves out the rest. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from api.i18n.catalogue import Catalogue
from sociale_kaart.freshness import Freshness, freshness
from sociale_kaart.kaart import Kaart
from sociale_kaart.schema import Entry, Kind, Location, Schedule, State, Weekday

SERVICE = "GovernmentService"
TYPES = {
    Kind.DESK: SERVICE,
    Kind.SERVICE: SERVICE,
    Kind.SCHEME: SERVICE,
    Kind.PERSON: SERVICE,
    Kind.ORGANISATION: "Organization",
    Kind.SCHOOL: "EducationalOrganization",
    Kind.PLACE: "Place",
    Kind.EMERGENCY: "EmergencyService",
}
"""An explainer or information is no thing in the world: only its page is described."""
ORGANISATIONS = ("Organization", "EducationalOrganization")
DAYS = dict(zip(Weekday, ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"], strict=True))
Data = dict[str, Any]


def describe(kaart: Kaart, entry: Entry, language: str, url: str, catalogue: Catalogue, today: dt.date) -> Data:
    """The entry as one JSON-LD object; `url` is its page's own address.

    A machine does not read the sentence 'this is still a plan': what is not known to exist today is described as a page only.
    """
    page = _filled(
        {
            "@type": "WebPage",
            "url": url,
            "name": entry.text(language).name,
            "inLanguage": language if language in entry.texts else "nl",
            "lastReviewed": entry.verified.on.isoformat(),
            "isBasedOn": list(_sources(kaart, entry)),
        }
    )
    kind = TYPES.get(entry.kind)
    if kind is None or entry.state is not State.ACTIVE or freshness(entry, today) is Freshness.STALE:
        return {"@context": "https://schema.org", **page}
    thing = _thing(entry, language, kind) | _by_kind(entry, language, kind, catalogue)
    return {"@context": "https://schema.org", **_filled(thing), "mainEntityOfPage": page}


def _thing(entry: Entry, language: str, kind: str) -> Data:
    text, dutch = entry.text(language), entry.texts["nl"].name
    return {
        "@type": kind,
        "name": text.name,
        "alternateName": dutch if dutch != text.name else None,
        "description": text.summary,
        "url": str(entry.contact.url) if entry.contact.url else None,
    }


def _by_kind(entry: Entry, language: str, kind: str, catalogue: Catalogue) -> Data:
    """What schema.org names differently for a service, an organisation and a place."""
    places, hours = [_place(place) for place in entry.locations], list(_hours(entry))
    if kind == SERVICE:
        return {
            "serviceOperator": _organisation(entry.organization),
            "audience": _audience(entry, language, catalogue),
            "hoursAvailable": hours,
            "availableChannel": _part(
                "ServiceChannel",
                serviceLocation=places,
                servicePhone=_part("ContactPoint", telephone=list(entry.contact.phones), email=entry.contact.email),
                availableLanguage=list(entry.languages),
            ),
        }
    if kind in ORGANISATIONS:
        reach = _part("ContactPoint", hoursAvailable=hours, availableLanguage=list(entry.languages))
        return _reach(entry) | {"location": places, "contactPoint": reach}
    addresses = [place["address"] for place in places if "address" in place]
    email = {} if kind == "Place" else {"email": entry.contact.email}
    return {"telephone": list(entry.contact.phones), **email, "address": addresses, "openingHoursSpecification": hours}


def _reach(entry: Entry) -> Data:
    return {"telephone": list(entry.contact.phones), "email": entry.contact.email}


def _organisation(name: str | None) -> Data | None:
    if name is None:
        return None
    return {"@type": "GovernmentOrganization" if "gemeente" in name.casefold() else "Organization", "name": name}


def _audience(entry: Entry, language: str, catalogue: Catalogue) -> Data | None:
    whom = entry.audience
    return _part(
        "PeopleAudience",
        audienceType=[catalogue.text(language, f"status.{status}") for status in whom.statuses],
        requiredGender="female" if whom.women_only else None,
        requiredMinAge=whom.minimum_age,
        requiredMaxAge=whom.maximum_age,
    )


def _place(place: Location) -> Data:
    address = _part("PostalAddress", streetAddress=place.address_1, postalCode=place.postal_code, addressLocality=place.city)
    return _filled({"@type": "Place", "name": place.name, "address": address})


def _hours(entry: Entry) -> Iterator[Data]:
    if entry.open_always:
        yield _block(list(DAYS.values()), "00:00", "23:59")
        return
    for block in entry.schedules:
        days = [DAYS[day] for day in block.byday]
        yield _block(days, f"{block.opens_at:%H:%M}", f"{block.closes_at:%H:%M}") | _validity(block)
    for day in entry.closed_on if entry.schedules else ():
        closed = {"validFrom": day.isoformat(), "validThrough": day.isoformat()}
        yield _block([DAYS[list(Weekday)[day.weekday()]]], "00:00", "00:00") | closed


def _validity(block: Schedule) -> Data:
    first, last = block.valid_from, block.valid_to
    return _filled({"validFrom": first and first.isoformat(), "validThrough": last and last.isoformat()})


def _block(days: list[str], opens: str, closes: str) -> Data:
    urls = [f"https://schema.org/{day}" for day in days]
    return {"@type": "OpeningHoursSpecification", "dayOfWeek": urls, "opens": opens, "closes": closes}


def _sources(kaart: Kaart, entry: Entry) -> Iterator[Data]:
    documents = {ref.document: kaart.municipality.sources[ref.document] for ref in entry.sources}
    for document in documents.values():
        yield _filled({"@type": "CreativeWork", "name": document.title, "url": document.url and str(document.url)})


def _part(kind: str, **values: object) -> Data | None:
    """An object of this type; None when nothing is known of it."""
    known = _filled(values)
    return {"@type": kind, **known} if known else None


def _filled(values: Mapping[str, Any]) -> Data:
    """Without what is not known. Zero is known."""
    return {key: value for key, value in values.items() if value is not None and value != [] and value != ""}
