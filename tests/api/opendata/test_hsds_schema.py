"""Every object that we publish holds by the schemas that Open Referral publishes."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from hsds_schemas import problems
from opendata_api import Api

from api.opendata import hsds
from sociale_kaart.kaart import Kaart

TOWNS = ("nijmegen", "vught")
REQUIRED = {
    "services": {"id", "name", "status"},
    "phones": {"id", "number"},
    "schedules": {"id"},
    "service_at_locations": {"id"},
    "languages": {"id"},
    "addresses": {"id", "address_1", "city", "state_province", "postal_code", "country", "address_type"},
    "attributes": {"id"},
    "required_documents": {"id"},
    "location": {"id", "location_type"},
    "organization": {"id", "name", "description"},
    "taxonomy_term": {"id", "name", "description"},
}
"""What HSDS 3.1 requires of the objects that we use: also checked where the schemas themselves are not at hand."""


@pytest.fixture(params=TOWNS)
def town(request: pytest.FixtureRequest, kaart: Kaart, vught: Kaart) -> Kaart:
    return {"nijmegen": kaart, "vught": vught}[request.param]


@pytest.mark.parametrize("language", ["nl", "en", "ar", "ti", "uk"])
def test_every_service_in_every_language(town: Kaart, language: str) -> None:
    services = [hsds.service(town, entry, language, full=full) for entry in town for full in (True, False)]
    assert len(services) == 2 * len(town.entries)
    assert [wrong for service in services for wrong in problems("service", service)] == []


def test_every_organisation_with_its_services(town: Kaart) -> None:
    found = [hsds.organization_with_services(town, name, "nl") for name in hsds.organizations(town)]
    assert sum(len(one["services"]) for one in found) == sum(entry.organization is not None for entry in town)
    assert [wrong for one in found for wrong in problems("organization", one)] == []


def test_every_place(town: Kaart) -> None:
    found = [hsds.location(town, place) for place in hsds.locations(town)]
    assert len(found) == len({place for entry in town for place in entry.locations})
    assert [wrong for one in found for wrong in problems("location", one)] == []


async def test_every_page_that_the_api_answers_with(api: Api) -> None:
    for town in ("", "/vught"):
        for kind, name in (("services", "service"), ("organizations", "organization"), ("locations", "location")):
            page = await api.json(f"{town}/hsds/{kind}", per_page=500)
            assert problems("page", page) == []
            assert [wrong for one in page["contents"] for wrong in problems(name, one)] == []
            for one in page["contents"][:5]:
                assert problems(name, await api.json(f"{town}/hsds/{kind}/{one['id']}")) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "zwemlessen"),
        ("status", "unknown"),
        ("url", "zwemlessen.nl"),
        ("last_modified", "2026-11-22"),
        ("minimum_age", "12"),
    ],
)
def test_the_validator_sees_what_is_wrong(kaart: Kaart, field: str, value: str) -> None:
    service = hsds.service(kaart, kaart.entry("zwemlessen"), "nl", full=True)
    assert problems("service", service | {field: value})


def objects(value: Any, name: str = "services") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object in a service, with the name of the field that holds it; not those of our own."""
    if isinstance(value, dict):
        yield name, value
        for key, inner in value.items():
            if not key.startswith("x_"):
                yield from objects(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner, name)


def test_required_fields_identifiers_and_nothing_empty(town: Kaart) -> None:
    ids: dict[str, dict[str, Any]] = {}
    for entry in town:
        for name, one in objects(hsds.service(town, entry, "nl", full=True)):
            assert REQUIRED[name] <= set(one), name
            for key, value in one.items():
                assert value not in (None, [], {}), f"{entry.id}: {name}.{key} is empty"
                assert value != "" or key in REQUIRED[name], f"{entry.id}: {name}.{key} is empty"
                if key == "id" or (key.endswith("_id") and not key.startswith("x_")):
                    assert str(uuid.UUID(value)) == value
            assert ids.setdefault(one["id"], one) == one, f"{name}: two things have the id {one['id']}"
