"""Editing the kaart at the desk, as workers in their browsers do it, on a small kaart in a folder of its own."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import AsyncIterator, Callable
from html import unescape
from pathlib import Path

import httpx
import pytest
from desk_house import Clock, Worker, words_in
from hash_encoder import HashEncoder
from small_kaart import SHARED, publish_first, write_small_kaart
from stand_ins import CannedBot, FixedSearch, running_services

from api.publishing.folder import read_files
from api.publishing.publisher import build_publisher
from api.services import Services
from api.settings import Settings
from sociale_kaart.loader import load_kaart

ENTRY = "/balie/kaart/zwemles"
CONTROL = re.compile(
    r"<input(?P<input>[^>]*)>|<textarea(?P<area>[^>]*)>\n?(?P<text>[^<]*)</textarea>|<select(?P<select>[^>]*)>(?P<options>.*?)</select>",
    re.S,
)
Posted = dict[str, str | list[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_small_kaart(tmp_path / "kaarten")


@pytest.fixture
def settings(tmp_path: Path, folder: Path) -> Settings:
    return Settings(kaart=folder, other_kaarten=(), data=tmp_path / "data", logins_per_quarter=50)


@pytest.fixture
async def services(settings: Settings, search: FixedSearch, bot: CannedBot, clock: Clock) -> AsyncIterator[Services]:
    publish_first(settings)
    async with running_services(settings, load_kaart(settings.kaart), search, bot, clock) as running:
        publisher = build_publisher(settings, running.catalogue, running.engine, clock, HashEncoder, running.towns)
        yield dataclasses.replace(running, publisher=publisher)


def attributes(tag: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in re.findall(r'([a-z-]+)="([^"]*)"', tag)}


def form_in(page: httpx.Response, **typed: str | list[str]) -> Posted:
    """What a browser would send of the page's last form, with some fields typed anew."""
    posted: Posted = {}
    for found in CONTROL.finditer(page.text.rpartition("<form")[2]):
        tag = attributes(found["input"] or found["area"] or found["select"])
        name, value = tag.get("name", ""), tag.get("value", "")
        if found["select"]:
            chosen = [attributes(option) for option in re.findall(r"<option[^>]* selected[^>]*>", found["options"])]
            value = (chosen or [attributes(option) for option in re.findall(r"<option[^>]*>", found["options"])])[0]["value"]
        if found["area"]:
            value = unescape(found["text"])
        if tag.get("type") == "checkbox":
            posted.setdefault(name, [])
            posted[name] = [*posted[name], value] if " checked" in found["input"] else posted[name]
        else:
            posted[name] = value
    return posted | {name.replace("__", "."): value for name, value in typed.items()}


async def send(
    worker: Worker, page: httpx.Response, action: str = "publiceren", at: str = ENTRY, **typed: str | list[str]
) -> httpx.Response:
    return await worker.client.post(at, data={**form_in(page, **typed), "doen": action})


async def test_the_list_finds_and_counts(sanne: Worker) -> None:
    page = await sanne.get("/balie/kaart")
    assert "7 onderwerpen" in words_in(page)
    assert "Nederlands 6 concept" in words_in(page)
    assert "(landelijk)" in page.text
    found = await sanne.get("/balie/kaart?tekst=BICYCLE")
    assert re.findall(r'href="/balie/kaart/([a-z]+)">', found.text)[-1:] == ["fiets"]
    assert "1 onderwerp" in words_in(found)
    assert "Niets gevonden" in (await sanne.get("/balie/kaart?staat=ended")).text


@pytest.mark.parametrize("entry", ["zwemles", "geld"])
async def test_a_form_that_is_sent_as_it_is_changes_nothing(sanne: Worker, folder: Path, entry: str) -> None:
    files = read_files(folder)
    page = await sanne.get(f"/balie/kaart/{entry}")
    answer = await send(sanne, page, at=f"/balie/kaart/{entry}")
    assert (answer.status_code, "niets veranderd" in answer.text) == (422, True)
    assert read_files(folder) == files


