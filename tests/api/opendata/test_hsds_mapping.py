"""From an entry to HSDS: what is known is there, what is unknown is not, and nothing says more than the kaart."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hsds_schemas import folder, problems

from api.opendata import hsds
from sociale_kaart.kaart import Kaart
from sociale_kaart.schema import Audience, Contact, Entry, Location, Review, ReviewState, Schedule, State, Verified, Weekday


def with_entry(kaart: Kaart, **changes: Any) -> tuple[Kaart, Entry]:
    entry = kaart.entry("zwemlessen").model_copy(update=changes)
    return replace(kaart, entries=(entry, *(one for one in kaart if one.id != entry.id))), entry


def full(kaart: Kaart, **changes: Any) -> dict[str, Any]:
    service = hsds.service(*with_entry(kaart, **changes), "nl", full=True)
    if folder():  # elsewhere, what the test itself says still holds
        assert problems("service", service) == []
    return service


def test_hours_are_local_and_name_their_zone(kaart: Kaart) -> None:
    block = Schedule(
        byday=(Weekday.MO, Weekday.TH), opens_at=dt.time(9), closes_at=dt.time(12, 30), valid_to=dt.date(2027, 1, 31)
    )
    service = full(kaart, schedules=(block,), closed_on=(dt.date(2026, 12, 25),))
    schedule = service["schedules"][0]
    assert (schedule["freq"], schedule["byday"], schedule["opens_at"], schedule["closes_at"]) == (
        "WEEKLY",
        "MO,TH",
        "09:00",
        "12:30",
    )
    assert (schedule["valid_to"], schedule["x_timezone"]) == ("2027-01-31", "Europe/Amsterdam")
    assert "2026-12-25" in schedule["notes"]
    assert service["x_closed_on"] == ["2026-12-25"]
    assert "valid_from" not in schedule


def test_day_and_night_is_every_day(kaart: Kaart) -> None:
    schedule = full(kaart, open_always=True)["schedules"][0]
    assert (schedule["byday"], schedule["opens_at"], schedule["closes_at"]) == ("MO,TU,WE,TH,FR,SA,SU", "00:00", "23:59")


def test_unknown_hours_are_no_hours(kaart: Kaart) -> None:
    assert "schedules" not in full(kaart, schedules=(), open_always=False)


@pytest.mark.parametrize(
    ("state", "status"),
    [(State.ACTIVE, "active"), (State.ENDED, "defunct"), (State.PLANNED, "inactive"), (State.UNKNOWN, "inactive")],
)
def test_only_what_is_active_is_said_to_be(kaart: Kaart, state: State, status: str) -> None:
    service = full(kaart, state=state)
    assert (service["status"], service["x_state"]) == (status, state)


def test_audience_contact_and_languages(kaart: Kaart) -> None:
    service = full(
        kaart,
        audience=Audience(women_only=True, minimum_age=0, maximum_age=17, statuses=("undocumented",)),
        contact=Contact(phones=("+31 24 123 45 67",), email="info@example.org", url="https://example.org/zwemmen"),
        languages=("ti", "ar"),
    )
    assert (service["minimum_age"], service["maximum_age"]) == (0, 17)
    assert [phone["number"] for phone in service["phones"]] == ["+31 24 123 45 67"]
    assert (service["email"], service["url"]) == ("info@example.org", "https://example.org/zwemmen")
    assert [language["code"] for language in service["languages"]] == ["ti", "ar"]
    words = {(one["link_type"], one["value"]) for one in service["attributes"]}
    assert {("target_group", "women"), ("residence_status", "undocumented")} <= words
    assert all(one["link_id"] == service["id"] for one in service["attributes"])


def test_what_is_unknown_is_absent(kaart: Kaart) -> None:
    service = full(kaart, contact=Contact(), organization=None, audience=Audience(), languages=(), locations=())
    absent = {"organization", "organization_id", "email", "url", "phones", "languages", "minimum_age", "service_at_locations"}
    assert absent.isdisjoint(service)


def test_two_entries_at_one_place_share_it(kaart: Kaart) -> None:
    place = Location(name="Wijkhuis", address_1="Plein 1", postal_code="6511 AB", city="Nijmegen")
    town, entry = with_entry(kaart, locations=(place,))
    other = kaart.entry("stips").model_copy(update={"locations": (place,)})
    assert hsds.location_id(town, place) == full(kaart, locations=(place,))["service_at_locations"][0]["location_id"]
    both = replace(town, entries=(entry, other))
    assert len(hsds.locations(both)) == 1
    assert hsds.location(both, place)["addresses"][0]["postal_code"] == "6511 AB"


def test_a_reviewer_is_never_named(kaart: Kaart) -> None:
    text = kaart.entry("zwemlessen").texts["nl"]
    signed = text.model_copy(update={"review": Review(state=ReviewState.REVIEWED, by="Sanne Peters", on=dt.date(2027, 2, 3))})
    service = full(kaart, texts={"nl": signed})
    assert service["x_review"] == {"state": "reviewed", "on": "2027-02-03"}
    assert "Sanne" not in str(service)
    assert service["last_modified"].startswith("2027-02-03"), "the newest day that the entry names"


def test_a_translation_of_an_older_dutch_text_says_so(kaart: Kaart) -> None:
    texts = dict(kaart.entry("zwemlessen").texts)
    texts["en"] = texts["en"].model_copy(update={"source_hash": "000000000000"})
    texts["ar"] = texts["ar"].model_copy(update={"source_hash": texts["nl"].hash})
    told = full(kaart, texts=texts)["x_texts"]
    assert told["en"]["outdated"] is True
    assert "outdated" not in told["ar"]


def test_identifiers_stay_when_everything_else_changes(kaart: Kaart) -> None:
    """Others keep these: a new release of ours must not change them."""
    changed = full(kaart, state=State.UNKNOWN, verified=Verified(on=dt.date(2027, 1, 1), by="balie", against="source"))
    assert changed["id"] == full(kaart)["id"] == "b01b84b6-928b-5d7e-8688-38ff81786bf0"
    assert hsds.term_id("topic", "health") == "4d509f31-0134-5f07-b192-92b6b5bbf57c"
