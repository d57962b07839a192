"""The newcomer's page without JavaScript, and the JSON and the events that the script uses."""

from __future__ import annotations

import asyncio
import json
import re
from html import unescape

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text as sql
from sqlalchemy.exc import OperationalError
from stand_ins import CannedBot, FixedSearch

from api.conversation.model import Step
from api.services import Services
from api.visitor import COOKIE, last_seen
from knowledge.languages import offered

JSON = {"accept": "application/json"}
LANGUAGES = ["nl", "en", "ar", "ti", "uk"]
QUESTION = "Waar kan ik leren zwemmen?"


def words(page: httpx.Response) -> str:
    """The text of a page, without tags."""
    return unescape(re.sub(r"<[^>]+>", "", page.text))


async def count(services: Services, table: str) -> int:
    async with services.engine.connect() as connection:
        return int((await connection.execute(sql(f"SELECT COUNT(*) FROM {table}"))).scalar_one())


# --- the first screen


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_first_screen_has_what_someone_needs(client: httpx.AsyncClient, services: Services, language: str) -> None:
    page = await client.get("/", params={"lang": language})
    say = services.towns.first.catalogue.text
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page.text
    shown = words(page)
    for key in ("ui.heading", "notice", "ui.emergency_line", "button.person", "suggest.1", "suggest.6"):
        assert say(language, key) in shown, key
    for known in offered():
        assert f'lang="{known.code}" dir="{known.direction}"' in page.text
        assert known.own_name in shown
    assert 'href="tel:112"' in page.text
    assert COOKIE not in page.cookies, "no cookie before someone writes"


@pytest.mark.parametrize(
    ("header", "expected"),
    [("uk-UA,uk;q=0.9,en;q=0.8", "uk"), ("fr, ar;q=0.5, nl;q=0.4", "ar"), ("fr", "nl"), ("", "nl"), ("ti;q=x,en;q=0", "nl")],
)
async def test_the_browser_s_language_counts_when_none_is_named(client: httpx.AsyncClient, header: str, expected: str) -> None:
    page = await client.get("/", headers={"accept-language": header})
    assert f'<html lang="{expected}"' in page.text


async def test_an_unknown_language_is_not_taken_over(client: httpx.AsyncClient) -> None:
    page = await client.get("/", params={"lang": '"><script>'})
    assert '<html lang="nl"' in page.text
    assert '"><script>' not in page.text


# --- writing and tapping, as forms


async def test_a_question_without_javascript_comes_back_with_its_answer(client: httpx.AsyncClient, services: Services) -> None:
    sent = await client.post("/chat", data={"text": QUESTION, "origin": "o1", "lang": "nl"})
    assert (sent.status_code, sent.headers["location"]) == (303, "/#end")
    page = await client.get("/")
    entry = services.towns.first.kaart.entry("zwemlessen").texts["nl"]
    shown = words(page)
    assert QUESTION in shown
    assert entry.name in shown
    assert entry.answer[0] in shown
    assert services.towns.first.kaart.municipality.sources["UIT2025"].title in shown, "the source is visible"
    assert "21 november 2026" in shown, "and the date it was checked"
    assert services.towns.first.catalogue.text("nl", "button.person") in shown
    assert 'role="log"' in page.text


async def test_the_cookie_is_set_once_and_no_script_can_read_it(client: httpx.AsyncClient) -> None:
    first = await client.post("/chat", data={"text": QUESTION})
    cookie = first.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie
    assert len(first.cookies[COOKIE]) >= 43
    assert "set-cookie" not in (await client.post("/chat", data={"text": QUESTION})).headers


async def test_the_same_form_sent_twice_is_one_message(client: httpx.AsyncClient, services: Services) -> None:
    await client.post("/chat", data={"text": QUESTION, "origin": "first"})
    before = await count(services, "message")
    for _ in range(2):
        await client.post("/chat", data={"text": QUESTION, "origin": "same"})
    assert await count(services, "message") == before * 2


async def test_every_form_has_an_origin_of_its_own(client: httpx.AsyncClient) -> None:
    await client.post("/chat", data={"text": QUESTION})
    page = (await client.get("/")).text
    origins = re.findall(r'name="origin" value="([^"]+)"', page)
    assert len(origins) == len(set(origins)) == page.count('action="/chat"')


