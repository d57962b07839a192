"""Two municipalities in one installation: neither shows what is the other's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from stand_ins import CannedBot, FixedSearch, running_services

from api.answers.ask import Asker
from api.answers.compose import Composer
from api.services import Services
from api.settings import Settings
from api.towns import Town
from sociale_kaart.kaart import Kaart


class VughtSearch(FixedSearch):
    """Finds what Vught has."""

    def __init__(self) -> None:
        super().__init__()
        self.ids = ["wegwijs-plus", "woonwijze"]


@pytest.fixture
async def services(
    settings: Settings, kaart: Kaart, vught: Kaart, search: FixedSearch, bot: CannedBot
) -> AsyncIterator[Services]:
    """Nijmegen and Vught; Vught also answers at a host name of its own."""
    here = replace(vught, municipality=vught.municipality.model_copy(update={"hosts": ("kaart.vught.test",)}))
    async with running_services(settings, kaart, search, bot) as running:
        second = Town(here, running.catalogue, Asker(here, VughtSearch()), Composer(here, running.catalogue), None)
        running.towns.replace(second)
        yield running


async def test_each_town_has_its_own_page_and_conversation(client: httpx.AsyncClient) -> None:
    assert "Nijmegen" in (await client.get("/")).text
    page = await client.get("/vught/")
    assert "Vught" in page.text
    assert "Nijmegen" not in page.text
    assert 'action="/vught/chat"' in page.text
    posted = await client.post("/vught/chat", data={"text": "waar is het loket"})
    assert posted.headers["location"] == "/vught/#end"
    assert "waar is het loket" in (await client.get("/vught/")).text
    assert "waar is het loket" not in (await client.get("/")).text


async def test_a_secret_of_one_town_opens_nothing_in_another(client: httpx.AsyncClient) -> None:
    await client.post("/vught/chat", data={"text": "waar is het loket"})
    client.cookies.set("chat", client.cookies["chat-vught"])
    assert "waar is het loket" not in (await client.get("/")).text


async def test_a_host_name_leads_to_its_town(client: httpx.AsyncClient) -> None:
    assert "Vught" in (await client.get("http://kaart.vught.test/")).text


async def test_one_town_never_answers_with_an_entry_of_another(client: httpx.AsyncClient) -> None:
    page = await client.post("/vught/chat", data={"tap": '/ask{"entry_id":"zwemlessen"}', "text": ""}, follow_redirects=True)
    assert page.status_code == 422, "a button that Vught never showed"


def test_shared_entries_are_in_both_and_an_own_one_goes_first(kaart: Kaart, vught: Kaart) -> None:
    assert not kaart.is_own("spoed-112")
    assert not vught.is_own("spoed-112")
    assert kaart.entry("spoed-112") == vught.entry("spoed-112")
    assert "zwemlessen" not in vught


async def test_what_was_stored_before_there_were_towns_becomes_the_first_ones(services: Services) -> None:
    old = await services.store.open("web", "an old cookie", "")
    await services.store.adopt(services.towns.first.id)
    assert (await services.store.get(old.id)).town == "nijmegen"
