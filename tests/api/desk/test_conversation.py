"""One conversation at the desk: read, take, answer, hand back, close; by one worker at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx
import pytest
from desk_house import Newcomer, Worker, words_in
from fastapi import FastAPI

from api.conversation.model import Speaker, State
from api.services import Services

Newcomers = Callable[[], Newcomer]
ACTIONS = ("overnemen", "antwoord", "vertalen", "terug", "wachtrij", "overdragen", "sluiten", "zin", "notitie", "sjabloon")
IN_A_CONVERSATION = "/balie/gesprek/{id}/"


async def act(worker: Worker, id: int, action: str, **fields: str) -> httpx.Response:
    """Press a button on the conversation's page."""
    return await worker.post(f"/balie/gesprek/{id}/{action}", f"/balie/gesprek/{id}", **fields)


async def state_of(services: Services, id: int) -> State:
    return (await services.store.get(id)).state


async def test_the_page_holds_original_words_the_bots_answer_and_the_history(sanne: Worker, newcomer: Newcomers) -> None:
    person = newcomer()
    id = await person.wait_for_person("ti")
    await person.write("<b>ሰላም</b> ከመይ ኣለኹም?")
    page = await sanne.get(f"/balie/gesprek/{id}")
    assert "&lt;b&gt;ሰላም&lt;/b&gt; ከመይ ኣለኹም?" in page.text
    assert 'lang="ti"' in page.text
    words = words_in(page)
    for expected in ("Nieuwkomer", "Chatbot", "ትግርኛ (Tigrinya)", "In de wachtrij: vraagt om een mens", "Overnemen"):
        assert expected in words


async def test_taking_it_silences_the_bot_and_tells_the_newcomer_who_answers(
    sanne: Worker, newcomer: Newcomers, services: Services
) -> None:
    person = newcomer()
    id = await person.wait_for_person("en")
    taken = await act(sanne, id, "overnemen")
    assert taken.headers["location"] == f"/balie/gesprek/{id}?gelukt=claim#antwoord"
    told = (await services.store.messages(id))[-1]
    desk_name = services.towns.first.kaart.municipality.desk.name["en"]
    assert told.text == services.towns.first.catalogue.text("en", "person.taken", name="Sanne", desk=desk_name)
    assert told.reply is not None
    assert told.reply.buttons == ()
    assert (await person.write("Thank you")).answers == ()


async def test_of_two_at_once_one_gets_it_and_the_other_reads_who(
    sanne: Worker, omar: Worker, newcomer: Newcomers, services: Services
) -> None:
    id = await newcomer().wait_for_person()
    results = await asyncio.gather(act(sanne, id, "overnemen"), act(omar, id, "overnemen"))
    assert sorted(result.status_code for result in results) == [303, 409]
    winner = (await services.store.get(id)).staff_name
    loser = next(result for result in results if result.status_code == 409)
    assert f"Dit gesprek is al overgenomen door {winner}." in words_in(loser)
    taken = [message for message in await services.store.messages(id) if winner and winner in message.text]
    assert len(taken) == 1


async def test_taking_twice_is_taking_once(sanne: Worker, newcomer: Newcomers, services: Services) -> None:
    id = await newcomer().wait_for_person()
    await act(sanne, id, "overnemen")
    count = len(await services.store.messages(id))
    assert (await act(sanne, id, "overnemen")).status_code == 303
    assert len(await services.store.messages(id)) == count


async def test_a_reply_is_stored_as_the_workers_and_reaches_the_newcomer(
    sanne: Worker, newcomer: Newcomers, services: Services
) -> None:
    person = newcomer()
    id = await person.wait_for_person("ar")
    await act(sanne, id, "overnemen")
    sent = await act(sanne, id, "antwoord", text="  Goedemorgen.\r\nIk kijk voor je.  ")
    assert sent.status_code == 303
    message = (await services.store.messages((await person.conversation()).id))[-1]
    assert (message.speaker, message.name, message.text) == (Speaker.STAFF, "Sanne", "Goedemorgen.\nIk kijk voor je.")
    words = words_in(await sanne.get(sent.headers["location"]))
    assert "Je antwoord is verstuurd." in words
    assert "Sanne, medewerker" in words


@pytest.mark.parametrize(("text", "status", "sentence"), [(" \n ", 422, "leeg"), ("ሀ" * 501, 413, "niet meer dan 500 tekens")])
async def test_a_refused_reply_keeps_its_text(
    sanne: Worker, newcomer: Newcomers, services: Services, text: str, status: int, sentence: str
) -> None:
    id = await newcomer().wait_for_person()
    await act(sanne, id, "overnemen")
    count = len(await services.store.messages(id))
    refused = await act(sanne, id, "antwoord", text=text)
    assert refused.status_code == status
    assert sentence in words_in(refused)
    assert text.strip() in refused.text
    assert len(await services.store.messages(id)) == count


async def test_handing_back_lets_the_bot_answer_again(sanne: Worker, newcomer: Newcomers, services: Services) -> None:
    person = newcomer()
    id = await person.wait_for_person("uk")
    await act(sanne, id, "overnemen")
    assert (await act(sanne, id, "terug")).headers["location"] == "/balie?gelukt=hand_back"
    assert await state_of(services, id) is State.BOT
    assert await person.last_words() == services.towns.first.catalogue.text("uk", "person.back")
    assert (await person.write("Дякую, а де можна плавати?")).answers