@pytest.mark.parametrize("language", LANGUAGES)
async def test_tapping_a_language_turns_the_page(client: httpx.AsyncClient, services: Services, language: str) -> None:
    sent = await client.post("/chat", data={"tap": f'/language{{"language":"{language}"}}', "origin": "l"})
    assert sent.status_code == 303
    page = await client.get("/", headers={"accept-language": "en"})
    assert f'<html lang="{language}"' in page.text
    assert services.towns.first.catalogue.text(language, "language.changed") in words(page)
    assert services.towns.first.catalogue.text(language, "suggest.1") in words(page), "nothing was asked yet: examples stay"


async def test_the_conversation_s_language_goes_before_the_address(client: httpx.AsyncClient) -> None:
    await client.post("/chat", data={"tap": '/language{"language":"ar"}'})
    assert '<html lang="ar"' in (await client.get("/", params={"lang": "uk"})).text


async def test_a_tapped_button_is_shown_as_chosen_and_its_set_is_closed(client: httpx.AsyncClient, services: Services) -> None:
    await client.post("/chat", data={"text": QUESTION, "lang": "nl"})
    await client.post("/chat", data={"tap": "/person"})
    page = (await client.get("/")).text
    closed = re.findall(r"<fieldset[^>]*disabled>(.*?)</fieldset>", page, re.DOTALL)
    assert len(closed) == 1
    chosen = re.findall(r"tap--chosen.*?</button>", closed[0], re.DOTALL)
    assert len(chosen) == 1
    assert services.towns.first.catalogue.text("nl", "button.person") in chosen[0]


async def test_a_button_that_was_never_shown_is_refused(client: httpx.AsyncClient, services: Services) -> None:
    page = await client.post("/chat", data={"tap": '/ask{"entry_id":"stips"}', "lang": "nl"})
    assert page.status_code == 422
    assert services.towns.first.catalogue.text("nl", "error.expired") in words(page)
    assert await count(services, "conversation") == 0, "a refused first message leaves nothing"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_too_long_keeps_the_text_and_says_the_limit(client: httpx.AsyncClient, services: Services, language: str) -> None:
    text = "zwemmen & <b>fietsen</b> " * 20
    page = await client.post("/chat", data={"text": text, "lang": language})
    assert page.status_code == 413
    assert services.towns.first.catalogue.text(language, "error.too_long", limit=200) in words(page)
    kept = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page.text, re.DOTALL)
    assert kept
    assert unescape(kept[1]) == text
    assert "<b>fietsen" not in page.text
    assert await count(services, "message") == 0


@pytest.mark.parametrize("text", ["", "   \n "])
async def test_an_empty_message_is_refused(client: httpx.AsyncClient, services: Services, text: str) -> None:
    page = await client.post("/chat", data={"text": text})
    assert page.status_code == 422
    assert await count(services, "conversation") == 0


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "/restart", "/forget_confirmed", "😀😀", "a\x00b"])
async def test_strange_words_are_only_words(client: httpx.AsyncClient, text: str) -> None:
    sent = await client.post("/chat", data={"text": text, "lang": "nl"})
    assert sent.status_code == 303
    page = await client.get("/")
    assert "<script>alert" not in page.text
    assert text.replace("\x00", "") in words(page).replace("\x00", "")


async def test_danger_stands_out_and_its_numbers_can_be_called(client: httpx.AsyncClient) -> None:
    await client.post("/chat", data={"text": "ik wil niet meer leven", "lang": "nl"})
    page = (await client.get("/")).text
    urgent = re.search(r"message--urgent.*?</article>", page, re.DOTALL)
    assert urgent
    assert 'role="alert"' in urgent[0]
    assert 'href="tel:113"' in urgent[0]
    assert 'href="tel:08000113"' in urgent[0]


async def test_each_message_says_who_speaks_and_in_which_language(client: httpx.AsyncClient, services: Services) -> None:
    await client.post("/chat", data={"text": QUESTION, "lang": "nl"})
    conversation = await services.store.find(client.cookies[COOKIE])
    assert conversation
    await services.store.add_staff(conversation.id, "Sanne", "Ik help je. Bel 024 329 9000.")
    page = await client.get("/")
    assert re.search(r'message--person.*?dir="auto".*?message--bot.*?lang="nl" dir="ltr"', page.text, re.DOTALL)
    assert services.towns.first.catalogue.text("nl", "ui.staff", name="Sanne") in words(page)
    assert 'href="tel:0243299000"' in page.text
    icons = re.findall(r"icons.svg\?v=\w+#(you|bot|staff)", page.text)
    assert {"you", "bot", "staff"} <= set(icons)


