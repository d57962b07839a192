"""The desk's pages for reviewers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import httpx
import pytest
from desk_house import Clock, Worker, new_worker, words_in
from freshness_house import build_app, furnish
from ruamel.yaml.comments import CommentedMap
from stand_ins import CannedBot, FixedSearch, running_services

from api.services import Services
from api.settings import Settings
from sociale_kaart.kaart import Kaart
from sociale_kaart.loader import load_kaart
from sociale_kaart.schema import Review, ReviewState
from sociale_kaart.writer import edit

LIST = "/balie/nakijken"
PAGE = f"{LIST}/en/fiets"
FILE = "entries/fiets.yaml"


def hidden(page: httpx.Response) -> dict[str, str]:
    """The hidden fields of the page's last form."""
    return {name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text)}


async def send(worker: Worker, path: str, page: httpx.Response, **fields: str) -> httpx.Response:
    return await worker.client.post(path, data=hidden(page) | fields)


def dutch(summary: str):
    def change(document: CommentedMap) -> None:
        document["texts"]["nl"]["summary"] = summary

    return change


def made_from_present_dutch(folder: Path) -> None:
    edit(
        folder / FILE,
        lambda document: document["texts"]["en"].update({"source_hash": load_kaart(folder).entry("fiets").texts["nl"].hash}),
    )


async def test_only_who_is_logged_in_sees_it(visitor: httpx.AsyncClient) -> None:
    for path in (LIST, PAGE):
        assert (await visitor.get(path)).headers["location"] == f"/balie/login?verder={LIST}"
    assert (await visitor.post(f"{PAGE}/tekenen", data={"name": "x", "on": "2026-11-23"})).status_code in (303, 403)


async def test_the_list_counts_per_language_and_names_what_is_open(sanne: Worker) -> None:
    page = await sanne.get(f"{LIST}?taal=en")
    words = words_in(page)
    assert "Concept 7" in words
    assert "Nagekeken 0" in words
    assert page.text.count('href="/balie/nakijken/en/') == 7
    assert "(landelijk)" in words
    assert 'href="/balie/nakijken?taal=en" aria-current="page"' in page.text


@pytest.mark.parametrize("language", ["", "xx"])
async def test_the_first_translation_is_shown_when_none_is_chosen(sanne: Worker, language: str) -> None:
    page = await sanne.get(f"{LIST}?taal={language}")
    assert 'href="/balie/nakijken?taal=en" aria-current="page"' in page.text


async def test_each_line_stands_beside_its_dutch(sanne: Worker) -> None:
    page = await sanne.get(PAGE)
    assert '<dd lang="nl" dir="ltr">fiets trappen wiel</dd><dd lang="en" dir="ltr">bicycle pedal wheel</dd>' in page.text
    for label in ("Naam", "Samenvatting", "Antwoord, zin 1", "Waar"):
        assert f"<dt>{label}</dt>" in page.text


async def test_dutch_is_reviewed_by_itself(sanne: Worker, folder: Path) -> None:
    page = await sanne.get(f"{LIST}/nl/fiets")
    assert page.text.count("fiets trappen wiel") == 1
    await send(sanne, f"{LIST}/nl/fiets/tekenen", page, name="Piet", on="2026-11-22")
    text = load_kaart(folder).entry("fiets").texts["nl"]
    assert (text.review, text.source_hash) == (Review(state=ReviewState.REVIEWED, by="Piet", on=dt.date(2026, 11, 22)), None)


async def test_a_signature_is_published_with_name_day_and_dutch(sanne: Worker, folder: Path, services: Services) -> None:
    before = (folder / FILE).read_text()
    page = await sanne.get(PAGE)
    answer = await send(sanne, f"{PAGE}/tekenen", page, name=" Selam  Teklu ", on="2026-11-20")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{LIST}?taal=en&gelukt=getekend")
    hash = load_kaart(folder).entry("fiets").texts["nl"].hash
    head, _, tail = before.rpartition("    review: {state: draft}\n")
    signed = f"    review: {{state: reviewed, by: Selam Teklu, on: 2026-11-20}}\n    source_hash: {hash}\n"
    assert (folder / FILE).read_text() == head + signed + tail
    [publication] = await services.publisher.history("dorp", "fiets")
    assert (publication.by, publication.note) == ("Sanne", "Tekst nagekeken (en)")
    words = words_in(await sanne.get(answer.headers["location"]))
    assert "Nagekeken 1" in words
    assert "fiets fiets" not in words


@pytest.mark.parametrize(
    ("name", "on"),
    [
        ("", "2026-11-20"),
        ("x" * 81, "2026-11-20"),
        ("Selam", ""),
        ("Selam", "gisteren"),
        ("Selam", "2026-11-24"),
        ("Selam", "2026-02-30"),
    ],
)
async def test_a_signature_that_cannot_be_is_refused(sanne: Worker, folder: Path, name: str, on: str) -> None:
    before = (folder / FILE).read_bytes()
    answer = await send(sanne, f"{PAGE}/tekenen", await sanne.get(PAGE), name=name, on=on)
    assert answer.status_code == 422
    assert "Vul de naam in van wie de tekst las" in words_in(answer)
    assert 'aria-invalid="true" aria-describedby="fout"' in answer.text
    assert f'value="{on}"' in answer.text
    assert (folder / FILE).read_bytes() == before


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_nobody_signs_what_they_did_not_see(sanne: Worker, services: Services, folder: Path, language: str) -> None:
    page = await sanne.get(PAGE)

    def change(document: CommentedMap) -> None:
        document["texts"][language]["summary"] = "iets anders"

    await services.publisher.apply("dorp", {"fiets": change}, by="Omar", note="x")
    for path, fields in (("tekenen", {"name": "Selam", "on": "2026-11-20"}), ("niet-goed", {"note": "x"})):
        answer = await send(sanne, f"{PAGE}/{path}", page, **fields)
        assert answer.status_code == 409
        assert "is net veranderd" in words_in(answer)
        assert "iets anders" in words_in(answer)
    assert load_kaart(folder).entry("fiets").texts["en"].review == Review(state=ReviewState.DRAFT)


