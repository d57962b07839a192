"""From a public page into the chat: the entry is offered as a button, and only an entry of that town."""

from __future__ import annotations

import httpx
import pytest
from markupsafe import Markup
from sqlalchemy import text as sql
from stand_ins import CannedBot, catalogue_once

from api.services import Services
from sociale_kaart.kaart import Kaart

ABOUT = '/about{"entry_id":"zwemlessen"}'


async def conversations(services: Services) -> int:
    async with services.engine.connect() as connection:
        return int(await connection.scalar(sql("SELECT count(*) FROM conversation")) or 0)


@pytest.mark.parametrize("language", ["nl", "ar", "ti"])
async def test_the_entry_is_a_button_on_the_first_page_and_tapping_it_tells_it(
    client: httpx.AsyncClient, kaart: Kaart, bot: CannedBot, language: str
) -> None:
    first = (await client.get("/", params={"lang": language, "about": "zwemlessen"})).text
    assert catalogue_once().text(language, "public.about") in first
    assert f"value='{ABOUT}'" in first
    page = await client.post("/chat", data={"tap": ABOUT, "lang": language}, follow_redirects=True)
    assert page.status_code == 200
    text = kaart.entry("zwemlessen").texts[language]
    assert text.steps[0] in Markup(page.text).striptags()
    assert f'<html lang="{language}"' in page.text
    assert bot.asked == [], "it needs no bot"


async def test_an_unknown_entry_is_no_button(client: httpx.AsyncClient) -> None:
    for about in ("nergens", "", "'><script>"):
        page = await client.get("/", params={"lang": "nl", "about": about})
        assert page.status_code == 200
        assert "/about" not in page.text


@pytest.mark.parametrize("tap", ['/about{"entry_id":"nergens"}', "/about", '/about{"entry_id":["zwemlessen"]}'])
async def test_what_the_town_does_not_have_is_refused(client: httpx.AsyncClient, services: Services, tap: str) -> None:
    assert (await client.post("/chat", data={"tap": tap, "lang": "nl"})).status_code == 422
    assert (await client.post("/vught/chat", data={"tap": ABOUT, "lang": "nl"})).status_code == 422
    assert await conversations(services) == 0


async def test_with_a_person_the_bot_stays_silent(client: httpx.AsyncClient, kaart: Kaart) -> None:
    await client.post("/chat", data={"tap": "/person", "lang": "nl"})
    page = await client.post("/chat", data={"tap": ABOUT}, follow_redirects=True)
    assert kaart.entry("zwemlessen").texts["nl"].steps[0] not in page.text
    assert catalogue_once().text("nl", "person.received") in page.text