async def test_a_person_s_number_is_no_link(client: httpx.AsyncClient) -> None:
    await client.post("/chat", data={"text": "mijn nummer is 0612345678", "lang": "nl"})
    assert "tel:0612345678" not in (await client.get("/")).text


# --- refusals


async def test_a_form_of_another_site_is_refused(client: httpx.AsyncClient, services: Services) -> None:
    for origin in ("https://evil.example", "null", "http://chat.test.evil.example"):
        refused = await client.post("/chat", data={"text": QUESTION}, headers={"origin": origin})
        assert refused.status_code == 403
    assert await count(services, "conversation") == 0
    assert (await client.post("/chat", data={"text": QUESTION}, headers={"origin": "http://chat.test"})).status_code == 303
    assert (await client.post("/chat/forget", headers={"origin": "https://evil.example"})).status_code == 403
    assert await count(services, "conversation") == 1


async def test_who_writes_too_fast_is_told_so_and_keeps_the_text(client: httpx.AsyncClient, services: Services) -> None:
    for _ in range(services.settings.messages_per_minute):
        assert (await client.post("/chat", data={"text": "hallo", "lang": "nl"})).status_code == 303
    page = await client.post("/chat", data={"text": QUESTION})
    assert page.status_code == 429
    assert QUESTION in page.text
    refused = await client.post("/chat", data={"text": QUESTION}, headers=JSON)
    assert refused.json()["error"]["code"] == "too_many_requests"
    assert int(refused.headers["retry-after"]) > 0


async def test_a_body_far_too_long_is_not_read(client: httpx.AsyncClient) -> None:
    refused = await client.post("/chat", data={"text": "x" * 400_000}, headers=JSON)
    assert refused.status_code == 413
    assert refused.json()["error"]["code"] == "message_too_long"


async def test_an_unknown_page_is_readable(client: httpx.AsyncClient, services: Services) -> None:
    page = await client.get("/nergens", params={"lang": "uk"})
    assert page.status_code == 404
    assert services.towns.first.catalogue.text("uk", "ui.page_not_found") in words(page)
    assert 'href="tel:112"' in page.text
    assert (await client.get("/nergens", headers=JSON)).json()["error"]["code"] == "not_found"


async def test_a_wrong_parameter_is_named_without_its_value(client: httpx.AsyncClient) -> None:
    refused = await client.get("/chat/events", params={"after": "geheim"}, headers=JSON)
    assert refused.status_code == 422
    assert refused.json()["error"]["code"] == "invalid_request"
    assert "query.after" in refused.json()["error"]["message"]
    assert "geheim" not in refused.text


async def test_an_unexpected_error_is_logged_without_anyone_s_words(
    app: FastAPI, client: httpx.AsyncClient, services: Services, capfd: pytest.CaptureFixture[str]
) -> None:
    @app.get("/broken")
    async def broken() -> None:
        raise OperationalError("INSERT", {"text": "mijn geheim"}, Exception("mijn geheim"))

    page = await client.get("/broken", params={"lang": "ar"})
    assert page.status_code == 500
    assert services.towns.first.catalogue.text("ar", "error.server") in words(page)
    assert "Content-Security-Policy" in page.headers
    logged = "".join(capfd.readouterr())
    assert "OperationalError" in logged
    assert "geheim" not in logged + page.text


async def test_without_a_database_the_error_is_still_readable(client: httpx.AsyncClient, services: Services) -> None:
    await client.post("/chat", data={"text": QUESTION})
    async with services.engine.begin() as connection:
        await connection.execute(sql("DROP TABLE conversation"))
    page = await client.get("/", headers={"accept-language": "en"})
    assert page.status_code == 500
    assert services.towns.first.catalogue.text("en", "error.server") in words(page)


# --- being forgotten


