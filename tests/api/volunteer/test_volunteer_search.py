"""`/zoek`: words or a sentence in any language, filters that hide nothing silently, why an entry is there, and danger first."""

from __future__ import annotations

import datetime as dt
import logging
import re
import threading
from html import unescape

import httpx
import pytest
from fastapi import FastAPI
from public_towns import with_entry, words
from stand_ins import FixedSearch, catalogue_once

from api.channels.limits import PEOPLE_PER_ADDRESS
from api.services import Services
from api.settings import Settings
from api.volunteer.finding import NEAR
from api.volunteer.limits import build_limits
from knowledge.passages import Passage
from knowledge.search import Found, Hit
from sociale_kaart.kaart import Kaart
from sociale_kaart.schema import Location, Schedule, State, Verified, Weekday

TIGRINYA = "ኣበይ ምሕንባስ ክመሃር እኽእል?"


def offered(page: httpx.Response) -> list[str]:
    """Ids of the entries that are shown as results."""
    return re.findall(r'<h3 id="r-([^"]+)">', page.text)


def left_out(page: httpx.Response) -> str:
    """The part that tells what fell away."""
    found = re.search(r'<details class="away".*?</details>', page.text, re.DOTALL)
    return unescape(found[0]) if found else ""


async def test_before_anything_is_asked_there_are_themes_to_browse(client: httpx.AsyncClient, kaart: Kaart) -> None:
    page = await client.get("/zoek")
    assert page.status_code == 200
    assert '<html lang="nl"' in page.text
    assert '<meta name="robots" content="noindex">' in page.text
    assert "set-cookie" not in page.headers
    assert offered(page) == []
    listed = await client.get("/zoek?theme=housing&lang=nl")
    assert offered(listed) == [entry.id for entry in kaart if "housing" in entry.themes]


async def test_a_pasted_sentence_finds_and_its_language_is_told(client: httpx.AsyncClient) -> None:
    page = await client.post("/zoek", data={"q": TIGRINYA, "lang": "nl"})
    assert page.status_code == 200
    assert offered(page)[0] == "zwemlessen"
    assert "Taal van de tekst: Tigrinya" in words(page)
    assert '<option value="ti" selected>Tigrinya</option>' in page.text, "the card is in the newcomer's language by itself"
    assert page.url.query == b"", "what a newcomer wrote stands in no address"


async def test_why_it_matched_who_checked_it_and_when(client: httpx.AsyncClient, services: Services) -> None:
    class Swimming(FixedSearch):
        def find(self, text: str, language: str | None, limit: int = 10) -> Found:
            passage = Passage("zwemlessen", "ti", "question", "ኣበይ ምሕንባስ ይምሃር?")
            return Found((Hit("zwemlessen", 0.9, 0.9, 0.9, passage),), "answer", 0.9)

    services.towns.first.asker._search = Swimming()
    page = await client.post("/zoek", data={"q": TIGRINYA})
    assert "Waarom dit? (voorbeeldvraag)" in words(page)
    assert '<q lang="ti" dir="auto"><mark>ኣበይ</mark> <mark>ምሕንባስ</mark> ይምሃር?</q>' in page.text
    assert "Vergeleken met de bron op 21 november 2026. Nog niet bevestigd door de organisatie." in words(page)
    assert "Vergeleken door: redactie" in words(page)
    assert "Deze tekst is nog niet nagekeken." in words(page)


async def test_what_fits_much_less_is_shown_only_when_filters_take_some_away(
    client: httpx.AsyncClient, search: FixedSearch
) -> None:
    search.ids = ["zwemlessen", "stips", "zwemveiligheid", "fiets", "yalla", "step"]  # 0.9, 0.8 ... 0.4
    assert 0.5 < NEAR * 0.9 < 0.6
    assert offered(await client.post("/zoek", data={"q": "xyzzy plugh"})) == search.ids[:4]
    assert offered(await client.post("/zoek", data={"q": "xyzzy plugh", "age": "30"})) == search.ids
    search.zone = "person"
    unsure = await client.post("/zoek", data={"q": "xyzzy plugh"})
    assert offered(unsure) == search.ids[:5]
    assert "Niets past goed bij deze tekst." in words(unsure)


