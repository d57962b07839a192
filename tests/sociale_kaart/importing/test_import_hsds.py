"""An HSDS file from elsewhere becomes a kaart: what fits comes along, what does not is reported, nothing is made up."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from hsds_schemas import folder as schema_folder

from sociale_kaart.importing.report import ImportRefused
from sociale_kaart.schema import Kind, ReviewState, State, Theme

SERVICE: dict[str, Any] = {
    "id": "ac148810-d857-441c-9679-408f346de14b",
    "name": "Taalcafé De Brug",
    "description": "Oefen Nederlands met anderen. Je mag zo binnenlopen. Er is koffie.",
    "status": "active",
    "assured_date": "2026-05-01",
}
ADDRESS = {"address_1": "Plein 1", "city": "Dorp", "state_province": "Utrecht", "postal_code": "1234 AB", "country": "NL"}


def service(**changes: Any) -> dict[str, Any]:
    return SERVICE | changes


def test_a_service_becomes_a_draft_in_dutch(importer) -> None:
    entry, lost = importer.one(service())
    assert (entry.id, entry.kind, entry.state, entry.themes) == (
        "taalcafe-de-brug",
        Kind.SERVICE,
        State.ACTIVE,
        (Theme.PARTICIPATION,),
    )
    text = entry.texts["nl"]
    assert text.summary == "Oefen Nederlands met anderen."
    assert text.answer == ("Je mag zo binnenlopen.", "Er is koffie.")
    assert (text.review.state, text.questions) == (ReviewState.DRAFT, ())
    assert (entry.verified.on, entry.verified.by, entry.verified.against) == (dt.date(2026, 5, 1), "import", "source")
    assert entry.sources[0].chapter == SERVICE["id"]
    assert lost == {"themes": "names none of ours: participation was noted"}


def test_where_nobody_checked_the_day_of_the_import_counts(importer) -> None:
    entry, _ = importer.one({key: value for key, value in SERVICE.items() if key != "assured_date"})
    assert entry.verified.on == dt.date(2026, 11, 22)
    entry, lost = importer.one(service(assured_date="2031-01-01"))
    assert entry.verified.on == dt.date(2026, 11, 22)
    assert "verified.on" in lost


def test_facts_find_their_places(importer) -> None:
    entry, lost = importer.one(
        service(
            organization={"id": "x", "name": "Stichting De Brug", "description": "Een stichting"},
            email="info@example.org",
            url="https://example.org/",
            phones=[{"id": "x", "number": "(073) 123 45 67", "type": "voice", "extension": 12}],
            languages=[{"id": "x", "code": "ti", "name": "Tigrinya"}],
            minimum_age=18,
            eligibility_description="Voor volwassenen.",
            fees_description="Het is gratis.",
            application_process="Loop binnen.\nVraag naar de vrijwilliger.",
            required_documents=[{"id": "x", "document": "Een pen."}],
            service_at_locations=[{"id": "x", "location": {"id": "x", "name": "De Brug", "addresses": [ADDRESS | {"id": "x"}]}}],
            schedules=[{"id": "x", "freq": "WEEKLY", "byday": "TU, FR", "opens_at": "10:00:00", "closes_at": "12:00+01:00"}],
            attributes=[{"id": "x", "link_type": "topic", "taxonomy_term": {"id": "x", "code": "social_network"}}],
        )
    )
    assert (entry.organization, entry.contact.email, str(entry.contact.url)) == (
        "Stichting De Brug",
        "info@example.org",
        "https://example.org/",
    )
    assert (entry.contact.phones, entry.languages, entry.audience.minimum_age) == (("073 123 45 67",), ("ti",), 18)
    text = entry.texts["nl"]
    assert (text.facts.for_whom, text.facts.cost, text.facts.bring) == ("Voor volwassenen.", "Het is gratis.", "Een pen.")
    assert text.steps == ("Loop binnen.", "Vraag naar de vrijwilliger.")
    place = entry.locations[0]
    assert (place.name, place.address_1, place.postal_code, place.city) == ("De Brug", "Plein 1", "1234 AB", "Dorp")
    block = entry.schedules[0]
    assert (block.byday, block.opens_at, block.closes_at) == (("TU", "FR"), dt.time(10), dt.time(12))
    assert entry.themes == (Theme.SOCIAL_NETWORK,)
    where = "service_at_locations.location.addresses.state_province"
    assert set(lost) == {"organization.description", "phones.type", "phones.extension", "languages.name", where}


def test_what_has_no_place_is_reported_not_squeezed_in(importer) -> None:
    entry, lost = importer.one(
        service(
            alert="Deze week dicht",
            contacts=[{"id": "x", "name": "Sanne Peters", "email": "sanne@example.org"}],
            interpretation_services="Met tolk",
            cost_options=[{"id": "x", "amount": 5, "currency": "EUR"}],
            capacities=[{"id": "x", "available": 3}],
        )
    )
    assert {"alert", "contacts.name", "contacts.email", "interpretation_services", "cost_options.amount"} <= set(lost)
    assert "capacities.available" in lost
    assert "Sanne" not in entry.model_dump_json()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "niet-goed"}, "contact.email"),
        ({"url": "javascript:alert(1)"}, "contact.url"),
        ({"url": ["https://example.org"]}, "contact.url"),
        ({"phones": [{"number": "bel ons"}, {"number": "112"}]}, "contact.phones.0"),
        ({"languages": [{"code": "Tigrinya"}]}, "languages.0"),
        ({"minimum_age": 12.5}, "audience.minimum_age"),
        ({"fees_description": "Het kost € 5 per keer."}, "fees_description"),
        ({"eligibility_description": "Voor wie wil. " * 60}, "eligibility_description"),
        ({"schedules": [{"freq": "MONTHLY", "byday": "1SA", "opens_at": "10:00", "closes_at": "11:00"}]}, "schedules"),
        ({"schedules": [{"byday": "MO", "opens_at": "10:00Z", "closes_at": "11:00Z"}]}, "schedules"),
        ({"schedules": [{"byday": "MO", "opens_at": "12:00", "closes_at": "11:00"}]}, "schedules.0"),
        ({"schedules": [{"byday": "MA", "opens_at": "10:00", "closes_at": "11:00"}]}, "schedules.0.byday.0"),
        ({"x_related": ["elders"]}, "related"),
        ({"status": "temporarily closed"}, "status"),
        ({"attributes": [{"link_type": "topic", "value": "voetbal"}]}, "attributes"),
    ],
    ids=str,
)
def test_one_wrong_field_costs_one_field(importer, changes: dict[str, Any], field: str) -> None:
    entry, lost = importer.one(service(**changes))
    assert field in lost
    assert entry.texts["nl"].name == "Taalcafé De Brug"
    assert "javascript" not in entry.model_dump_json()


def test_good_neighbours_of_a_wrong_field_stay(importer) -> None:
    blocks = [
        {"byday": "MO", "opens_at": "12:00", "closes_at": "11:00"},
        {"byday": "MA", "opens_at": "1:00", "closes_at": "2"},
        {"byday": "TU", "opens_at": "10:00", "closes_at": "11:00"},
        {"byday": "XX", "opens_at": "10:00", "closes_at": "11:00"},
        {"byday": "WE", "opens_at": "10:00", "closes_at": "11:00"},
    ]
    entry, _ = importer.one(
        service(schedules=blocks, phones=[{"number": "x"}, {"number": "112"}, {"number": "y"}, {"number": "113"}])
    )
    assert [block.byday for block in entry.schedules] == [("TU",), ("WE",)]
    assert entry.contact.phones == ("112", "113")


def test_an_amount_never_comes_in(importer) -> None:
    entry, lost = importer.one(service(description="Oefen Nederlands. Een les kost 12,50 euro. Kom langs."))
    assert (entry.texts["nl"].summary, entry.texts["nl"].answer) == ("Oefen Nederlands.", ("Kom langs.",))
    assert lost["description"] == "names an amount of money, which nobody confirmed"


def test_markup_becomes_plain_text(importer) -> None:
    html = "<p>Oefen Nederlands &amp; <b>praat</b> mee.</p><script>alert(1)</script><ul><li>Kom langs.</li></ul>"
    entry, _ = importer.one(service(description=html))
    assert (entry.texts["nl"].summary, entry.texts["nl"].answer) == ("Oefen Nederlands & praat mee.", ("Kom langs.",))


def test_a_long_description_is_cut_between_sentences(importer) -> None:
    long = " ".join(f"Dit is zin nummer {number} van een heel lange beschrijving." for number in range(100))
    entry, lost = importer.one(service(description=long))
    answer = entry.texts["nl"].answer
    assert len(answer) == 3
    assert all(line.endswith(".") and len(line) <= 600 for line in answer)
    assert long.startswith(" ".join((entry.texts["nl"].summary, *answer)))
    assert "description" in lost


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"description": ""}, "summary"),
        ({"description": "Een les kost € 5."}, "summary"),
        ({"name": ""}, "name"),
        ({"status": "gone"}, "state"),
        ({"status": "defunct"}, "what ended needs it"),
        ({"x_kind": "winkel"}, "kind"),
        ({"x_language": "ti"}, "has no Dutch text"),
        ({"x_kind": "emergency", "attributes": [{"link_type": "topic", "value": "health"}]}, "emergency"),
    ],
    ids=str,
)
def test_a_record_that_cannot_be_an_entry_is_left_out_with_the_reason(importer, changes: dict[str, Any], why: str) -> None:
    kaart, report = importer.hsds([service(**changes), service(name="Een ander")])
    assert [entry.id for entry in kaart] == ["een-ander"]
    assert report.left_out[0].record.startswith("1")
    assert why in report.left_out[0].why
    assert len(report.left_out) == 1


def test_without_a_theme_a_record_is_left_out(importer) -> None:
    with pytest.raises(ImportRefused, match=r"left out: 1 \(Taalcafé De Brug\): themes: Field required"):
        importer.hsds([service()], theme=None)


def test_what_ended_may_lead_on(importer) -> None:
    old = service(name="Oud", status="defunct", x_instead=["nieuw", "weg"])
    kaart, report = importer.hsds([old, service(name="Nieuw")])
    assert kaart.entry("oud").instead == ("nieuw",)
    assert ("instead", "names an entry that did not come along") in {(loss.field, loss.why) for loss in report.dropped}


def test_names_that_are_alike_get_ids_of_their_own(importer) -> None:
    kaart, _ = importer.hsds([service(), service(), service(name="ቤት ትምህርቲ"), service(x_entry="../../etc/passwd", name="Pad")])
    assert {entry.id for entry in kaart} == {"taalcafe-de-brug", "taalcafe-de-brug-2", "item", "pad"}


@pytest.mark.parametrize("shape", ["list", "page", "one", "lines"])
def test_every_shape_that_hsds_has(importer, shape: str) -> None:
    content = {
        "list": json.dumps([SERVICE]),
        "page": json.dumps({"total_items": 1, "contents": [SERVICE]}),
        "one": json.dumps(SERVICE, indent=2),
        "lines": f"{json.dumps(SERVICE)}\n\n{json.dumps(service(name='Twee'))}\n",
    }[shape]
    kaart, report = importer.file(content.encode())
    assert report.records == len(kaart.entries) == (2 if shape == "lines" else 1)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"id": 1,\n "name": }', "line 2: is not JSON"),
        (b'{"id": 1}\n{"id": }\n', "line 2: is not JSON"),
        (b"[1, 2]", "no list of HSDS services"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[\xff]", "line 1: is not UTF-8 text"),
        (b"[]", "no record can become an entry"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_hsds_is_refused(importer, content: bytes, says: str) -> None:
    with pytest.raises(ImportRefused, match=says):
        importer.file(content)
    assert list(importer.parent.iterdir()) == [], "nothing is left behind"


def test_odd_values_never_break_the_import(importer) -> None:
    odd: list[Any] = [None, 5, "x", [], {}, [None], [5], {"a": {"b": []}}]
    fields = (
        "phones",
        "schedules",
        "languages",
        "service_at_locations",
        "attributes",
        "organization",
        "x_texts",
        "required_documents",
    )
    others = ("minimum_age", "email", "url", "x_entry", "x_related", "x_closed_on", "assured_date", "x_review_interval_days")
    services = [service(**{field: value}) for field in (*fields, *others) for value in odd]
    kaart, report = importer.hsds(services)
    assert report.entries + len(report.left_out) == len(services)
    assert len(kaart.entries) > len(services) / 2


def test_the_published_example_comes_in(importer) -> None:
    """A full service as Open Referral shows it: nearly every field that there is."""
    found = schema_folder()
    if found is None or not (found / "service_full.json").is_file():
        pytest.skip("the published example is not here: set KAART_HSDS_SCHEMAS")
    example = json.loads((found / "service_full.json").read_text(encoding="utf-8"))
    entry, lost = importer.one(example)
    assert entry.texts["nl"].name == "Community Counselling"
    assert entry.audience.minimum_age == 12
    assert {"contacts.name", "capacities.available", "program.name", "funding.source", "alert"} <= set(lost)