async def test_deleting_asks_first_and_leaves_nothing(client: httpx.AsyncClient, services: Services, bot: CannedBot) -> None:
    await client.post("/chat", data={"text": QUESTION, "lang": "en"})
    secret = client.cookies[COOKIE]
    asked = await client.get("/chat/forget")
    assert services.towns.first.catalogue.text("nl", "forget.ask") in words(asked)
    assert await count(services, "message") > 0
    gone = await client.post("/chat/forget")
    assert gone.headers["location"] == "/?lang=nl&forgotten=1"
    assert COOKIE not in client.cookies
    assert [await count(services, table) for table in ("conversation", "message", "event")] == [0, 0, 0]
    assert len(bot.forgotten) == 1
    fresh = await client.get(gone.headers["location"])
    assert services.towns.first.catalogue.text("nl", "forget.done") in words(fresh)
    assert await services.store.find(secret) is None


async def test_deleting_through_the_chatbot_takes_the_cookie_too(client: httpx.AsyncClient, services: Services) -> None:
    await client.post("/chat", data={"text": QUESTION, "lang": "nl"})
    conversation = await services.store.find(client.cookies[COOKIE])
    assert conversation
    await services.store.add_reply(conversation.id, services.towns.first.composer.forget("nl"), None)
    gone = await client.post("/chat", data={"tap": "/forget_confirmed"}, headers=JSON)
    assert gone.json() == {"messages": [], "language": "nl", "forgotten": True}
    assert COOKIE not in client.cookies
    assert await count(services, "conversation") == 0


async def test_an_old_cookie_gets_a_new_secret(client: httpx.AsyncClient) -> None:
    client.cookies.set(COOKIE, "chosen-by-someone-else", domain="chat.test")
    sent = await client.post("/chat", data={"text": QUESTION})
    assert sent.cookies[COOKIE] != "chosen-by-someone-else"


# --- for the script


async def test_json_gives_the_stored_messages(client: httpx.AsyncClient) -> None:
    sent = await client.post("/chat", data={"text": QUESTION, "origin": "j", "lang": "nl"}, headers=JSON)
    posted = sent.json()
    assert sent.status_code == 200
    assert posted["language"] == "nl"
    assert [message["id"] for message in posted["messages"]] == [1, 2]
    assert QUESTION in unescape(posted["messages"][0]["html"])
    again = await client.post("/chat", data={"text": QUESTION, "origin": "j"}, headers=JSON)
    assert [message["id"] for message in again.json()["messages"]] == [1, 2], "sent again is not said again"


async def test_json_tells_in_which_language_the_page_should_be(client: httpx.AsyncClient) -> None:
    sent = await client.post("/chat", data={"tap": '/language{"language":"ti"}'}, headers=JSON)
    assert sent.json()["language"] == "ti"


@pytest.mark.parametrize(("data", "status", "code"), [({"text": "x" * 300}, 413, "message_too_long"), ({}, 422, "message_empty")])
async def test_json_errors_have_one_shape(client: httpx.AsyncClient, data: dict[str, str], status: int, code: str) -> None:
    refused = await client.post("/chat", data=data, headers=JSON)
    assert refused.status_code == status
    assert refused.json()["error"]["code"] == code
    assert set(refused.json()) == {"error"}
    assert set(refused.json()["error"]) == {"code", "message"}


Events = list[tuple[str, dict[str, object]]]


async def read_events(client: httpx.AsyncClient, services: Services, ids: int, **asked: str) -> Events:
    """The events that come until the conversation is deleted; it is deleted once the stream listens."""
    conversation = await services.store.find(client.cookies[COOKIE])
    assert conversation
    reading = asyncio.create_task(client.get("/chat/events", headers=asked))
    while not services.broadcast._listeners:
        assert not reading.done(), "the stream ended"
        await asyncio.sleep(0.01)
    await services.store.add_staff(conversation.id, "Sanne", "Hallo")
    services.broadcast.publish(f"conversation:{conversation.id}")
    await asyncio.sleep(0.1)
    await services.retention.forget(conversation.id)
    services.broadcast.publish(f"conversation:{conversation.id}")
    stream = await asyncio.wait_for(reading, 5)
    assert stream.headers["content-type"].startswith("text/event-stream")
    events = []
    for block in stream.text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if fields:
            events.append((fields.get("event", "message"), json.loads(fields["data"]) | {"event_id": fields.get("id")}))
    assert len(events) == ids + 1
    return events