async def test_publish_shows_what_changed_and_answers_with_it(sanne: Worker, services: Services, folder: Path) -> None:
    page = await sanne.get(ENTRY)
    answer = await send(sanne, page, nl__answer="Elke dinsdag om tien uur.", note="dag erbij")
    assert (answer.status_code, answer.headers["location"]) == (303, "/balie/kaart/publicatie/1?gelukt=ja")
    result = await sanne.get(answer.headers["location"])
    words = words_in(result)
    assert "dag erbij" in words
    assert "4 vragen gesteld: 4 goed" in words
    assert "<ins>" in result.text
    assert services.towns.first.kaart.entry("zwemles").texts["nl"].answer == ("Elke dinsdag om tien uur.",)
    assert "# Wie dit verandert, belt eerst met Piet." in (folder / "entries/zwemles.yaml").read_text()


async def test_dutch_makes_translations_outdated_and_a_translation_a_draft(
    sanne: Worker, services: Services, folder: Path
) -> None:
    path = folder / "entries/zwemles.yaml"
    signed = "review: {state: reviewed, by: Jo, on: 2026-01-01}"
    path.write_text(path.read_text().replace("review: {state: draft}", signed))
    old = services.towns.first.kaart.entry("zwemles").texts["nl"].hash
    await send(sanne, await sanne.get(ENTRY), nl__summary="Leren zwemmen.")
    texts = services.towns.first.kaart.entry("zwemles").texts
    assert (texts["nl"].review.state, texts["en"].review.state) == ("draft", "reviewed")
    assert texts["en"].source_hash == old != texts["nl"].hash
    await send(sanne, await sanne.get(ENTRY), en__summary="Learn to swim.")
    texts = services.towns.first.kaart.entry("zwemles").texts
    assert (texts["en"].review.state, texts["en"].source_hash) == ("draft", texts["nl"].hash)
    assert texts["en"].review.by is None


async def test_new_questions_leave_a_signature(sanne: Worker, services: Services, folder: Path) -> None:
    path = folder / "entries/zwemles.yaml"
    path.write_text(path.read_text().replace("review: {state: draft}", "review: {state: reviewed, by: Jo, on: 2026-01-01}"))
    page = await sanne.get(ENTRY)
    more = str(form_in(page)["nl.questions"]) + "\r\nmag ik mee zwemmen"
    assert (await send(sanne, page, nl__questions=more)).status_code == 303
    text = services.towns.first.kaart.entry("zwemles").texts["nl"]
    assert (text.questions[-1], text.review.state) == ("mag ik mee zwemmen", "reviewed")


async def test_preview_shows_each_language_and_channel_and_publishes_nothing(sanne: Worker, folder: Path) -> None:
    files = read_files(folder)
    page = await send(sanne, await sanne.get(ENTRY), "bekijken", en__answer="Every Tuesday at <ten>.", note="uur erbij")
    assert page.status_code == 200
    assert page.text.count("Every Tuesday at &lt;ten&gt;.") >= 3, "on the web, as plain text, and kept to publish"
    assert "In WhatsApp" in page.text
    assert read_files(folder) == files
    back = await send(sanne, page, "bewerken")
    assert form_in(back)["en.answer"] == "Every Tuesday at <ten>."
    assert form_in(back)["note"] == "uur erbij"
    done = await send(sanne, page, "publiceren")
    assert done.status_code == 303


async def test_mistakes_stand_beside_their_fields_and_nothing_typed_is_lost(sanne: Worker, folder: Path) -> None:
    files = read_files(folder)
    page = await sanne.get(ENTRY)
    answer = await send(sanne, page, schedules="maandag negen uur", nl__name="", nl__steps="bel eerst")
    assert answer.status_code == 422
    assert 'id="fout-schedules"' in answer.text
    assert 'id="fout-nl.name"' in answer.text
    assert (form_in(answer)["schedules"], form_in(answer)["nl.steps"]) == ("maandag negen uur", "bel eerst")
    answer = await send(
        sanne, answer, schedules="ma 09:00-08:00", nl__name="Zwemmen", url="nergens", related="fiets\r\nbestaat-niet"
    )
    words = words_in(answer)
    assert answer.status_code == 422
    assert "De sluitingstijd moet later zijn dan de openingstijd." in words
    assert "Dit is geen webadres" in words
    answer = await send(sanne, answer, schedules="ma, wo 09:00-17:00", url="")
    assert "bestaat-niet staat niet in de kaart." in words_in(answer)
    assert 'aria-describedby="uitleg-related fout-related" aria-invalid="true"' in answer.text
    assert read_files(folder) == files
    assert (await send(sanne, answer, related="fiets")).status_code == 303