async def test_not_right_leaves_a_draft_with_a_note(sanne: Worker, folder: Path) -> None:
    note = "Het moet 'bike' zijn: zo zegt niemand het."
    answer = await send(sanne, f"{PAGE}/niet-goed", await sanne.get(PAGE), note=f" {note}\r\n")
    assert answer.headers["location"] == f"{LIST}?taal=en&gelukt=niet-goed"
    assert load_kaart(folder).entry("fiets").texts["en"].review == Review(state=ReviewState.DRAFT, note=note)
    assert note in words_in(await sanne.get(f"{LIST}?taal=en"))
    assert note in words_in(await sanne.get(PAGE))
    await send(sanne, f"{PAGE}/tekenen", await sanne.get(PAGE), name="Selam", on="2026-11-23")
    assert load_kaart(folder).entry("fiets").texts["en"].review.note is None


@pytest.mark.parametrize("note", ["", " \r\n", "x" * 501])
async def test_not_right_says_what(sanne: Worker, note: str) -> None:
    answer = await send(sanne, f"{PAGE}/niet-goed", await sanne.get(PAGE), note=note)
    assert answer.status_code == 422
    assert "Schrijf op wat er niet goed is" in words_in(answer)


async def test_what_changed_since_comes_from_the_history(sanne: Worker, services: Services, folder: Path) -> None:
    made_from_present_dutch(folder)
    await services.publisher.apply("dorp", {"fiets": dutch("fiets trappen remmen")}, by="Omar", note="x")
    await services.publisher.apply("dorp", {"fiets": dutch("fiets sturen remmen")}, by="Omar", note="y")
    assert "Verouderd: het Nederlands is veranderd" in words_in(await sanne.get(f"{LIST}?taal=en"))
    words = words_in(await sanne.get(PAGE))
    assert "Samenvatting fiets weg: trappen nieuw: sturen weg: wiel nieuw: remmen" in words


async def test_a_history_that_does_not_know_says_so(sanne: Worker, services: Services, folder: Path) -> None:
    edit(folder / FILE, lambda document: document["texts"]["en"].update({"source_hash": "0" * 12}))
    await services.publisher.apply("dorp", {"tolk": dutch("tolk taal")}, by="Omar", note="x")  # takes the other file along
    assert "Dat is niet bekend" in words_in(await sanne.get(PAGE))


async def test_a_signature_makes_an_outdated_text_current(sanne: Worker, services: Services, folder: Path) -> None:
    made_from_present_dutch(folder)
    await services.publisher.apply("dorp", {"fiets": dutch("fiets sturen")}, by="Omar", note="x")
    await send(sanne, f"{PAGE}/tekenen", await sanne.get(PAGE), name="Selam", on="2026-11-23")
    text = load_kaart(folder).entry("fiets").texts
    assert text["en"].source_hash == text["nl"].hash
    assert "Wat er in het Nederlands veranderd is" not in words_in(await sanne.get(PAGE))


async def test_a_shared_text_is_shown_and_not_signed_here(sanne: Worker) -> None:
    path = f"{LIST}/en/noodnummer"
    page = await sanne.get(path)
    assert "Dit onderwerp is landelijk" in words_in(page)
    assert "/tekenen" not in page.text
    fields = hidden(await sanne.get(PAGE)) | {"name": "Selam", "on": "2026-11-23"}
    assert (await sanne.client.post(f"{path}/tekenen", data=fields)).status_code == 403


@pytest.mark.parametrize("path", ["en/weg", "ar/fiets", "xx/fiets"])
async def test_a_text_that_is_not_there_is_not_found(sanne: Worker, path: str) -> None:
    assert (await sanne.get(f"{LIST}/{path}")).status_code == 404


@pytest.fixture
async def nijmegen_worker(kaart: Kaart, tmp_path: Path, clock: Clock) -> AsyncIterator[Worker]:
    """A worker at the desk of the real kaart; nothing is published there."""
    settings = Settings(data=tmp_path)
    async with running_services(settings, kaart, FixedSearch(), CannedBot(), clock) as services:
        app = build_app()
        furnish(app, services, clock)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk.test") as client:
            worker = await new_worker(
                app.state.desk, client, "sanne@example.org", "Sanne", town=app.state.services.towns.first.id
            )
            await worker.log_in()
            yield worker


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("ti", "ltr"), ("uk", "ltr")])
async def test_each_text_has_its_language_and_direction(
    nijmegen_worker: Worker, kaart: Kaart, language: str, direction: str
) -> None:
    page = await nijmegen_worker.get(f"{LIST}/{language}/zwemlessen")
    assert page.text.count(f'<dd lang="{language}" dir="{direction}">') >= 5
    name = words_in(page)
    assert kaart.entry("zwemlessen").texts[language].summary[:20] in name
