"""The pages about signals through HTTP, with the real publisher behind them."""

from __future__ import annotations

import csv
import io
import json

import httpx
import pytest
from desk_house import ORIGIN, Clock, Worker, csrf_in, new_worker, words_in
from fastapi import FastAPI
from signals_house import Person, ask_in_vain
from stand_ins import FixedSearch
from typer.testing import CliRunner

from api.cli import app as commands
from api.desk.roles import Role
from api.services import Services
from api.signals.signals import count_weeks

BAKE = [
    ("nl", "Hallo, mijn naam is Piet, waar kan ik taart bakken"),
    ("en", "taart bakken 0612345678"),
    ("nl", "waar taart bakken"),
    ("nl", "taart bakken leren"),
    ("en", "bakken taart"),
]
PLAY = [
    ("nl", "mijn naam is Piet, waar kan ik gitaar spelen"),
    ("en", "guitar gitaar spelen"),
    ("nl", "gitaar spelen leren"),
    ("nl", "gitaar spelen"),
    ("en", "gitaar spelen lessons"),
]
ILL = [("nl", "dokter koorts pijn")] * 5


async def group_address(sanne: Worker) -> str:
    page = (await sanne.get("/balie/signalen")).text
    return "/balie/signalen/groep/" + page.partition('href="/balie/signalen/groep/')[2].partition('"')[0]


async def send(sanne: Worker, address: str, **fields: object) -> httpx.Response:
    data = {"csrf": csrf_in(await sanne.get(address)), **fields}
    return await sanne.client.post(f"{address}/toevoegen", data=data)


def chosen_in(page: httpx.Response) -> list[str]:
    return [piece.partition('"')[0] for piece in page.text.split('name="vraag" value="')[1:]]


async def test_nothing_is_told_of_nobody(sanne: Worker) -> None:
    said = words_in(await sanne.get("/balie/signalen"))
    assert "Er zijn geen vragen die 5 of meer mensen stelden" in said
    assert "Er is nog geen hele week geteld" in said


async def test_the_page_shows_a_group_and_the_week_without_anything_personal(
    services: Services, search: FixedSearch, clock: Clock, sanne: Worker
) -> None:
    await ask_in_vain(services, search, BAKE)
    clock.move(days=7)
    await count_weeks(services, clock)
    await sanne.log_in()
    page = await sanne.get("/balie/signalen")
    said = words_in(page)
    assert "5 mensen" in said
    assert "Week 48, 23–29 nov. 2026" in said
    assert "Geen antwoord in de sociale kaart" in said
    whole = words_in(await sanne.get(await group_address(sanne)))
    assert "taart bakken leren" in whole
    assert "Piet" not in page.text + whole
    assert "0612345678" not in page.text + whole


async def test_fewer_people_are_not_shown_in_page_or_export(
    services: Services, search: FixedSearch, clock: Clock, sanne: Worker
) -> None:
    await ask_in_vain(services, search, BAKE[:4])
    clock.move(days=7)
    await count_weeks(services, clock)
    await sanne.log_in()
    said = words_in(await sanne.get("/balie/signalen"))
    assert "minder dan 5 mensen iets" in said
    assert "taart" not in said
    assert list(csv.reader(io.StringIO((await sanne.get("/balie/signalen/export.csv")).text)))[1:] == [
        ["dorp", "2026-11-23", "total", "", "< 5", "people"]
    ]
    assert json.loads((await sanne.get("/balie/signalen/export.json")).text)["rows"][0]["number"] is None


async def test_the_export_holds_no_questions(services: Services, search: FixedSearch, clock: Clock, sanne: Worker) -> None:
    await ask_in_vain(services, search, BAKE)
    clock.move(days=7)
    await count_weeks(services, clock)
    await sanne.log_in()
    exported = await sanne.get("/balie/signalen/export.csv")
    assert exported.headers["content-disposition"] == 'attachment; filename="signalen-dorp.csv"'
    assert "dorp,2026-11-23,total,,5,people" in exported.text
    assert "taart" not in exported.text


async def test_without_a_login_nothing_is_shown(app: FastAPI) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as stranger:
        for path in ("", "/export.csv", "/export.json", "/groep/1", "/groep/1/nieuw"):
            assert (await stranger.get(f"/balie/signalen{path}")).status_code == 303


async def test_who_may_not_edit_sees_numbers_and_no_question(
    app: FastAPI, services: Services, search: FixedSearch, sanne: Worker
) -> None:
    await ask_in_vain(services, search, BAKE)
    address = await group_address(sanne)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN, headers={"accept": "text/html"}) as client:
        omar = await new_worker(app.state.desk, client, "omar@example.org", "Omar", [Role.DESK], "dorp")
        await omar.log_in()
        page = await omar.get("/balie/signalen")
        assert "Getallen van een week" in page.text
        assert "taart" not in page.text
        assert (await omar.get(address)).status_code == 403
        assert (await omar.post(f"{address}/toevoegen")).status_code == 403