async def test_an_overdue_and_a_stale_entry_are_told_as_such(client: httpx.AsyncClient, services: Services, kaart: Kaart) -> None:
    entry = kaart.entry("zwemlessen")
    old = Verified(on=dt.date(2026, 1, 1), by="redactie", against="organisation")
    with_entry(services, entry.model_copy(update={"verified": old}))
    page = words(await client.get("/zoek?q=zwemlessen"))
    assert "Deze informatie is sinds 1 januari 2026 niet meer nagekeken." in page
    assert "Bevestigd door de organisatie op 1 januari 2026." in page
    with_entry(services, entry.model_copy(update={"verified": old.model_copy(update={"on": dt.date(2020, 1, 1)})}))
    page = words(await client.get("/zoek?q=zwemlessen"))
    assert "Niemand heeft deze informatie nagekeken sinds 1 januari 2020." in page
    assert entry.texts["nl"].facts.where not in page


async def test_a_search_keeps_nobody_else_waiting(client: httpx.AsyncClient, services: Services) -> None:
    threads: list[int] = []

    class Slow(FixedSearch):
        def find(self, text: str, language: str | None, limit: int = 10) -> Found:
            threads.append(threading.get_ident())
            return super().find(text, language, limit)

    services.towns.first.asker._search = Slow()
    await client.post("/zoek", data={"q": "xyzzy plugh"})
    assert threads
    assert threading.get_ident() not in threads, "the chat runs in this thread"


# --- filters


async def test_a_filter_never_hides_the_only_answer_silently(client: httpx.AsyncClient, search: FixedSearch) -> None:
    search.ids = ["isk-pontem"]
    page = await client.post("/zoek", data={"q": "school", "age": "40"})
    assert "isk-pontem" not in offered(page)
    assert "Niet voor wie 40 jaar is" in left_out(page)
    assert 'value="isk-pontem" form="card"' in left_out(page), "it can be put on a card all the same"
    assert 'value="40"' in page.text


async def test_hours_that_nobody_knows_are_not_closed(client: httpx.AsyncClient, services: Services, kaart: Kaart) -> None:
    office = Schedule(byday=(Weekday.MO,), opens_at=dt.time(9), closes_at=dt.time(17))
    with_entry(services, kaart.entry("stips").model_copy(update={"schedules": (office,)}))
    page = await client.get("/zoek?theme=participation&open=now")
    fitting, _, unsure = page.text.partition('id="unsure"')
    assert re.findall(r'id="r-([^"]+)"', fitting) == ["stips"], "it is Monday morning"
    assert "Nu open, tot 17:00." in unescape(fitting)
    assert "r-zwemlessen" in unsure
    assert "Openingstijden onbekend" in unsure


async def test_each_filter_tells_what_it_says_of_an_entry(client: httpx.AsyncClient) -> None:
    page = words(await client.get("/zoek?q=112&theme=emergency&status=asylum_seeker&age=30&cost=free&open=now&language=ar"))
    for told in ("Thema: In nood", "Voor: Asielzoekers", "Voor wie 30 jaar is", "Gratis", "Nu open"):
        assert told in page
    assert "Onbekend welke talen men er spreekt" in page


async def test_districts_are_offered_once_one_is_known(client: httpx.AsyncClient, services: Services, kaart: Kaart) -> None:
    assert 'name="district"' not in (await client.get("/zoek")).text
    with_entry(services, kaart.entry("stips").model_copy(update={"locations": (Location(district="Oude Wijk"),)}))
    assert '<option value="Oude Wijk">' in (await client.get("/zoek")).text
    page = await client.get("/zoek?q=stips&district=Oude+Wijk")
    assert offered(page)[0] == "stips"
    assert "Wijk: Oude Wijk" in words(page)


@pytest.mark.parametrize(
    ("wrong", "named"), [("theme=zwemmen", "Thema"), ("age=duizend", "Leeftijd in jaren"), ("open=x&cost=x", "Kosten, Open")]
)
async def test_a_wrong_value_is_told_and_filters_nothing(client: httpx.AsyncClient, wrong: str, named: str) -> None:
    page = await client.get(f"/zoek?q=zwemlessen&{wrong}")
    assert page.status_code == 422
    assert f"Dit filter kunnen wij niet lezen. Het telt nu niet mee: {named}." in words(page)
    assert "zwemlessen" in offered(page)