async def test_events_go_on_after_the_last_one_seen(client: httpx.AsyncClient, services: Services) -> None:
    await client.post("/chat", data={"text": QUESTION})
    events = await read_events(client, services, 2, **{"last-event-id": "1"})
    assert [(name, data.get("event_id")) for name, data in events] == [("message", "2"), ("message", "3"), ("forgotten", None)]
    assert "Sanne" in str(events[1][1]["html"])


async def test_events_without_a_mark_start_at_the_beginning(client: httpx.AsyncClient, services: Services) -> None:
    await client.post("/chat", data={"text": QUESTION})
    events = await read_events(client, services, 3)
    assert [data.get("id") for _, data in events] == [1, 2, 3, None]
    assert not services.broadcast._listeners, "nothing stays behind"


async def test_events_without_a_conversation_end_at_once(client: httpx.AsyncClient) -> None:
    stream = await client.get("/chat/events")
    assert "event: forgotten" in stream.text


# --- the rest


@pytest.mark.parametrize("language", LANGUAGES)
async def test_privacy_is_told_in_every_language(client: httpx.AsyncClient, services: Services, language: str) -> None:
    await client.post("/chat", data={"tap": '/language{"language":"uk"}'})
    page = await client.get("/privacy", params={"lang": language})
    assert f'<html lang="{language}"' in page.text
    assert str(services.settings.retention_days) in words(page)
    for key in ("privacy.who", "privacy.what", "privacy.rights", "privacy.no_decision", "privacy.no_third_party"):
        assert services.towns.first.catalogue.text(language, key) in words(page)


async def test_pages_hold_no_inline_script_or_style(client: httpx.AsyncClient) -> None:
    await client.post("/chat", data={"text": QUESTION})
    for path in ("/", "/privacy", "/chat/forget", "/nergens"):
        page = await client.get(path)
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", page.text), path
        assert page.headers["cache-control"] == "no-store"


async def test_what_the_page_needs_exists_and_is_small(client: httpx.AsyncClient) -> None:
    page = await client.get("/", params={"lang": "ti"})
    files = {unescape(name) for name in re.findall(r'(?:src|href)="(/static/[^"#]+)', page.text)}
    weight = len(page.content)
    for name in files:
        found = await client.get(name)
        assert found.status_code == 200, name
        assert ("immutable" in found.headers.get("cache-control", "")) == ("?v=" in name), name
        weight += 0 if ".woff2" in name else len(found.content)
    assert weight < 60_000
    assert len((await client.get("/static/chat.js")).content) < 10_000


async def test_openapi_names_the_answers_and_the_errors(client: httpx.AsyncClient) -> None:
    schema = (await client.get("/openapi.json")).json()
    responses = schema["paths"]["/chat"]["post"]["responses"]
    assert {"200", "303", "403", "413", "422", "429"} <= set(responses)
    for code in ("403", "413", "422", "429"):
        assert responses[code]["content"]["application/json"]["schema"]["$ref"].endswith("/ErrorBody")
    assert responses["200"]["content"]["application/json"]["schema"]["$ref"].endswith("/Posted")


async def test_a_closed_conversation_opens_again(client: httpx.AsyncClient, services: Services, search: FixedSearch) -> None:
    await client.post("/chat", data={"text": QUESTION, "lang": "nl"})
    conversation = await services.store.find(client.cookies[COOKIE])
    assert conversation
    await services.store.step(conversation, Step.CLOSE)
    search.ids = ["stips"]
    await client.post("/chat", data={"text": "wie helpt mij"})
    assert services.towns.first.kaart.entry("stips").texts["nl"].name in words(await client.get("/"))


async def test_a_number_that_fits_in_no_column_is_no_error_of_ours(client: httpx.AsyncClient) -> None:
    await client.post("/chat", data={"text": QUESTION, "lang": "nl"})
    for number in (2**31, 10**30, -(10**30)):
        assert (await client.get(f"/chat/show/{number}")).status_code == 404
        judged = {"tap": "/feedback", "answer": str(number), "lang": "nl"}
        assert (await client.post("/chat", data=judged)).status_code == 422


@pytest.mark.parametrize(("header", "seen"), [("12", 12), ("", 7), ("x", 7), ("9" * 5000, 7), (str(2**31), 7)])
def test_the_last_message_seen_is_read_from_a_header_that_anybody_may_write(header: str, seen: int) -> None:
    assert last_seen(header, 7) == seen