async def test_questions_go_into_the_entry_and_the_question_set_and_back_with_one_rollback(
    services: Services, search: FixedSearch, sanne: Worker
) -> None:
    folder = services.settings.kaart
    entry, cases = folder / "entries/school.yaml", folder / "questions.tsv"
    before = entry.read_bytes(), cases.read_bytes()
    await ask_in_vain(services, search, PLAY)
    address = await group_address(sanne)
    page = await sanne.get(address)
    done = await send(sanne, address, vraag=chosen_in(page), onderwerp="school")
    assert done.status_code == 303
    assert done.headers["location"].startswith("/balie/kaart/publicatie/")
    added = cases.read_text(encoding="utf-8").removeprefix(before[1].decode()).splitlines()
    assert ["signaal-school-nl-1", "nl", "in", "", "signaal"] in [line.split("\t")[:5] for line in added]
    assert len({line.split("\t")[0] for line in added}) == len(added) == 5
    assert {line.split("\t")[6] for line in added} == {"school"}
    text = entry.read_text(encoding="utf-8")
    assert "- gitaar spelen leren" in text
    assert "# kort houden" in text
    assert "Piet" not in text.partition("\n")[2]  # the first line is a comment of the kaart
    again = await send(sanne, address, vraag=chosen_in(page), onderwerp="school")
    assert "Deze vragen staan al bij dit onderwerp" in words_in(again)
    await services.publisher.rollback("dorp", by="test")
    assert (entry.read_bytes(), cases.read_bytes()) == before


async def test_the_gate_refuses_what_makes_another_question_worse(services: Services, search: FixedSearch, sanne: Worker) -> None:
    before = (services.settings.kaart / "questions.tsv").read_bytes()
    await ask_in_vain(services, search, BAKE)
    address = await group_address(sanne)
    refused = await send(sanne, address, vraag=chosen_in(await sanne.get(address)), onderwerp="school")
    assert refused.status_code == 409
    assert "1 vraag slechter" in words_in(refused)
    assert "taart bakken" in words_in(refused)
    assert (services.settings.kaart / "questions.tsv").read_bytes() == before


async def test_a_question_of_another_entry_is_refused(services: Services, search: FixedSearch, sanne: Worker) -> None:
    await ask_in_vain(services, search, ILL)
    address = await group_address(sanne)
    refused = await send(sanne, address, vraag=chosen_in(await sanne.get(address)), onderwerp="fiets")
    assert refused.status_code == 422
    assert "Deze vraag staat ook bij huisarts" in words_in(refused)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"onderwerp": "school"}, "Kies ten minste één vraag"),
        ({"vraag": True}, "Kies ten minste één vraag, en het onderwerp"),
        ({"vraag": True, "onderwerp": "nergens"}, "Kies ten minste één vraag, en het onderwerp"),
        ({"vraag": True, "onderwerp": "noodnummer"}, "landelijk"),
        ({"vraag": True, "onderwerp": "school", "tekst": "bel 0612345678"}, "Haal weg wat over één persoon gaat"),
        ({"vraag": True, "onderwerp": "school", "tekst": "[naam] wil taart"}, "Haal weg wat over één persoon gaat"),
    ],
)
async def test_refusals_keep_what_was_typed(
    services: Services, search: FixedSearch, sanne: Worker, fields: dict[str, object], words: str
) -> None:
    await ask_in_vain(services, search, BAKE)
    address = await group_address(sanne)
    id = chosen_in(await sanne.get(address))[0]
    sent = {key: value for key, value in fields.items() if key == "onderwerp"} | ({"vraag": [id]} if "vraag" in fields else {})
    sent |= {f"tekst-{id}": fields["tekst"]} if "tekst" in fields else {}
    refused = await send(sanne, address, **sent)
    assert refused.status_code in (403, 422)
    assert words in words_in(refused)
    assert str(fields.get("tekst", "")) in refused.text


async def test_a_new_entry_begins_with_the_questions(services: Services, search: FixedSearch, sanne: Worker) -> None:
    await ask_in_vain(services, search, BAKE)
    form = await sanne.get(f"{await group_address(sanne)}/nieuw")
    assert 'action="/balie/kaart/nieuw"' in form.text
    field = form.text.partition('name="nl.questions"')[2].partition("</textarea>")[0]
    assert "taart bakken leren" in field
    assert "[naam]" not in field


async def test_a_group_that_is_gone_says_so(services: Services, search: FixedSearch, sanne: Worker) -> None:
    await ask_in_vain(services, search, BAKE)
    address = await group_address(sanne)
    await services.flow.forget(await Person(services, "p0").conversation())
    gone = await sanne.get(address)
    assert gone.status_code == 404
    assert "te weinig mensen" in words_in(gone)


async def test_a_form_of_another_site_is_refused(services: Services, search: FixedSearch, sanne: Worker) -> None:
    await ask_in_vain(services, search, BAKE)
    address = await group_address(sanne)
    refused = await sanne.client.post(
        f"{address}/toevoegen", data={"onderwerp": "school", "vraag": chosen_in(await sanne.get(address))}
    )
    assert refused.status_code == 403


@pytest.mark.usefixtures("logs_as_before")
def test_the_terminal_writes_the_same_file(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAART_DATA", str(tmp_path_factory.mktemp("signals")))
    done = CliRunner().invoke(commands, ["signals", "export", "--format", "json"])
    assert json.loads(done.stdout) == {"fewest": 5, "rows": []}