async def test_a_text_that_is_too_long_is_searched_with_its_beginning(client: httpx.AsyncClient, services: Services) -> None:
    limit = services.settings.message_limit
    page = await client.post("/zoek", data={"q": "zwemmen " * limit})
    assert page.status_code == 200
    assert f"De tekst is langer dan {limit} tekens." in words(page)
    assert offered(page)


async def test_an_ended_entry_says_so(client: httpx.AsyncClient, services: Services, kaart: Kaart) -> None:
    with_entry(services, kaart.entry("zwemlessen").model_copy(update={"state": State.ENDED}))
    assert "Let op: dit bestaat niet meer." in words(await client.get("/zoek?q=zwemlessen"))


# --- danger, words and towns


async def test_danger_is_answered_above_the_results_in_both_languages(client: httpx.AsyncClient) -> None:
    page = await client.post("/zoek", data={"q": "أريد أن أموت"})
    urgent = page.text.index("message--urgent")
    assert urgent < page.text.index('id="r-')
    for language in ("nl", "ar"):
        line = catalogue_once().text(language, "danger.suicide").split("\n")[0]
        assert line in words(page)
        assert catalogue_once().text(language, "person.danger_note") not in words(page), "nobody at the desk sees a search"


async def test_the_page_is_in_english_too(client: httpx.AsyncClient) -> None:
    page = await client.post("/zoek", data={"q": "swimming", "lang": "en"})
    assert '<html lang="en"' in page.text
    assert "Why this one?" in words(page)
    assert '<html lang="nl"' in (await client.get("/zoek?lang=ti")).text, "a volunteer's page has no Tigrinya"


async def test_nothing_that_was_typed_is_written_to_a_log(
    client: httpx.AsyncClient, services: Services, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    class Broken(FixedSearch):
        def find(self, text: str, language: str | None, limit: int = 10) -> Found:
            raise RuntimeError(text)

    with caplog.at_level(logging.DEBUG):
        await client.post("/zoek", data={"q": "geheimwoord"})
        services.towns.first.asker._search = Broken()
        await client.post("/zoek", data={"q": "geheimwoord"})
        logging.getLogger("api").info("this is seen")
    said = capsys.readouterr()
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    told = " ".join([*ours, said.out, said.err])
    assert "this is seen" in told
    assert "RuntimeError" in told
    assert "geheimwoord" not in told


async def test_what_is_typed_is_text(client: httpx.AsyncClient) -> None:
    page = await client.post("/zoek", data={"q": "</textarea><script>alert(1)</script>"})
    assert page.status_code == 200
    assert "<script>alert" not in page.text


async def test_without_search_words_still_find(client: httpx.AsyncClient, services: Services) -> None:
    services.towns.first.asker._search = None
    page = await client.get("/zoek?q=zwemlessen")
    assert "zwemlessen" in offered(page)
    assert "Deze woorden staan in de tekst." in words(page)


async def test_each_town_searches_its_own_kaart(client: httpx.AsyncClient) -> None:
    page = await client.get("/vught/zoek?theme=housing")
    assert "woonwijze" in offered(page)
    assert "Sociale kaart Vught" in words(page)
    assert "woonwijze" not in offered(await client.get("/zoek?theme=housing"))


async def test_the_way_there_stands_on_public_pages(client: httpx.AsyncClient) -> None:
    assert 'href="/vught/zoek"' in (await client.get("/vught/ti")).text


async def test_searching_has_a_limit_per_address_and_browsing_has_none(app: FastAPI, client: httpx.AsyncClient) -> None:
    app.state.volunteer_limits = build_limits(Settings(messages_per_minute=1))
    statuses = [(await client.get("/zoek", params={"q": "zwemmen"})).status_code for _ in range(PEOPLE_PER_ADDRESS + 1)]
    assert statuses == [200] * PEOPLE_PER_ADDRESS + [429]
    assert (await client.post("/zoek", data={"q": "zwemmen"})).status_code == 429
    assert (await client.get("/zoek")).status_code == 200
