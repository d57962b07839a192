"""Every entry has a page in every language that says what the chat says; lists, search, print and what caches may keep."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from html import unescape

import httpx
import pytest
from public_towns import town_with, with_entry, words
from stand_ins import FixedSearch, say

from api.answers.reply import Reply
from api.public import router
from api.services import Services
from knowledge.languages import LANGUAGES as KNOWN
from sociale_kaart.hours import AMSTERDAM
from sociale_kaart.kaart import Kaart
from sociale_kaart.schema import Kind, ResidenceStatus, Schedule, State, Verified, Weekday

LANGUAGES = ["nl", "en", "ar", "ti", "uk"]
LD = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def one_line(text: str) -> str:
    return " ".join(text.split())


def parts(reply: Reply) -> list[str]:
    """Everything a reply says, piece by piece."""
    facts = [line for fact in reply.facts for line in (fact.label, fact.value)]
    steps = [line for section in reply.sections for line in (section.heading, *(step.text for step in section.steps))]
    return [str(reply.title), *reply.paragraphs, *facts, *steps, *reply.notes, *reply.sources]


def data(page: httpx.Response) -> dict[str, object]:
    """The JSON-LD of a page."""
    found = LD.search(page.text)
    assert found
    return dict(json.loads(found[1]))


# --- pages of entries


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_entry_has_a_page_that_says_what_the_chat_says(
    client: httpx.AsyncClient, services: Services, kaart: Kaart, language: str
) -> None:
    for entry in kaart:
        page = await client.get(f"/nijmegen/{language}/{entry.id}")
        assert page.status_code == 200
        seen = words(page)
        reply = services.towns.first.composer.entry(entry, language, dt.datetime.now(dt.UTC))
        missing = [part for part in parts(reply) if one_line(part) not in seen]
        assert not missing, (entry.id, missing)
        assert f'<html lang="{language}" dir="{KNOWN[language].direction}">' in page.text
        told = data(page)
        assert told["@context"] == "https://schema.org"
        assert "set-cookie" not in page.headers


async def test_a_page_names_its_own_address_and_its_other_languages(client: httpx.AsyncClient, services: Services) -> None:
    here = f"{services.settings.address}/nijmegen"
    for path in ("/ti/zwemlessen", "/nijmegen/ti/zwemlessen"):
        page = (await client.get(path)).text
        assert re.findall(r'<link rel="canonical" href="([^"]+)">', page) == [f"{here}/ti/zwemlessen"]
        others = re.findall(r'<link rel="alternate" hreflang="(\w+)" href="([^"]+)">', page)
        assert others == [(code, f"{here}/{code}/zwemlessen") for code in LANGUAGES]
        assert '<meta name="robots" content="index, follow">' in page
    assert 'href="/nijmegen/ar/zwemlessen"' in page, "links stay within the town"
    assert (await client.get(f"{here}/ti/zwemlessen".removeprefix(services.settings.address))).status_code == 200


async def test_the_dutch_name_and_the_label_stand_under_the_title(client: httpx.AsyncClient, kaart: Kaart) -> None:
    seen = words(await client.get("/uk/zwemlessen"))
    assert say("uk", "answer.label.draft") in seen
    assert say("uk", "answer.dutch_name", name=kaart.entry("zwemlessen").texts["nl"].name) in seen


async def test_an_entry_leads_on_to_related_ones_and_to_the_chat(client: httpx.AsyncClient, kaart: Kaart) -> None:
    page = (await client.get("/nl/inrichtingskrediet")).text
    for id in kaart.entry("inrichtingskrediet").related:
        assert f'href="/nl/{id}"' in page
    assert page.count('href="/?lang=nl&amp;about=inrichtingskrediet"') == 2, "its rule, and any other question"
    assert say("nl", "public.rule") in words(page)
    assert say("nl", "public.rule") not in words(await client.get("/nl/zwemlessen"))


async def test_what_nobody_checked_for_too_long_is_not_shown(client: httpx.AsyncClient, services: Services, kaart: Kaart) -> None:
    entry = kaart.entry("zwemlessen")
    old = Verified(on=dt.date(2024, 1, 1), by="redactie", against="source")
    with_entry(services, entry.model_copy(update={"verified": old}))
    page, text = await client.get("/en/zwemlessen"), entry.texts["en"]
    assert say("en", "answer.stale", date="1 January 2024") in words(page)
    for gone in (text.answer[0], text.steps[0], text.summary):
        assert gone not in unescape(page.text), "not in the page, not for machines either"
    assert data(page)["@type"] == "WebPage"
    listed = await client.get("/en")
    assert text.name in words(listed)
    assert text.summary not in words(listed)


async def test_an_entry_grows_old_at_midnight_in_the_netherlands(
    client: httpx.AsyncClient, services: Services, kaart: Kaart, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry, midnight = kaart.entry("zwemlessen"), dt.datetime(2026, 7, 1, tzinfo=AMSTERDAM).astimezone(dt.UTC)
    checked = Verified(on=dt.date(2026, 6, 28), by="redactie", against="source")
    with_entry(services, entry.model_copy(update={"verified": checked, "review_interval_days": 1}))
    for moment, stale in ((midnight - dt.timedelta(minutes=1), False), (midnight, True)):
        monkeypatch.setattr(router, "now", lambda moment=moment: moment)
        page = await client.get("/nl/zwemlessen")
        assert (say("nl", "answer.stale", date="28 juni 2026") in words(page)) is stale
        assert (entry.texts["nl"].summary in unescape(page.text)) is not stale
        assert (data(page)["@type"] == "WebPage") is stale


async def test_a_page_that_is_kept_says_hours_and_not_whether_it_is_open_now(
    client: httpx.AsyncClient, services: Services, kaart: Kaart
) -> None:
    every_day = Schedule(byday=tuple(Weekday), opens_at=dt.time(0, 0), closes_at=dt.time(23, 59))
    with_entry(services, kaart.entry("stips").model_copy(update={"schedules": (every_day,)}))
    for path in ("/nl/stips", "/nl/print"):
        seen = words(await client.get(path))
        assert seen.count("00:00-23:59.") == 1
        assert say("nl", "answer.open_now", time="23:59") not in seen
    hours = data(await client.get("/nl/stips"))["hoursAvailable"]
    assert isinstance(hours, list)
    assert (hours[0]["opens"], hours[0]["closes"], len(hours[0]["dayOfWeek"])) == ("00:00", "23:59", 7)


# --- JSON-LD


async def test_an_entry_is_described_for_machines(client: httpx.AsyncClient, services: Services, kaart: Kaart) -> None:
    told, text = data(await client.get("/ti/zwemlessen")), kaart.entry("zwemlessen").texts["ti"]
    assert told["@type"] == "GovernmentService"
    assert (told["name"], told["description"]) == (text.name, text.summary)
    assert told["alternateName"] == kaart.entry("zwemlessen").texts["nl"].name
    assert told["serviceOperator"] == {"@type": "Organization", "name": kaart.entry("zwemlessen").organization}
    about = told["mainEntityOfPage"]
    assert isinstance(about, dict)
    assert about["inLanguage"] == "ti"
    assert about["url"] == f"{services.settings.address}/nijmegen/ti/zwemlessen"
    emergency = data(await client.get("/nl/spoed-112"))
    assert (emergency["@type"], emergency["telephone"]) == ("EmergencyService", ["112"])


async def test_what_may_not_exist_and_what_is_no_thing_is_described_as_a_page(client: httpx.AsyncClient, kaart: Kaart) -> None:
    kinds: Counter[str] = Counter()
    for entry in kaart:
        told = data(await client.get(f"/nl/{entry.id}"))
        only_page = entry.state is not State.ACTIVE or entry.kind in (Kind.EXPLAINER, Kind.INFORMATION)
        assert (told["@type"] == "WebPage") == only_page, entry.id
        assert not re.search(r"null|\[\]|\{\}", json.dumps(told)), "what is not known is left out"
        kinds[str(told["@type"])] += 1
    assert {"GovernmentService", "Organization", "EmergencyService", "EducationalOrganization", "Place", "WebPage"} <= set(kinds)


async def test_a_text_cannot_break_out_of_the_data(client: httpx.AsyncClient, services: Services, kaart: Kaart) -> None:
    evil = "Les </script><script>alert(1)</script><!-- & ]]>"
    entry = kaart.entry("zwemlessen")
    texts = entry.texts | {"nl": entry.texts["nl"].model_copy(update={"name": evil, "summary": evil})}
    with_entry(services, entry.model_copy(update={"texts": texts, "organization": evil}))
    page = await client.get("/nl/zwemlessen")
    assert page.text.count("<script") == page.text.count("</script>") == 1
    assert (data(page)["name"], data(page)["serviceOperator"]) == (evil, {"@type": "Organization", "name": evil})
    for path in ("/nl", "/nl/print", "/nl?q=les"):
        assert "<script" not in (await client.get(path)).text


# --- lists and search


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_list_has_every_entry_by_theme(client: httpx.AsyncClient, kaart: Kaart, language: str) -> None:
    page = await client.get(f"/{language}")
    linked = re.findall(rf'<a href="/{language}/([a-z0-9-]+)">', page.text)
    assert sorted(set(linked) - {"print"}) == sorted(entry.id for entry in kaart)
    assert linked[0] in {entry.id for entry in kaart if entry.themes[0] == "emergency"}, "danger first"
    for theme in {entry.themes[0] for entry in kaart}:
        assert say(language, f"public.theme.{theme}") in words(page)
    assert say(language, "public.drafts") in words(page)


@pytest.mark.parametrize("status", list(ResidenceStatus))
async def test_the_list_can_be_for_one_status(client: httpx.AsyncClient, kaart: Kaart, status: ResidenceStatus) -> None:
    page = (await client.get("/nl", params={"status": status})).text
    listed = set(re.findall(r'<a href="/nl/([a-z0-9-]+)">', page)) - {"print"}
    assert listed == {e.id for e in kaart if not e.audience.statuses or status in e.audience.statuses}
    assert f'<option value="{status}" selected>' in page
    unknown = (await client.get("/nl", params={"status": "koning"})).text
    assert len(re.findall(r"<li>", unknown)) > len(listed)


async def test_search_shows_what_fits_and_then_what_holds_the_words(client: httpx.AsyncClient, search: FixedSearch) -> None:
    search.ids = ["stips", "zwemveiligheid"]
    page = await client.get("/nl", params={"q": "zwemlessen"})
    found = re.findall(r'<a href="/nl/([a-z-]+)">', page.text)
    assert found[:2] == search.ids
    assert "zwemlessen" in found
    assert 'value="zwemlessen"' in page.text
    assert page.headers["cache-control"] == "no-store", "nobody keeps what somebody typed"
    assert '<meta name="robots" content="noindex">' in page.text


@pytest.mark.parametrize(("language", "query"), [("ar", "السِّباحة"), ("ti", "zwemlessen"), ("uk", "ПЛАВАННЯ")])
async def test_without_search_words_are_still_found(
    client: httpx.AsyncClient, services: Services, kaart: Kaart, language: str, query: str
) -> None:
    services.towns.replace(town_with(kaart, services.catalogue, None))
    assert f'href="/{language}/zwemlessen"' in (await client.get(f"/{language}", params={"q": query})).text
    nothing = await client.get(f"/{language}", params={"q": "xyzzy"})
    assert nothing.status_code == 200
    assert say(language, "public.nothing") in words(nothing)
    assert f'href="/?lang={language}"' in nothing.text


async def test_no_answer_of_search_is_not_shown_as_one(client: httpx.AsyncClient, search: FixedSearch) -> None:
    search.zone = "person"
    assert say("nl", "public.nothing") in words(await client.get("/nl", params={"q": "belasting op dividend"}))


@pytest.mark.parametrize(
    ("language", "query"), [("nl", "ik wil niet meer leven"), ("ti", "ነብሰይ ክቐትል ደልየ"), ("nl", "أريد أن أنتحر")]
)
async def test_danger_in_a_search_gets_the_numbers_and_no_promise(client: httpx.AsyncClient, language: str, query: str) -> None:
    page = await client.get(f"/{language}", params={"q": query})
    for line in say(language, "danger.suicide").splitlines():
        assert line in words(page)
    assert 'href="tel:113"' in page.text
    assert say(language, "person.danger_note") not in words(page), "nobody at the desk sees a search"
    assert 'href="/nl/zwemlessen"' not in page.text


async def test_a_search_is_shown_as_text(client: httpx.AsyncClient) -> None:
    page = await client.get("/nl", params={"q": '"><script>alert(1)</script>'})
    assert "<script" not in page.text


# --- which addresses are ours


@pytest.mark.parametrize("path", ["/nl/nergens", "/nl/Zwemlessen", "/vught/nl/zwemlessen"])
async def test_what_is_not_there_has_a_page_with_a_search_box(client: httpx.AsyncClient, path: str) -> None:
    page = await client.get(path)
    assert page.status_code == 404
    assert say("nl", "ui.page_not_found") in words(page)
    assert 'role="search"' in page.text
    assert '<meta name="robots" content="noindex">' in page.text
    assert 'rel="canonical"' not in page.text
    assert page.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_it_is_missing_in_ones_own_language(client: httpx.AsyncClient, language: str) -> None:
    page = await client.get(f"/{language}/nergens")
    assert page.status_code == 404
    assert f'<html lang="{language}"' in page.text
    assert say(language, "public.find") in words(page)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *(("/", 200), ("/health", 200), ("/privacy", 200), ("/balie", 303), ("/balie/recent", 303), ("/static/public.css", 200)),
        *(("/chat/forget", 200), ("/fr", 404), ("/fr/zwemlessen", 404), ("/nlx", 404), ("/nergens", 404), ("/ti/a/b", 404)),
    ],
)
async def test_other_addresses_are_left_alone(client: httpx.AsyncClient, path: str, status: int) -> None:
    for base in ("", "/vught"):
        page = await client.get(base + path)
        assert page.status_code == status
        assert 'role="search"' not in page.text


async def test_a_town_shows_its_own_entries_only(client: httpx.AsyncClient, vught: Kaart) -> None:
    page = (await client.get("/vught/nl")).text
    assert "Nijmegen" not in page
    assert set(re.findall(r'<a href="/vught/nl/([a-z0-9-]+)">', page)) - {"print"} == {entry.id for entry in vught}
    assert 'action="/vught/nl"' in page
    own = next(entry for entry in vught if vught.is_own(entry.id))
    assert f'href="/vught/?lang=ar&amp;about={own.id}"' in (await client.get(f"/vught/ar/{own.id}")).text


async def test_a_town_without_a_language_has_no_pages_in_it(client: httpx.AsyncClient, services: Services, vught: Kaart) -> None:
    two = vught.municipality.model_copy(update={"languages": ("nl", "en")})
    smaller = Kaart(two, vught.entries, vught.rules, vught.own)
    services.towns.replace(town_with(smaller, services.catalogue, None))
    for path in ("/vught/ti", "/vught/ti/print"):
        assert (await client.get(path)).status_code == 404
    assert 'hreflang="ti"' not in (await client.get("/vught/en")).text


async def test_search_engines_are_told_what_there_is(
    client: httpx.AsyncClient, services: Services, kaart: Kaart, vught: Kaart
) -> None:
    robots = await client.get("/robots.txt")
    assert robots.headers["content-type"].startswith("text/plain")
    address = services.settings.address
    maps = [line.removeprefix("Sitemap: ") for line in robots.text.splitlines() if line.startswith("Sitemap")]
    assert maps == [f"{address}/{town}/sitemap.xml" for town in ("nijmegen", "vught")]
    assert (await client.get("/vught/robots.txt")).text.count("Sitemap") == 1
    for town, kaart_there in (("nijmegen", kaart), ("vught", vught)):
        found = await client.get(f"/{town}/sitemap.xml")
        assert found.headers["content-type"].startswith("application/xml")
        urls = re.findall(r"<loc>(.*?)</loc>", found.text)
        assert len(urls) == len(set(urls)) == 5 * (len(kaart_there.entries) + 1)
        assert all(url.startswith(f"{address}/{town}/") for url in urls)
        assert (await client.get(urls[-1].removeprefix(address))).status_code == 200


# --- caches


@pytest.mark.parametrize("path", ["/ti", "/ti/zwemlessen", "/ti/print", "/sitemap.xml", "/robots.txt"])
async def test_a_page_may_be_kept_for_five_minutes(client: httpx.AsyncClient, path: str) -> None:
    first = await client.get(path)
    assert first.headers["cache-control"] == "public, max-age=300"
    assert first.headers["content-encoding"] == "gzip"
    again = await client.get(path, headers={"if-none-match": f'"other", {first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    plain = await client.get(path, headers={"accept-encoding": "identity", "if-none-match": '"old"'})
    assert "content-encoding" not in plain.headers
    assert plain.text == first.text
    assert "default-src 'self'" in first.headers["content-security-policy"]


async def test_a_changed_entry_is_another_page(client: httpx.AsyncClient, services: Services, kaart: Kaart) -> None:
    before = (await client.get("/nl/stips")).headers["etag"]
    with_entry(services, kaart.entry("stips").model_copy(update={"state": State.ENDED}))
    after = await client.get("/nl/stips", headers={"if-none-match": before})
    assert after.status_code == 200
    assert say("nl", "answer.state.ended") in words(after)


# --- on paper


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_directory_has_every_entry_once_and_contents_that_lead_to_it(
    client: httpx.AsyncClient, services: Services, kaart: Kaart, language: str
) -> None:
    page = await client.get(f"/{language}/print")
    ids, links = re.findall(r' id="([^"]+)"', page.text), re.findall(r'href="#([^"]+)"', page.text)
    assert len(ids) == len(set(ids))
    assert set(links) <= set(ids)
    assert {f"entry-{entry.id}" for entry in kaart} <= set(links)
    seen = words(page)
    for entry in kaart:
        reply = services.towns.first.composer.entry(entry, language, dt.datetime.now(dt.UTC))
        assert not [part for part in parts(reply) if one_line(part) not in seen], entry.id
    assert f"{services.settings.address}/nijmegen/{language}" in seen
