"""A day's work at the desk: filters, who looks, giving away, notes, sentences, entries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import httpx
import pytest
from desk_house import PASSWORD, Clock, Newcomer, Worker, new_worker, taken, words_in
from sqlalchemy import func, select

from api.conversation.model import Speaker, State
from api.desk.desk import Desk
from api.desk.tables import NoteRow, ViewingRow
from api.errors import AlreadyTaken
from api.services import Services

Newcomers = Callable[[], Newcomer]


async def id_of(desk: Desk, login: str) -> int:
    return (await desk.accounts.log_in(login, PASSWORD)).id


async def test_a_filter_shows_a_language_and_danger_all_the_same(sanne: Worker, newcomer: Newcomers) -> None:
    arabic, tigrinya = await newcomer().wait_for_person("ar"), await newcomer().wait_for_person("ti")
    danger = newcomer()
    await danger.write("Ik wil dood")
    page = await sanne.get("/balie?taal=ti")
    for id, shown in ((arabic, False), (tigrinya, True), ((await danger.conversation()).id, True)):
        assert (f'href="/balie/gesprek/{id}"' in page.text) is shown
    assert "Gefilterd: 2 van 3." in words_in(page)
    assert 'data-events="/balie/events?taal=ti"' in page.text
    assert "<title>(3) Gevaar!" in page.text


async def test_a_filter_for_a_subject_knows_those_without_one(sanne: Worker, newcomer: Newcomers, services: Services) -> None:
    swimming, none = await newcomer().wait_for_person(), await newcomer().wait_for_person()
    await services.store.change(swimming, entry_id="zwemlessen")
    theme = services.towns.first.kaart.entry("zwemlessen").themes[0]
    for chosen, shown, hidden in ((theme, swimming, none), ("onbekend", none, swimming)):
        page = (await sanne.get(f"/balie?thema={chosen}")).text
        assert f'href="/balie/gesprek/{shown}"' in page
        assert f'href="/balie/gesprek/{hidden}"' not in page


async def test_others_see_who_looks_until_that_is_over(sanne: Worker, omar: Worker, newcomer: Newcomers, clock: Clock) -> None:
    path = f"/balie/gesprek/{await newcomer().wait_for_person()}"
    await omar.get(path)
    assert "Kijkt nu ook: Omar" in words_in(await sanne.get(path))
    assert "Bekeken door Omar Nederlands" in words_in(await sanne.get("/balie"))
    clock.move(minutes=5)
    assert "Bekeken door" not in words_in(await sanne.get("/balie"))


async def test_the_holder_sees_which_conversation_waits_for_an_answer(sanne: Worker, newcomer: Newcomers) -> None:
    person = newcomer()
    path = await taken(sanne, person)
    await sanne.post(f"{path}/antwoord", path, text="Goedemorgen")
    assert "wacht op antwoord" not in words_in(await sanne.get("/balie"))
    await person.write("ሰላም")
    assert "wacht op antwoord" in words_in(await sanne.get("/balie"))


async def test_releasing_keeps_the_place_in_the_queue_and_tells_the_newcomer(
    sanne: Worker, newcomer: Newcomers, clock: Clock
) -> None:
    person = newcomer()
    path = await taken(sanne, person, "nl")
    before = (await person.conversation()).waiting_since
    clock.move(minutes=9)
    assert (await sanne.post(f"{path}/wachtrij", path)).headers["location"] == "/balie?gelukt=release"
    now = await person.conversation()
    assert (now.state, now.waiting_since, now.staff_id) == (State.WAITING, before, None)
    assert "gaat deze chat lezen" in await person.last_words()
    assert "Terug in de wachtrij door Sanne" in words_in(await sanne.get(path))


async def test_a_conversation_is_given_to_a_colleague_who_then_answers(
    sanne: Worker, omar: Worker, newcomer: Newcomers, desk: Desk
) -> None:
    person = newcomer()
    path = await taken(sanne, person, "nl")
    refused = await sanne.post(f"{path}/overdragen", path, naar="999")
    assert refused.status_code == 422
    assert "Kies een collega van deze balie." in words_in(refused)
    await sanne.post(f"{path}/overdragen", path, naar=str(await id_of(desk, omar.login)))
    assert (await person.conversation()).staff_name == "Omar"
    assert "Omar" in await person.last_words()
    assert (await sanne.post(f"{path}/antwoord", text="Nog iets")).status_code == 409
    assert (await omar.post(f"{path}/antwoord", path, text="Hallo")).status_code == 303
    assert "Aan Omar overgedragen door Sanne" in words_in(await omar.get(path))


async def test_a_colleague_of_the_same_name_is_another_colleague(
    sanne: Worker, newcomer: Newcomers, desk: Desk, browser: Callable[[], httpx.AsyncClient]
) -> None:
    namesake = await new_worker(desk, browser(), "sanne2", "Sanne")
    path = await taken(sanne, newcomer(), "nl")
    await sanne.post(f"{path}/overdragen", path, naar=str(namesake.id))
    assert "Aan Sanne overgedragen door Sanne" in words_in(await sanne.get(path))


async def test_a_colleague_who_is_gone_does_not_block_a_conversation(
    sanne: Worker, omar: Worker, newcomer: Newcomers, desk: Desk
) -> None:
    person = newcomer()
    path = await taken(sanne, person, "nl")
    someone_else = await omar.post(f"{path}/overdragen", path, naar=str(await id_of(desk, sanne.login)))
    assert someone_else.status_code == 409
    await omar.post(f"{path}/overdragen", path, naar=str(await id_of(desk, omar.login)))
    assert (await person.conversation()).staff_name == "Omar"
    assert "Van een collega overgenomen door Omar" in words_in(await omar.get(path))


async def test_who_acts_on_what_they_saw_before_a_transfer_is_too_late(
    newcomer: Newcomers, desk: Desk, sanne: Worker, omar: Worker
) -> None:
    person = newcomer()
    path = await taken(sanne, person, "nl")
    seen = await person.conversation()
    await omar.post(f"{path}/overdragen", path, naar=str(await id_of(desk, omar.login)))
    with pytest.raises(AlreadyTaken):
        await desk.work.close(seen, await desk.accounts.log_in(sanne.login, PASSWORD), "answered")
    assert (await person.conversation()).staff_name == "Omar"


async def test_a_closing_needs_a_reason_of_the_list(sanne: Worker, newcomer: Newcomers) -> None:
    person = newcomer()
    path = await taken(sanne, person)
    for reason in ("", "zomaar"):
        refused = await sanne.post(f"{path}/sluiten", path, reden=reason)
        assert refused.status_code == 422
        assert "Kies waarom je het gesprek sluit." in words_in(refused)
    assert (await person.conversation()).state is State.HUMAN


async def count(services: Services, table: type[NoteRow] | type[ViewingRow]) -> int:
    async with services.engine.connect() as connection:
        return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())


async def test_a_note_is_the_desks_alone_and_goes_with_the_conversation(
    sanne: Worker, omar: Worker, newcomer: Newcomers, services: Services
) -> None:
    person = newcomer()
    path = f"/balie/gesprek/{await person.wait_for_person('nl')}"
    await sanne.post(f"{path}/notitie", path, notitie="Belt <b>morgen</b> terug")
    page = await omar.get(path)
    assert "Belt &lt;b&gt;morgen&lt;/b&gt; terug" in page.text
    assert "Sanne" in words_in(page)
    assert "/weg" not in page.text
    assert "/weg" in (await sanne.get(path)).text
    told = await services.store.messages((await person.conversation()).id)
    assert all("morgen" not in message.text for message in told)
    assert all(message.speaker is not Speaker.STAFF for message in told)
    await services.retention.forget((await person.conversation()).id)
    assert (await count(services, NoteRow), await count(services, ViewingRow)) == (0, 0)


async def test_only_the_writer_removes_a_note(sanne: Worker, omar: Worker, newcomer: Newcomers) -> None:
    path = f"/balie/gesprek/{await newcomer().wait_for_person('nl')}"
    await sanne.post(f"{path}/notitie", path, notitie="Vraag over de fiets")
    await omar.post(f"{path}/notitie/1/weg", path)
    assert "Vraag over de fiets" in words_in(await sanne.get(path))
    await sanne.post(f"{path}/notitie/1/weg", path)
    assert "Vraag over de fiets" not in words_in(await sanne.get(path))


@pytest.mark.parametrize("note", [" \n ", "x" * 1001])
async def test_a_note_that_does_not_fit_comes_back(sanne: Worker, newcomer: Newcomers, note: str) -> None:
    path = f"/balie/gesprek/{await newcomer().wait_for_person('nl')}"
    refused = await sanne.post(f"{path}/notitie", path, notitie=note)
    assert refused.status_code == 422
    assert note.strip() in refused.text


async def test_a_sentence_goes_out_in_tigrinya_with_its_dutch_for_the_desk(
    sanne: Worker, newcomer: Newcomers, services: Services
) -> None:
    person = newcomer()
    path = await taken(sanne, person, "ti")
    book = services.towns.first.kaart.phrasebook
    assert book is not None
    phrase = book.find("wait")
    assert phrase is not None
    page = await sanne.get(path)
    assert phrase.words["ti"].text in page.text
    assert "Wilt u hier tekenen?" not in page.text
    assert (await sanne.post(f"{path}/zin", path, zin="wait")).status_code == 303
    message = (await services.store.messages((await person.conversation()).id))[-1]
    assert (message.speaker, message.name, message.language) == (Speaker.STAFF, "Sanne", "ti")
    assert message.reply is not None
    assert message.reply.paragraphs == (phrase.words["ti"].text,)
    assert message.reply.notes == (services.catalogue.text("ti", "answer.label.draft"),)
    assert phrase.words["nl"].text in words_in(await sanne.get(path))


async def test_what_a_sentence_leaves_open_is_filled_in_per_language(sanne: Worker, newcomer: Newcomers) -> None:
    person = newcomer()
    path = await taken(sanne, person, "uk")
    day = dt.date(2026, 12, 3)
    values = {"veld-day": day.isoformat(), "veld-time": "10:30"}
    await sanne.post(f"{path}/zin", path, zin="appointment-at", **values)
    assert "3 грудня 2026 о 10:30" in await person.last_words()
    assert "Uw afspraak is op 3 december 2026 om 10:30." in words_in(await sanne.get(path))


@pytest.mark.parametrize(
    "form",
    [
        {"zin": "nergens"},
        {"zin": "call-number"},
        {"zin": "call-number", "veld-number": "bel mij"},
        {"zin": "appointment-at", "veld-day": "morgen", "veld-time": "10:30"},
        {"zin": "appointment-at", "veld-day": "2026-12-03", "veld-time": "half elf"},
        {"zin": "go-to", "veld-place": "x" * 81},
    ],
)
async def test_a_sentence_that_is_not_whole_is_not_sent(sanne: Worker, newcomer: Newcomers, form: dict[str, str]) -> None:
    person = newcomer()
    path = await taken(sanne, person, "ar")
    before = await person.last_words()
    assert (await sanne.post(f"{path}/zin", path, **form)).status_code == 422
    assert await person.last_words() == before


async def test_an_entry_is_looked_for_looked_at_and_sent(sanne: Worker, newcomer: Newcomers, services: Services) -> None:
    person = newcomer()
    path = await taken(sanne, person, "ar")
    entry = services.towns.first.kaart.entry("zwemlessen")
    found = await sanne.get(f"{path}?zoek=leren zwemmen")
    assert f'href="{path}/onderwerp/zwemlessen"' in found.text
    preview = words_in(await sanne.get(f"{path}/onderwerp/zwemlessen"))
    assert entry.texts["nl"].answer[0] in preview
    assert "Verstuur als antwoord" in preview
    assert (await sanne.post(f"{path}/onderwerp/zwemlessen", path)).status_code == 303
    conversation = await person.conversation()
    message = (await services.store.messages(conversation.id))[-1]
    assert (message.speaker, message.name, conversation.entry_id) == (Speaker.STAFF, "Sanne", "zwemlessen")
    assert message.reply is not None
    assert (message.reply.title, message.reply.buttons) == (entry.texts["ar"].name, ())
    assert message.reply.sources
    assert services.catalogue.text("ar", "answer.label.draft") in message.reply.notes


async def test_an_entry_is_not_sent_by_who_does_not_have_the_conversation(
    sanne: Worker, omar: Worker, newcomer: Newcomers
) -> None:
    person = newcomer()
    path = await taken(sanne, person, "ar")
    assert "Vaste zinnen" not in words_in(await omar.get(path))
    assert "Verstuur als antwoord" not in words_in(await omar.get(f"{path}/onderwerp/zwemlessen"))
    assert (await omar.post(f"{path}/onderwerp/zwemlessen", path)).status_code == 409
    assert (await omar.post(f"{path}/zin", path, zin="wait")).status_code == 409
    assert (await person.conversation()).entry_id is None
    nowhere = await sanne.get(f"{path}/onderwerp/nergens")
    assert nowhere.status_code == 404
    assert "Dit onderwerp staat niet in de kaart." in words_in(nowhere)