FILLED: dict[str, str | list[str]] = {
    "organization": "Zwembad",
    "theme": "participation",
    "statuses": ["status_holder"],
    "women_only": ["ja"],
    "minimum_age": "12",
    "phones": "024 123 45 67\r\n14 024",
    "email": "a@b.nl",
    "url": "https://zwem.nl/",
    "locations": "Bad | Weg 1 | 6500 AA | Dorp",
    "schedules": "ma, wo 09:00-17:00 vanaf 2026-01-01 t/m 2026-06-30",
    "closed_on": "2026-12-25",
    "languages": "nl\r\nar",
    "sources": "BOEK | 2.1\r\nBOEK",
    "verified_on": "2026-11-01",
    "verified_against": "organisation",
    "review_interval_days": "90",
    "related": "fiets\r\ntolk",
    "nl__steps": "bel\r\nkom",
    "nl__facts.cost": "niets",
    "nl__for_status.asylum_seeker": "mag ook",
    "en__for_status.asylum_seeker": "you can come too",
}


async def test_every_field_goes_to_the_file_and_back(sanne: Worker, services: Services) -> None:
    answer = await send(sanne, await sanne.get(ENTRY), **FILLED)
    assert answer.status_code == 303, words_in(answer)
    entry = services.towns.first.kaart.entry("zwemles")
    assert entry.themes == ("participation", "health")
    assert entry.contact.phones == ("024 123 45 67", "14 024")
    assert entry.locations[0].postal_code == "6500 AA"
    assert str(entry.schedules[0].valid_to) == "2026-06-30"
    assert [source.chapter for source in entry.sources] == ["2.1", None]
    assert entry.texts["en"].for_status == {"asylum_seeker": "you can come too"}
    assert (entry.audience.women_only, entry.review_interval_days) == (True, 90)
    shown = form_in(await sanne.get(ENTRY))
    for name, value in FILLED.items():
        assert shown[name.replace("__", ".")] == (value.replace("\r", "") if isinstance(value, str) else value)


async def test_second_editor_gets_both_versions_and_keeps_every_word(sanne: Worker, omar: Worker, services: Services) -> None:
    hers, his = await sanne.get(ENTRY), await omar.get(ENTRY)
    await send(sanne, hers, nl__answer="Van Sanne.", nl__summary="Zo zegt Sanne het.")
    page = await send(omar, his, nl__answer="Van Omar.", en__summary="Omar says so.")
    words = words_in(page)
    assert page.status_code == 409
    assert "Sanne heeft dit onderwerp veranderd" in words
    assert "Van Sanne." in words
    typed = form_in(page)
    assert (typed["nl.answer"], typed["en.summary"], typed["nl.summary"]) == ("Van Omar.", "Omar says so.", "Zo zegt Sanne het.")
    assert services.towns.first.kaart.entry("zwemles").texts["nl"].answer == ("Van Sanne.",)
    assert (await send(omar, page)).status_code == 303
    texts = services.towns.first.kaart.entry("zwemles").texts
    assert (texts["nl"].answer, texts["nl"].summary, texts["en"].summary) == (
        ("Van Omar.",),
        "Zo zegt Sanne het.",
        "Omar says so.",
    )


async def test_who_else_has_the_form_open_is_told_for_a_quarter(sanne: Worker, omar: Worker, clock: Clock) -> None:
    assert "heeft dit formulier ook open" not in (await sanne.get(ENTRY)).text
    assert "Sanne heeft dit formulier ook open" in words_in(await omar.get(ENTRY))
    assert "ook open" not in (await omar.get("/balie/kaart/fiets")).text
    clock.move(minutes=16)
    assert "ook open" not in (await sanne.get(ENTRY)).text


