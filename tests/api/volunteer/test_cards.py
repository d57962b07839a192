"""A card: made of ticked entries, in two languages, honest about what changed, and gone after its time."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import unquote

import httpx
import pytest
from desk_house import Clock
from public_towns import town_with, with_entry, words
from sqlalchemy import inspect, select
from stand_ins import FixedSearch, catalogue_once

from api.database import connect, migrate
from api.freshness.reports import Reports, What
from api.services import Services
from api.settings import Settings
from api.volunteer.cards import KEPT_AFTERWARDS, MOST_ENTRIES, Cards, build_cards
from api.volunteer.tables import CardRow
from sociale_kaart.kaart import Kaart
from sociale_kaart.schema import State

DAYS = 90


async def made(client: httpx.AsyncClient, *entries: str, language: str = "ti", town: str = "") -> str:
    """The path of a new card."""
    page = await client.post(f"{town}/zoek/kaart", data={"entry": list(entries), "language": language, "lang": "nl"})
    assert page.status_code == 303, words(page)
    return str(page.headers["location"]).partition("?")[0]


# --- making


async def test_a_card_holds_entries_and_nothing_about_anybody(client: httpx.AsyncClient, services: Services) -> None:
    path = await made(client, "zwemlessen", "stips", language="ar")
    async with services.engine.connect() as connection:
        rows = (await connection.execute(select(CardRow.__table__))).mappings().all()
    assert [(row["town"], row["language"], [id for id, _ in row["entries"]]) for row in rows] == [
        ("nijmegen", "ar", ["zwemlessen", "stips"])
    ]
    assert set(rows[0]) == {"code", "town", "language", "entries", "created_at", "expires_at"}
    assert path == f"/nijmegen/k/{rows[0]['code']}"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"language": "ti"}, "Kies eerst een of meer onderwerpen."),
        ({"entry": ["zwemlessen"]}, "Kies de taal van de nieuwkomer."),
        ({"entry": ["zwemlessen"], "language": "nl"}, "Kies de taal van de nieuwkomer."),
        ({"entry": ["zwemlessen", "weg"], "language": "ti"}, "Dit onderwerp staat niet in de sociale kaart: weg."),
    ],
)
async def test_what_is_missing_is_told_and_what_was_chosen_stays(
    client: httpx.AsyncClient, data: dict[str, object], told: str
) -> None:
    page = await client.post("/zoek/kaart", data=data)
    assert page.status_code == 422
    assert told in words(page)
    assert ('value="zwemlessen" checked' in page.text) is ("entry" in data)


async def test_a_card_does_not_grow_without_end(client: httpx.AsyncClient, kaart: Kaart) -> None:
    ids = [entry.id for entry in kaart][: MOST_ENTRIES + 1]
    page = await client.post("/zoek/kaart", data={"entry": ids, "language": "uk"})
    assert page.status_code == 422
    assert f"ten hoogste {MOST_ENTRIES}" in words(page)
    await made(client, *ids[:MOST_ENTRIES])


async def test_another_site_and_a_machine_cannot_make_cards(client: httpx.AsyncClient, services: Services) -> None:
    form = {"entry": "zwemlessen", "language": "ti"}
    assert (await client.post("/zoek/kaart", data=form, headers={"origin": "https://elders.example"})).status_code == 403
    for _ in range(services.settings.messages_per_minute):
        await made(client, "zwemlessen")
    assert (await client.post("/zoek/kaart", data=form)).status_code == 429


# --- reading


@pytest.mark.parametrize("language", ["en", "ar", "ti", "uk"])
async def test_both_languages_stand_side_by_side(client: httpx.AsyncClient, kaart: Kaart, language: str) -> None:
    page = await client.get(await made(client, "zwemlessen", language=language))
    entry, seen = kaart.entry("zwemlessen"), words(page)
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.text, "who scans the code reads it in their own language"
    for code in ("nl", language):
        text = entry.texts[code]
        for line in (text.name, *text.answer, *text.steps, text.facts.where):
            assert line in seen
        assert catalogue_once().text(code, "answer.label.draft") in seen
    assert catalogue_once().text(language, "answer.dutch_name", name=entry.texts["nl"].name) in seen
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<div class="side entry" lang="{language}" dir="{direction}">' in page.text
    assert '<div class="side entry" lang="nl" dir="ltr">' in page.text
    assert "Bron: Gemeente Nijmegen, Uitvoeringsprogramma" in seen
    assert catalogue_once().text(language, "card.changed", date="").split(":")[0] not in seen
    assert '<meta name="robots" content="noindex">' in page.text
    assert page.headers["cache-control"] == "no-store"


async def test_the_code_leads_to_the_short_link_and_says_so(client: httpx.AsyncClient, services: Services) -> None:
    path = await made(client, "zwemlessen")
    page, link = await client.get(path), f"{services.settings.address}{path}"
    assert re.search(r'<div role="img" aria-label="[^"]*' + re.escape(link) + r'[^"]*"><svg', page.text)
    assert f'<a href="{link}">' in page.text
    shared = re.search(r'href="https://wa\.me/\?text=([^"]+)"', page.text)
    assert shared
    assert unquote(shared[1]) == f"{services.towns.first.kaart.entry('zwemlessen').texts['ti'].name} {link}"
    assert "style=" not in page.text, "the policy of the pages allows none"


async def test_a_code_is_found_as_it_is_typed_and_at_any_town(client: httpx.AsyncClient) -> None:
    path = await made(client, "woonwijze", town="/vught")
    code = path.rsplit("/", 1)[-1]
    assert (await client.get(f"/vught/k/{code.upper()}")).status_code == 200
    elsewhere = await client.get(f"/k/{code}")
    assert (elsewhere.status_code, elsewhere.headers["location"].rstrip("?")) == (307, path)


# --- what changes


async def test_it_says_when_an_entry_changed(client: httpx.AsyncClient, services: Services, kaart: Kaart) -> None:
    path, entry = await made(client, "zwemlessen", "stips"), kaart.entry("zwemlessen")
    moved = entry.texts["nl"].model_copy(
        update={"facts": entry.texts["nl"].facts.model_copy(update={"where": "In een ander bad."})}
    )
    with_entry(services, entry.model_copy(update={"texts": {**entry.texts, "nl": moved}}))
    seen = words(await client.get(path))
    assert "In een ander bad." in seen
    assert seen.count("Let op: dit is veranderd sinds 23 november 2026.") == 1, "not at the other entry"
    assert catalogue_once().text("ti", "card.changed", date="23 ሕዳር 2026") in seen


async def test_it_says_when_an_entry_ended_and_what_there_is_instead(
    client: httpx.AsyncClient, services: Services, kaart: Kaart
) -> None:
    path, entry = await made(client, "zwemlessen"), kaart.entry("zwemlessen")
    with_entry(services, entry.model_copy(update={"state": State.ENDED, "instead": ("stips",)}))
    page = await client.get(path)
    assert "Let op: dit bestaat niet meer." in words(page)
    assert catalogue_once().text("ti", "answer.state.ended") in words(page)
    assert 'href="/nijmegen/nl/stips"' in page.text


async def test_it_says_when_an_entry_was_removed(client: httpx.AsyncClient, services: Services, kaart: Kaart) -> None:
    path = await made(client, "zwemlessen", "stips")
    without = Kaart(kaart.municipality, tuple(entry for entry in kaart if entry.id != "zwemlessen"), kaart.rules, kaart.own)
    services.towns.replace(town_with(without, services.catalogue, FixedSearch()))
    seen = words(await client.get(path))
    assert "Dit onderwerp staat niet meer in de sociale kaart: zwemlessen." in seen
    assert kaart.entry("stips").texts["ti"].name in seen


# --- its time


async def test_an_expired_card_says_so(client: httpx.AsyncClient, clock: Clock, kaart: Kaart) -> None:
    path = await made(client, "zwemlessen")
    clock.move(days=DAYS, minutes=-1)
    assert (await client.get(path)).status_code == 200
    clock.move(minutes=1)
    page = await client.get(path)
    assert page.status_code == 410
    assert catalogue_once().text("ti", "card.expired") in words(page)
    assert kaart.entry("zwemlessen").texts["ti"].name not in words(page)
    assert 'href="/nijmegen/zoek?lang=ti"' in page.text


@pytest.mark.parametrize("code", ["zzzzzzzz", "kort", "<script>"])
async def test_a_card_that_never_was_is_not_found(client: httpx.AsyncClient, code: str) -> None:
    page = await client.get(f"/k/{code}?lang=nl")
    assert page.status_code == 404
    assert "Deze kaart is er niet." in words(page)


async def test_old_cards_are_deleted(services: Services, clock: Clock, kaart: Kaart) -> None:
    cards = build_cards(services, clock)
    old = await cards.make("nijmegen", "ti", [kaart.entry("stips")])
    assert old.expires_at - old.created_at == dt.timedelta(days=DAYS)
    clock.move(days=DAYS)
    new = await cards.make("nijmegen", "ti", [kaart.entry("stips")])
    assert (await cards.sweep(), await cards.find(old.code)) == (0, old), "to say that it expired"
    clock.move(days=KEPT_AFTERWARDS.days)
    assert await cards.sweep() == 1
    assert await cards.find(old.code) is None
    assert await cards.find(new.code) == new


async def test_a_code_that_is_taken_is_not_used_twice(
    services: Services, clock: Clock, kaart: Kaart, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = iter(["aaaaaaaa", "aaaaaaaa", "bbbbbbbb"])
    monkeypatch.setattr("api.volunteer.cards.new_code", lambda: next(codes))
    cards = Cards(services.engine, clock, DAYS)
    made = [await cards.make("nijmegen", "ti", [kaart.entry("stips")]) for _ in range(2)]
    assert [card.code for card in made] == ["aaaaaaaa", "bbbbbbbb"]


async def test_the_migration_makes_the_table(tmp_path_factory: pytest.TempPathFactory) -> None:
    url = Settings(data=tmp_path_factory.mktemp("card")).database
    migrate(url)
    engine = connect(url)
    async with engine.connect() as connection:
        columns = await connection.run_sync(lambda sync: {column["name"] for column in inspect(sync).get_columns("card")})
    await engine.dispose()
    assert columns == set(CardRow.__table__.columns.keys())


# --- reports


@pytest.mark.parametrize("what", ["closed", "moved", "wrong"])
async def test_one_tap_reports_without_a_word_about_anybody(
    client: httpx.AsyncClient, services: Services, clock: Clock, what: str
) -> None:
    page = await client.post("/zoek/melding?lang=uk", data={"entry": "zwemlessen", "what": what, "card": "abcd2345"})
    assert page.status_code == 200
    assert '<html lang="uk"' in page.text
    assert 'href="/k/abcd2345?lang=uk"' in page.text
    [report] = await Reports(services.engine, clock).open("nijmegen")
    assert (report.entry_id, report.what, report.text) == ("zwemlessen", What(what), None)


async def test_a_script_gets_the_thanks_alone(client: httpx.AsyncClient) -> None:
    form = {"entry": "zwemlessen", "what": "closed"}
    answer = await client.post("/zoek/melding?lang=nl", data=form, headers={"accept": "application/json"})
    assert answer.json()["message"].startswith("Dank je.")


@pytest.mark.parametrize("form", [{}, {"entry": "weg", "what": "closed"}, {"entry": "zwemlessen", "what": "changed"}])
async def test_only_what_is_offered_can_be_reported(
    client: httpx.AsyncClient, services: Services, clock: Clock, form: dict[str, str]
) -> None:
    assert (await client.post("/zoek/melding", data=form)).status_code == 404
    assert await Reports(services.engine, clock).open("nijmegen") == []


async def test_reports_are_limited(client: httpx.AsyncClient, services: Services) -> None:
    form = {"entry": "zwemlessen", "what": "closed"}
    for _ in range(services.settings.messages_per_minute):
        assert (await client.post("/zoek/melding", data=form)).status_code == 200
    assert (await client.post("/zoek/melding", data=form)).status_code == 429
