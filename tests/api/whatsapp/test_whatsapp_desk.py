"""WhatsApp at the desk: the 24 hours, what did not arrive, the template, and what newcomers sent."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator

import httpx
import pytest
from desk_house import Clock, Worker, cheap_desk, new_worker, words_in
from desk_stream import opened, serving
from fastapi import FastAPI
from graph_api import Plan, envelope, status_of, tap
from whatsapp_house import World

from api.desk import router as desk_routes
from api.services import Services
from api.settings import Settings

QUESTION = "Waar kan ik leren zwemmen?"
PHOTO = b"\x89PNG not really"


@pytest.fixture
async def worker(app: FastAPI, services: Services, clock: Clock) -> AsyncIterator[Worker]:
    app.include_router(desk_routes.router)
    app.state.desk = cheap_desk(services, clock)
    browser = {"accept": "text/html"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk.test", headers=browser) as client:
        worker = await new_worker(app.state.desk, client, "noor", "Noor")
        await worker.log_in()
        yield worker


async def taken(world: World, worker: Worker) -> str:
    """A conversation that the worker has; gives its address."""
    await world.says(QUESTION, bubbles=2)
    await world.says(tap("/person"))
    await world.settled()
    (waiting,) = await world.services.store.waiting("nijmegen")
    page = f"/balie/gesprek/{waiting.id}"
    await worker.post(f"{page}/overnemen", page)
    await world.until(lambda graph: len(graph.accepted) == 4)
    return page


async def test_words_of_the_desk_arrive_and_a_failure_is_shown(running: World, worker: Worker) -> None:
    page = await taken(running, worker)
    answer = await worker.post(f"{page}/antwoord", page, text="Kom morgen langs.")
    assert answer.status_code == 303
    await running.until(lambda graph: len(graph.accepted) == 5)
    await running.settled()
    sent = running.graph.accepted[-1]
    assert "Kom morgen langs." in sent.words
    assert "nog niet bezorgd" in words_in(await worker.get(page))
    await running.post(envelope(statuses=[status_of(message, "delivered") for message in running.graph.accepted[:-1]]))
    await running.post(envelope(statuses=[status_of(sent, "failed", 131026)]))
    shown = words_in(await worker.get(page))
    reason = "deze nieuwkomer is niet te bereiken via WhatsApp."
    assert f"Een bericht is niet bezorgd: {reason}" in shown, "above the form"
    assert f"Niet bezorgd: {reason}" in shown, "at the message"
    assert "nog niet bezorgd" not in shown


async def test_when_the_24_hours_are_over_only_the_template_can_go(running: World, worker: Worker) -> None:
    page = await taken(running, worker)
    assert "Je kunt antwoorden tot" in words_in(await worker.get(page))
    before = len(running.graph.accepted)
    running.clock.move(hours=25)
    await worker.log_in()
    shown = await worker.get(page)
    assert "24-uursvenster van WhatsApp is dicht" in words_in(shown)
    assert 'name="text"' not in shown.text
    refused = await worker.post(f"{page}/antwoord", page, text="Te laat.")
    assert refused.status_code == 409
    assert "Te laat." in refused.text, "what was written is not lost"
    answer = await worker.post(f"{page}/sjabloon", page)
    assert answer.status_code == 303
    await running.until(lambda graph: len(graph.accepted) == before + 1)
    assert running.graph.accepted[-1].words == "template antwoord_klaar"
    assert "Er is een antwoord voor je" in words_in(await worker.get(page))


async def test_who_reads_tigrinya_gets_the_english_and_the_dutch_template(running: World, worker: Worker) -> None:
    page = await taken(running, worker)
    (held,) = await running.services.store.waiting("nijmegen")
    await running.services.store.change(held.id, language="ti")
    running.clock.move(hours=25)
    await worker.log_in()
    assert "het bericht gaat in het Engels en het Nederlands" in words_in(await worker.get(page))
    before = len(running.graph.accepted)
    await worker.post(f"{page}/sjabloon", page)
    await running.until(lambda graph: len(graph.accepted) == before + 2)
    assert [message.words for message in running.graph.accepted[-2:]] == ["template reply_ready", "template antwoord_klaar"]
    shown = words_in(await worker.get(page))
    assert "an answer for you from the central information desk" in shown
    assert "een antwoord voor je van het centraal informatiepunt" in shown


async def test_who_stopped_is_left_alone(running: World, worker: Worker) -> None:
    page = await taken(running, worker)
    await running.says("STOP")
    await running.settled()
    assert "De nieuwkomer wil geen berichten meer" in words_in(await worker.get(page))
    assert (await worker.post(f"{page}/antwoord", page, text="Toch nog iets.")).status_code == 409
    before = len(running.graph.accepted)
    assert (await worker.post(f"{page}/sjabloon", page)).status_code == 409
    await running.settled()
    assert len(running.graph.accepted) == before, "no template either"
    assert "Toch nog iets." not in "".join(message.words for message in running.graph.accepted)


async def send_photo(world: World, mime: str = "image/jpeg") -> None:
    """A newcomer sends a photo."""
    world.graph.media["3000001"] = (PHOTO, mime)
    photo = {"id": "3000001", "mime_type": mime, "sha256": hashlib.sha256(PHOTO).hexdigest()}
    await world.writes({"type": "image", "image": photo})
    await world.settled()


async def sent_photo(world: World, worker: Worker, mime: str = "image/jpeg") -> str:
    """Address of a photo that a newcomer sent."""
    page = await taken(world, worker)
    await send_photo(world, mime)
    shown = await worker.get(page)
    assert "Foto openen" in words_in(shown)
    id = int(page.rsplit("/", 1)[1])
    (message_id,) = await world.services.whatsapp.attachments.of(id)  # type: ignore[union-attr]
    return f"{page}/bijlage/{message_id}"


async def test_a_photo_that_comes_while_the_page_is_open_can_be_opened(app: FastAPI, running: World, worker: Worker) -> None:
    page = await taken(running, worker)
    last = (await running.services.store.messages(int(page.rsplit("/", 1)[1])))[-1].id
    async with serving(app) as address, opened(address, worker, f"{page}/events?after={last}") as stream:
        assert (await stream.next())[0] == "panel"
        await send_photo(running)
        name, message, _ = await stream.next()
        assert name == "message"
        assert f'href="{page}/bijlage/{message["id"]}"' in message["html"]


async def test_a_photo_is_fetched_when_it_is_opened(running: World, worker: Worker, settings: Settings) -> None:
    address = await sent_photo(running, worker)
    assert running.graph.fetched == []
    photo = await worker.get(address)
    assert photo.content == PHOTO
    assert photo.headers["content-type"] == "image/jpeg"
    assert photo.headers["content-security-policy"].startswith("sandbox")
    assert photo.headers["x-content-type-options"] == "nosniff"
    assert photo.headers["cache-control"] == "no-store"
    assert running.graph.fetched == ["3000001"]
    assert not [path for path in settings.data.rglob("*") if path.is_file() and PHOTO in path.read_bytes()]
    stranger = await running.client.get(address)
    assert stranger.status_code == 303, "to the login"


async def test_what_could_be_a_page_is_saved_and_not_shown(running: World, worker: Worker) -> None:
    photo = await worker.get(await sent_photo(running, worker, "text/html"))
    assert photo.headers["content-type"] == "application/octet-stream"
    assert photo.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize("wrong", ["gone", "changed", "elsewhere"])
async def test_what_is_not_what_it_said_is_not_shown(running: World, worker: Worker, wrong: str) -> None:
    address = await sent_photo(running, worker)
    if wrong == "gone":
        running.graph.media.clear()
    elif wrong == "changed":
        running.graph.media["3000001"] = (b"something else", "image/jpeg")
    else:
        running.graph.media_url = "http://127.0.0.1:1/steal-the-token"
    answer = await worker.get(address)
    assert answer.status_code == 502
    assert "niet (meer) te openen" in words_in(answer)


async def test_after_its_days_it_is_not_there(running: World, worker: Worker) -> None:
    address = await sent_photo(running, worker)
    running.clock.move(days=8)
    await worker.log_in()
    assert (await worker.get(address)).status_code == 404


async def test_a_plan_that_is_refused_is_told_in_dutch(running: World, worker: Worker) -> None:
    page = await taken(running, worker)
    running.graph.plans.append(Plan(code=132000))
    await worker.post(f"{page}/antwoord", page, text="Hallo")
    await running.until(lambda graph: bool(graph.refused))
    await running.settled()
    assert "WhatsApp geeft fout 132000" in words_in(await worker.get(page))