async def test_gate_lists_the_questions_and_leads_back(sanne: Worker, folder: Path) -> None:
    files = read_files(folder)
    knitting = "\r\n".join(f"breien {word}" for word in ("wol", "naald", "sok", "trui", "muts"))
    words = {"name": "Breien", "summary": "breien", "answer": "Kom breien.", "facts.where": "in de kelder", "questions": knitting}
    typed = {f"{code}__{name}": value for code in ("nl", "en") for name, value in words.items()}
    page = await send(sanne, await sanne.get(ENTRY), **typed)
    assert page.status_code == 409
    assert "gaan 2 vragen slechter" in words_in(page)
    assert "zwembad water zwemmen" in page.text
    assert read_files(folder) == files
    back = await send(sanne, page, "bewerken")
    assert form_in(back)["nl.answer"] == "Kom breien."


async def test_history_and_back(sanne: Worker, omar: Worker, folder: Path) -> None:
    files = read_files(folder)
    await send(sanne, await sanne.get(ENTRY), nl__answer="Van Sanne.", note="eerste")
    page = await omar.get(f"{ENTRY}/geschiedenis")
    assert "eerste" in words_in(page)
    assert "Sanne" in words_in(page)
    answer = await omar.post(f"{ENTRY}/geschiedenis/1/terug", ENTRY)
    assert answer.headers["location"] == "/balie/kaart/publicatie/2?gelukt=terug"
    assert read_files(folder) == files
    again = await omar.post(f"{ENTRY}/geschiedenis/1/terug", ENTRY)
    assert (again.status_code, "niets veranderd" in words_in(again)) == (422, True)


async def test_new_entry_and_its_end(sanne: Worker, services: Services) -> None:
    asked = "\r\n".join(f"waar brei ik {word}" for word in ("sokken", "truien", "mutsen", "wanten", "dassen"))
    typed = {f"{code}__{name}": value for code in ("nl", "en") for name, value in
             {"name": "Breien", "summary": "Samen breien.", "answer": "Kom breien.", "questions": asked}.items()}  # fmt: skip
    typed |= {"kind": "service", "theme": "participation", "state": "active", "sources": "BOEK", "verified_on": "2026-11-01"}
    typed |= {"verified_by": "balie", "verified_against": "source"}
    page = await sanne.get("/balie/kaart/nieuw")
    refused = await send(sanne, page, at="/balie/kaart/nieuw", id="Breien!", **typed)
    assert (refused.status_code, 'id="fout-id"' in refused.text) == (422, True)
    done = await send(sanne, refused, at="/balie/kaart/nieuw", id="breien")
    assert done.status_code == 303, words_in(done)
    assert (
        services.towns.first.kaart.entry("breien").texts["en"].source_hash
        == services.towns.first.kaart.entry("breien").texts["nl"].hash
    )
    taken = await send(sanne, refused, at="/balie/kaart/nieuw", id="breien")
    assert (taken.status_code, "Dit kenmerk bestaat al" in words_in(taken)) == (409, True)
    stop = "/balie/kaart/breien/stoppen"
    nothing = await sanne.post(stop, stop, instead="nergens")
    assert (nothing.status_code, "nergens staat niet in de kaart" in words_in(nothing)) == (422, True)
    assert (await sanne.post(stop, stop, instead="tolk")).status_code == 303
    ended = services.towns.first.kaart.entry("breien")
    assert (ended.state, ended.instead) == ("ended", ("tolk",))


async def test_shared_entries_are_shown_and_not_edited(sanne: Worker) -> None:
    page = await sanne.get(f"/balie/kaart/{SHARED}")
    assert "Dit onderwerp is landelijk" in words_in(page)
    assert "<textarea" not in page.text
    assert (await sanne.post(f"/balie/kaart/{SHARED}", ENTRY)).status_code == 422
    full = form_in(await sanne.get(ENTRY)) | {"doen": "publiceren"}
    assert (await sanne.client.post(f"/balie/kaart/{SHARED}", data=full)).status_code == 403


async def test_nobody_else_gets_in(sanne: Worker, browser: Callable[[], httpx.AsyncClient]) -> None:
    for path in ("/balie/kaart", ENTRY, f"{ENTRY}/geschiedenis"):
        assert (await browser().get(path)).headers["location"].startswith("/balie/login")
    page = form_in(await sanne.get(ENTRY)) | {"csrf": "wrong", "doen": "publiceren"}
    assert (await sanne.client.post(ENTRY, data=page)).status_code == 403
    assert (await sanne.get("/balie/kaart/niet-hier")).status_code == 404
