"""What a newcomer meets first without JavaScript: a language, a theme, an answer to show, and a word about the answer."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import httpx
import pytest
from sqlalchemy import text as sql
from stand_ins import CannedBot

from api.conversation.tables import VerdictRow
from api.public.entries import by_theme
from api.services import Services
from api.visitor import COOKIE
from knowledge.languages import offered
from sociale_kaart.schema import State, Theme

QUESTION = "Waar kan ik leren zwemmen?"
JSON = {"accept": "application/json"}


def words(page: httpx.Response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", page.text)).split())


async def rows(services: Services, query: str) -> list[tuple[object, ...]]:
    async with services.engine.connect() as connection:
        return [tuple(row) for row in (await connection.execute(sql(query))).all()]


# --- a language


async def test_who_named_no_language_chooses_one_in_their_own_letters(client: httpx.AsyncClient, services: Services) -> None:
    page = await client.get("/", headers={"accept-language": "ti"})
    say = services.towns.first.catalogue.text
    for known in offered():
        assert re.search(
            rf'<button[^>]*value="{known.code}" lang="{known.code}" dir="{known.direction}">{known.own_name}', page.text
        )
        assert say(known.code, "ui.emergency_line") in words(page)
        assert say(known.code, "button.person") in words(page)
    assert re.findall(r'tongue--likely"[^>]*value="(\w+)"', page.text) == ["ti"], "the browser's language is only marked"
    assert "set-cookie" not in page.headers


async def test_a_chosen_language_is_remembered_without_a_message(client: httpx.AsyncClient, services: Services) -> None:
    chosen = await client.post("/chat/language", data={"lang": "ar"})
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/?lang=ar")
    assert "httponly" in chosen.headers["set-cookie"].lower()
    page = await client.get("/", headers={"accept-language": "en"})
    assert '<html lang="ar" dir="rtl">' in page.text
    assert services.towns.first.catalogue.text("ar", "suggest.1") in words(page)
    assert await rows(services, "SELECT * FROM message") == []
    await client.post("/chat/language", data={"lang": "uk"})
    assert '<html lang="uk"' in (await client.get("/")).text, "and can be left again"
    assert len(await rows(services, "SELECT id FROM conversation")) == 1


async def test_only_offered_languages_from_our_own_forms_are_taken(client: httpx.AsyncClient, services: Services) -> None:
    assert (await client.post("/chat/language", data={"lang": "fr"})).status_code == 422
    elsewhere = {"origin": "https://elsewhere.test"}
    assert (await client.post("/chat/language", data={"lang": "nl"}, headers=elsewhere)).status_code == 403
    assert await rows(services, "SELECT id FROM conversation") == []


# --- a theme


@pytest.mark.parametrize("theme", list(Theme))
async def test_every_theme_leads_to_its_entries(client: httpx.AsyncClient, services: Services, theme: Theme) -> None:
    town = services.towns.first
    first = await client.get("/", params={"lang": "uk"})
    assert f'href="/chat/theme/{theme}?lang=uk"' in first.text
    assert f"#{theme}" in first.text, "with a drawing"
    page = await client.get(f"/chat/theme/{theme}", params={"lang": "uk"})
    listed = next(group.entries for group in by_theme(town.kaart) if group.theme is theme)
    offered_ids = re.findall(r"/about\{&#34;entry_id&#34;:&#34;([\w-]+)&#34;\}|/about\{\"entry_id\":\"([\w-]+)\"\}", page.text)
    shown = {one or other for one, other in offered_ids}
    assert {entry.id for entry in listed if entry.state is not State.ENDED} <= shown
    assert not {entry.id for entry in town.kaart if entry.state is State.ENDED} & shown
    assert listed[0].texts["uk"].name in words(page)


async def test_an_entry_of_a_theme_is_answered_at_once(client: httpx.AsyncClient, services: Services) -> None:
    sent = await client.post("/chat", data={"tap": '/about{"entry_id":"stips"}', "lang": "en"})
    assert sent.status_code == 303
    assert services.towns.first.kaart.entry("stips").texts["en"].answer[0] in words(await client.get("/"))


async def test_a_theme_that_is_none_is_not_found(client: httpx.AsyncClient) -> None:
    assert (await client.get("/chat/theme/garden")).status_code == 422


# --- an answer to show


async def test_an_answer_stands_in_two_languages_beside_each_other(client: httpx.AsyncClient, services: Services) -> None:
    await client.post("/chat", data={"text": "أين أتعلم السباحة؟", "lang": "ar"})
    link = re.search(r'href="(/chat/show/\d+)"', (await client.get("/")).text)
    assert link
    page = await client.get(link[1])
    entry = services.towns.first.kaart.entry("zwemlessen")
    for code in ("ar", "nl"):
        assert entry.texts[code].answer[0] in words(page)
        assert entry.texts[code].steps[0] in words(page)
    assert page.text.index('<section class="card" lang="ar" dir="rtl">') < page.text.index(
        '<section class="card" lang="nl" dir="ltr">'
    )


async def test_one_fact_is_shown_as_one_fact(client: httpx.AsyncClient, services: Services, bot: CannedBot) -> None:
    await client.post("/chat", data={"text": "Where can I learn to swim?", "lang": "en"})
    town = services.towns.first
    bot.answers["/facet_cost"] = [town.asker.facet("cost", None, "zwemlessen", "en")]  # type: ignore[arg-type]
    posted = (await client.post("/chat", data={"tap": "/facet_cost"}, headers=JSON)).json()
    page = await client.get(f"/chat/show/{posted['messages'][-1]['id']}")
    entry = town.kaart.entry("zwemlessen")
    assert town.catalogue.text("nl", "facet.unknown.cost", name=entry.texts["nl"].name) in words(page)
    assert entry.texts["nl"].answer[0] not in words(page)


async def test_nobody_else_sees_it_and_what_tells_of_no_entry_is_not_shown(client: httpx.AsyncClient) -> None:
    posted = (await client.post("/chat", data={"text": QUESTION, "lang": "nl"}, headers=JSON)).json()
    own, answer = (message["id"] for message in posted["messages"])
    assert (await client.get(f"/chat/show/{answer}")).status_code == 200
    assert (await client.get(f"/chat/show/{own}")).status_code == 404
    client.cookies.clear()
    assert (await client.get(f"/chat/show/{answer}")).status_code == 404
    await client.post("/chat", data={"text": "hoi", "lang": "nl"})
    assert (await client.get(f"/chat/show/{answer}")).status_code == 404


async def test_an_answer_whose_entry_is_gone_is_not_shown(client: httpx.AsyncClient, services: Services) -> None:
    posted = (await client.post("/chat", data={"text": QUESTION, "lang": "nl"}, headers=JSON)).json()
    town = services.towns.first
    left = tuple(entry for entry in town.kaart if entry.id != "zwemlessen")
    services.towns.replace(replace(town, kaart=replace(town.kaart, entries=left)))
    assert (await client.get(f"/chat/show/{posted['messages'][1]['id']}")).status_code == 404


# --- whether it helped


async def test_feedback_belongs_to_its_answer_and_goes_with_the_conversation(
    client: httpx.AsyncClient, services: Services
) -> None:
    first = (await client.post("/chat", data={"text": QUESTION, "lang": "nl"}, headers=JSON)).json()["messages"][1]["id"]
    await client.post("/chat", data={"tap": '/about{"entry_id":"stips"}'})
    assert f'name="answer" value="{first}"' in (await client.get("/")).text
    await client.post("/chat", data={"tap": "/feedback_bad", "answer": first})
    assert await rows(services, "SELECT message_id, payload FROM verdict") == [(first, "/feedback_bad")]
    assert await rows(services, "SELECT detail FROM event WHERE step = 'feedback'") == [("bad",)], "also while the bot is silent"
    page = (await client.get("/")).text
    assert len(re.findall(r'class="tap tap--chosen"[^>]*value="/feedback_bad"', page)) == 1, "only under the answer it is about"
    conversation = await services.store.find(client.cookies[COOKIE])
    assert conversation
    assert conversation.entry_id == "zwemlessen"
    await client.post("/chat/forget")
    assert await rows(services, f"SELECT * FROM {VerdictRow.__tablename__}") == []


async def test_feedback_about_somebody_else_s_answer_is_not_kept(client: httpx.AsyncClient, services: Services) -> None:
    first = (await client.post("/chat", data={"text": QUESTION, "lang": "nl"}, headers=JSON)).json()["messages"][1]["id"]
    client.cookies.clear()
    await client.post("/chat", data={"tap": '/about{"entry_id":"stips"}', "lang": "nl"})
    await client.post("/chat", data={"tap": "/feedback_good", "answer": first})
    assert await rows(services, "SELECT * FROM verdict") == []


async def test_a_second_verdict_takes_the_place_of_the_first(client: httpx.AsyncClient, services: Services) -> None:
    first = (await client.post("/chat", data={"text": QUESTION, "lang": "nl"}, headers=JSON)).json()["messages"][1]["id"]
    for payload in ("/feedback_good", "/feedback_bad"):
        await client.post("/chat", data={"tap": payload, "answer": first})
    assert await rows(services, "SELECT payload FROM verdict") == [("/feedback_bad",)]