async def test_closing_tells_the_newcomer_and_a_new_message_opens_it(
    sanne: Worker, newcomer: Newcomers, services: Services
) -> None:
    person = newcomer()
    id = await person.wait_for_person("nl")
    await act(sanne, id, "overnemen")
    assert (await act(sanne, id, "sluiten", reden="answered")).status_code == 303
    assert await state_of(services, id) is State.CLOSED
    assert "gesloten" in await person.last_words()
    await person.write("Nog een vraag")
    assert await state_of(services, id) is not State.CLOSED
    words = words_in(await sanne.get(f"/balie/gesprek/{id}"))
    for line in ("Overgenomen door Sanne", "Gesloten door Sanne: de vraag is beantwoord", "gesprek heropend"):
        assert line in words


@pytest.mark.parametrize("action", ["antwoord", "terug", "wachtrij", "sluiten"])
async def test_another_worker_reads_who_has_it_and_can_change_nothing(
    sanne: Worker, omar: Worker, newcomer: Newcomers, services: Services, action: str
) -> None:
    id = await newcomer().wait_for_person()
    await act(sanne, id, "overnemen")
    count = len(await services.store.messages(id))
    page = await omar.get(f"/balie/gesprek/{id}")
    assert "Sanne heeft dit gesprek." in words_in(page)
    assert f"/balie/gesprek/{id}/{action}" not in page.text
    refused = await omar.post(f"/balie/gesprek/{id}/{action}", text="Mijn antwoord")
    assert refused.status_code == 409
    assert "al overgenomen door Sanne" in words_in(refused)
    assert ("Mijn antwoord" in refused.text) == (action == "antwoord")
    assert (await services.store.get(id)).staff_name == "Sanne"
    assert len(await services.store.messages(id)) == count


@pytest.mark.parametrize("action", ["antwoord", "terug", "wachtrij", "sluiten"])
async def test_nothing_can_be_done_before_taking_it(sanne: Worker, newcomer: Newcomers, services: Services, action: str) -> None:
    id = await newcomer().wait_for_person()
    refused = await act(sanne, id, action, text="Te vroeg")
    assert refused.status_code == 409
    assert await state_of(services, id) is State.WAITING


@pytest.mark.parametrize("action", [*ACTIONS, "onderwerp/zwemlessen", "notitie/1/weg"])
async def test_forms_of_other_sites_are_refused(sanne: Worker, newcomer: Newcomers, services: Services, action: str) -> None:
    id = await newcomer().wait_for_person()
    if action != "overnemen":
        await act(sanne, id, "overnemen")
    before = await services.store.get(id)
    for csrf in ({}, {"csrf": "guess"}):
        refused = await sanne.client.post(f"/balie/gesprek/{id}/{action}", data={"text": "x", **csrf})
        assert refused.status_code == 403
    assert await services.store.get(id) == before


async def test_every_other_desk_form_refuses_other_sites_too(sanne: Worker, app: FastAPI) -> None:
    posts = {path for path, operations in app.openapi()["paths"].items() if "post" in operations}
    before_login = {"/balie/login", "/balie/login/code", "/balie/login/code/herstel", "/balie/account"}
    others = {"onderwerp/{entry_id}", "notitie/{note_id}/weg"}
    assert {path.removeprefix(IN_A_CONVERSATION) for path in posts if path.startswith(IN_A_CONVERSATION)} == {*ACTIONS, *others}
    for path in sorted(path for path in posts - before_login if not path.startswith(IN_A_CONVERSATION)):
        refused = await sanne.client.post(path.format(id=1, entry_id="zwemlessen", language="ti"), data={"csrf": "guess"})
        assert refused.status_code == 403, path


async def test_a_conversation_with_the_chatbot_alone_is_not_the_desks(sanne: Worker, newcomer: Newcomers) -> None:
    person = newcomer()
    await person.write('/language{"language":"nl"}', tapped=True)
    id = (await person.conversation()).id
    for path in (f"/balie/gesprek/{id}", "/balie/gesprek/999999", f"/balie/gesprek/{id}/events"):
        assert (await sanne.get(path)).status_code == 404
    assert (await sanne.post(f"/balie/gesprek/{id}/overnemen")).status_code == 404


@pytest.mark.parametrize(("action", "blamed"), [("antwoord", True), ("notitie", False), ("sluiten", False)])
async def test_only_an_answer_that_was_refused_is_marked_as_wrong(
    sanne: Worker, newcomer: Newcomers, action: str, blamed: bool
) -> None:
    id = await newcomer().wait_for_person()
    await act(sanne, id, "overnemen")
    refused = await act(sanne, id, action)
    assert refused.status_code == 422
    field = refused.text.partition('<textarea id="tekst"')[2].partition(">")[0]
    assert ('aria-invalid="true"' in field, "fout" in field) == (blamed, blamed)


async def test_danger_in_a_conversation_is_said_on_its_page(sanne: Worker, newcomer: Newcomers) -> None:
    person = newcomer()
    await person.write("Ik wil dood")
    page = await sanne.get(f"/balie/gesprek/{(await person.conversation()).id}")
    assert "Bericht over gevaar." in words_in(page)
    assert "<title>Gevaar: Gesprek" in page.text


async def test_no_words_of_people_reach_the_logs(sanne: Worker, newcomer: Newcomers, capsys: pytest.CaptureFixture[str]) -> None:
    await sanne.log_in()
    person = newcomer()
    id = await person.wait_for_person()
    await person.write("Geheime woorden")
    await act(sanne, id, "overnemen")
    await act(sanne, id, "antwoord", text="Geheim antwoord")
    output = "".join(capsys.readouterr())
    assert "desk_login" in output, "the logs are seen here"
    assert "Geheim" not in output
