"""What a program gets from the open data of a town: lists, pages, filters, languages, refusals."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from opendata_api import Api

from api.opendata import hsds
from sociale_kaart.kaart import Kaart
from sociale_kaart.schema import ResidenceStatus, State, Theme


async def test_it_says_what_it_is(api: Api) -> None:
    about = await api.json("/hsds")
    assert about == await api.json("/hsds/")
    assert about["version"] == "3.1"
    assert about["openapi_url"].endswith("/openapi.json")
    assert about["x_licence"]["id"] == "EUPL-1.2"
    assert (await api.json("/vught/hsds"))["x_csv_url"].endswith("/vught/opendata/vught.csv")


async def test_the_licence_and_the_open_door_are_on_every_answer(api: Api) -> None:
    for path, status in (("/hsds", 200), ("/hsds/services", 200), ("/hsds/services/none", 404), ("/opendata/vught.csv", 200)):
        headers = (await api.get(path, status)).headers
        assert headers["access-control-allow-origin"] == "*"
        assert 'rel="license"' in headers["link"]
        assert "set-cookie" not in headers


async def test_nothing_else_is_open_to_other_sites(client: httpx.AsyncClient) -> None:
    origin = {"origin": "https://elders.test"}
    for answer in (await client.get("/", headers=origin), await client.options("/hsds/services", headers=origin)):
        assert "access-control-allow-origin" not in answer.headers
    assert (await client.post("/hsds/services", headers=origin)).status_code == 405


async def test_pages_hold_everything_once(api: Api, kaart: Kaart) -> None:
    first = await api.json("/hsds/services", per_page=50)
    total = len(kaart.entries)
    pages = -(-total // 50)
    assert (first["total_items"], first["total_pages"], first["page_number"], first["size"]) == (total, pages, 1, 50)
    assert (first["first_page"], first["last_page"], first["empty"]) == (True, False, False)
    seen = [one["id"] for page in range(1, pages + 1) for one in (await api.json("/hsds/services", page=page))["contents"]]
    assert len(seen) == len(set(seen)) == total
    behind = await api.json("/hsds/services", page=pages + 1)
    assert (behind["contents"], behind["empty"], behind["last_page"]) == ([], True, True)


async def test_a_list_is_short_and_full_is_everything(api: Api) -> None:
    short = (await api.json("/hsds/services", search="zwemlessen", per_page=1))["contents"][0]
    assert "attributes" not in short
    assert short["x_review"] == {"state": "draft"}
    full = (await api.json("/hsds/services", search="zwemlessen", per_page=1, full=True))["contents"][0]
    assert full == await api.json(f"/hsds/services/{short['id']}")
    assert set(full["x_texts"]) == {"nl", "en", "ar", "ti", "uk"}


async def test_minimal_is_all_of_it_on_one_page(api: Api, kaart: Kaart) -> None:
    page = await api.json("/hsds/services", minimal=True, per_page=1)
    assert page["size"] == page["total_items"] == len(kaart.entries)
    assert {frozenset(one) for one in page["contents"]} == {frozenset({"id", "last_modified"})}


async def test_ndjson_is_everything_one_a_line(api: Api, kaart: Kaart) -> None:
    answer = await api.get("/hsds/services", format="ndjson", per_page=1, full=True)
    assert answer.headers["content-type"] == "application/x-ndjson"
    services = [json.loads(line) for line in answer.text.splitlines()]
    assert [one["x_entry"] for one in services] == [entry.id for entry in kaart]


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ({"theme": "money"}, lambda entry: Theme.MONEY in entry.themes),
        ({"state": "unknown"}, lambda entry: entry.state is State.UNKNOWN),
        ({"status": "inactive"}, lambda entry: entry.state in (State.UNKNOWN, State.PLANNED)),
        ({"status": "defunct"}, lambda entry: entry.state is State.ENDED),
        (
            {"residence_status": "undocumented"},
            lambda entry: not entry.audience.statuses or ResidenceStatus.UNDOCUMENTED in entry.audience.statuses,
        ),
        ({"taxonomy_term_id": hsds.term_id("topic", "health")}, lambda entry: Theme.HEALTH in entry.themes),
        ({"taxonomy_id": hsds.taxonomy_id("residence_status")}, lambda entry: bool(entry.audience.statuses)),
        ({"theme": "money", "state": "active"}, lambda entry: Theme.MONEY in entry.themes and entry.state is State.ACTIVE),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",  # what a function is called differs between runs
)
async def test_filters_add_up(api: Api, kaart: Kaart, query: dict[str, str], fits: Any) -> None:
    expected = {entry.id for entry in kaart if fits(entry)}
    assert 0 < len(expected) < len(kaart.entries)
    assert await api.names(**query) == expected


async def test_search_looks_in_every_language(api: Api, kaart: Kaart) -> None:
    word = kaart.entry("zwemlessen").texts["uk"].name.split()[0]
    assert "zwemlessen" in await api.names(search=word)
    assert await api.names(search="ZWEMMEN  open") <= await api.names(search="zwemmen") != set()
    assert await api.names(search="qqqq") == set()


async def test_services_of_one_organisation(api: Api, kaart: Kaart) -> None:
    listed = await api.json("/hsds/organizations", search="bindkracht10", per_page=500)
    one = next(found for found in listed["contents"] if found["name"] == "Bindkracht10")
    expected = {entry.id for entry in kaart if entry.organization == "Bindkracht10"}
    assert await api.names(organization_id=one["id"]) == expected
    detail = await api.json(f"/hsds/organizations/{one['id']}")
    assert {service["x_entry"] for service in detail["services"]} == expected
    listed = await api.json("/hsds/organizations", search="bindkracht10", full_service=True)
    assert detail in listed["contents"]


async def test_what_changed_since_a_day_or_moment(api: Api, kaart: Kaart) -> None:
    days = sorted({entry.verified.on for entry in kaart})
    assert len(days) > 1, "one day would tell nothing"
    expected = {entry.id for entry in kaart if entry.verified.on >= days[-1]}
    assert await api.names(modified_after=days[-1]) == expected
    assert await api.names(modified_after=f"{days[-1]}T18:00:00+01:00") == expected, "a day is not split"
    assert await api.names(modified_after=days[0]) == {entry.id for entry in kaart}
    assert await api.names(modified_after="2999-01-01") == set()


async def test_a_place_leads_to_its_services(api: Api, kaart: Kaart) -> None:
    place = next(one for one in (await api.json("/hsds/locations"))["contents"] if one.get("name") == "Gezellig")
    detail = await api.json(f"/hsds/locations/{place['id']}")
    assert detail["addresses"][0]["address_1"] == "Ganzenheuvel 56"
    assert detail["addresses"][0]["postal_code"] == "", "not known, and required by HSDS"
    assert detail["x_services"] == [hsds.service_id(kaart, kaart.entry("gezellig"))]


async def test_words_in_the_language_that_is_asked_for(api: Api, kaart: Kaart) -> None:
    entry = kaart.entry("zwemlessen")
    answer = await api.get(f"/hsds/services/{hsds.service_id(kaart, entry)}", lang="ti")
    assert answer.headers["content-language"] == "ti"
    service = answer.json()
    assert (service["name"], service["alternate_name"]) == (entry.texts["ti"].name, entry.texts["nl"].name)
    assert service["x_language"] == "ti"
    assert service["x_review"]["state"] == entry.texts["ti"].review.state


async def test_each_town_has_its_own(api: Api, kaart: Kaart, vught: Kaart) -> None:
    assert await api.names("/vught/hsds/services") == {entry.id for entry in vught}
    zwemlessen = hsds.service_id(kaart, kaart.entry("zwemlessen"))
    await api.json(f"/vught/hsds/services/{zwemlessen}", 404)
    shared = kaart.entry("spoed-112")
    assert hsds.service_id(kaart, shared) != hsds.service_id(vught, shared)


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/hsds/services?page=0", 422, "page"),
        ("/hsds/services?per_page=1000", 422, "per_page"),
        ("/hsds/services?theme=voetbal", 422, "theme"),
        ("/hsds/services?postcode=6511", 422, "postcode"),
        ("/hsds/services?lang=so", 422, "nl, en, ar, ti, uk"),
        ("/hsds/services?modified_after=gisteren", 422, "modified_after"),
        ("/hsds/organizations/x", 404, "organisation"),
        ("/hsds/locations/x", 404, "place"),
        ("/opendata/tilburg.csv", 404, "municipality"),
    ],
)
async def test_a_refusal_says_what_is_wrong(api: Api, path: str, status: int, says: str) -> None:
    answer = await api.get(path.partition("?")[0], status, **dict([path.partition("?")[2].split("=")] if "?" in path else []))
    assert says in answer.json()["error"]["message"]
    assert answer.headers["content-type"] == "application/json"


async def test_a_refusal_never_repeats_what_was_asked(api: Api) -> None:
    answer = await api.json("/hsds/services", 422, theme="geheim")
    assert "geheim" not in json.dumps(answer)


async def test_the_openapi_description_names_every_filter(api: Api) -> None:
    paths = (await api.json("/openapi.json"))["paths"]
    named = {one["name"] for one in paths["/hsds/services"]["get"]["parameters"]}
    assert named >= {"search", "page", "per_page", "format", "taxonomy_term_id", "taxonomy_id", "organization_id"}
    assert named >= {"modified_after", "minimal", "full", "status", "state", "theme", "language", "residence_status", "lang"}


async def test_csv_of_a_town(api: Api, vught: Kaart) -> None:
    answer = await api.get("/opendata/vught.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="vught.csv"'
    assert answer.content.count(b"\r\n") >= 1 + 5 * len(vught.entries)
    with_mark = await api.get("/opendata/vught.csv", bom=True)
    assert with_mark.content == b"\xef\xbb\xbf" + answer.content
