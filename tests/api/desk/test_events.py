"""Live changes, as an open page gets them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest
from desk_house import Newcomer, Worker
from desk_stream import opened, serving
from fastapi import FastAPI

from api.conversation.broadcast import topic
from api.services import Services

Newcomers = Callable[[], Newcomer]


@pytest.fixture
async def address(app: FastAPI) -> AsyncIterator[str]:
    async with serving(app) as address:
        yield address


async def test_the_queue_is_sent_at_once_and_after_a_change(address: str, sanne: Worker, newcomer: Newcomers) -> None:
    async with opened(address, sanne, "/balie/events") as stream:
        name, now, _ = await stream.next()
        assert (name, now["waiting"], now["title"]) == ("queue", 0, "Wachtrij · Balie")
        person = newcomer()
        await person.write("Ik wil dood")
        _, now, _ = await stream.next()
        while not now["dangers"]:
            _, now, _ = await stream.next()
        assert now["waiting"] == 1
        assert f"/balie/gesprek/{(await person.conversation()).id}" in now["html"]


async def test_new_messages_arrive_and_a_lost_connection_goes_on_where_it_was(
    address: str, sanne: Worker, newcomer: Newcomers, services: Services
) -> None:
    person = newcomer()
    id = await person.wait_for_person("ti")
    known = (await services.store.messages(id))[-1].id
    path = f"/balie/gesprek/{id}/events?after={known}"
    async with opened(address, sanne, path) as stream:
        assert (await stream.next())[0] == "panel"
        await person.write("ሰላም")
        name, data, event_id = await stream.next()
        assert (name, event_id) == ("message", str(data["id"]))
        assert "ሰላም" in data["html"]
    await services.store.add_staff(id, "Sanne", "Welkom")
    async with opened(address, sanne, path, **{"last-event-id": event_id or ""}) as stream:
        missed = [await stream.next() for _ in range(2)]
        assert [data["id"] > int(event_id or 0) for name, data, _ in missed if name == "message"] == [True, True]
        assert "Welkom" in missed[-1][1]["html"]


async def test_a_colleague_taking_it_changes_the_actions(address: str, sanne: Worker, omar: Worker, newcomer: Newcomers) -> None:
    id = await newcomer().wait_for_person()
    await omar.get(f"/balie/gesprek/{id}")
    async with opened(address, sanne, f"/balie/gesprek/{id}/events?after=999") as stream:
        assert "Overnemen" in (await stream.next())[1]["html"]
        assert (await stream.next())[:2] == ("viewers", {"names": ["Omar"]})
        await omar.post(f"/balie/gesprek/{id}/overnemen", f"/balie/gesprek/{id}")
        name, panel, _ = await stream.next()
        assert name == "panel"
        assert "Omar" in panel["html"]
        assert "Overnemen" not in panel["html"]


async def test_a_forgotten_conversation_ends_its_stream(
    address: str, sanne: Worker, newcomer: Newcomers, services: Services
) -> None:
    id = await newcomer().wait_for_person()
    async with opened(address, sanne, f"/balie/gesprek/{id}/events?after=999") as stream:
        await stream.next()
        await services.retention.forget(id)
        services.broadcast.publish(topic(id))
        assert (await stream.next())[0] == "gone"


async def test_a_stream_ends_with_its_login(address: str, sanne: Worker, newcomer: Newcomers) -> None:
    async with opened(address, sanne, "/balie/events") as stream:
        await stream.next()
        await sanne.post("/balie/uit")
        await newcomer().wait_for_person()
        with pytest.raises(EOFError):
            await stream.next()


async def test_who_looks_is_told_while_the_page_is_open(address: str, sanne: Worker, omar: Worker, newcomer: Newcomers) -> None:
    id = await newcomer().wait_for_person()
    path = f"/balie/gesprek/{id}/events?after=999"
    async with opened(address, sanne, path) as stream:
        await stream.next()
        await omar.get(f"/balie/gesprek/{id}")
        async with opened(address, omar, path) as other:
            await other.next()
            assert (await stream.next())[:2] == ("viewers", {"names": ["Omar"]})
        assert (await stream.next())[:2] == ("viewers", {"names": []})


async def test_a_filtered_queue_is_sent_filtered(address: str, sanne: Worker, newcomer: Newcomers) -> None:
    hidden, shown = await newcomer().wait_for_person("ar"), await newcomer().wait_for_person("ti")
    async with opened(address, sanne, "/balie/events?taal=ti") as stream:
        html = (await stream.next())[1]["html"]
    assert f"/balie/gesprek/{shown}" in html
    assert f"/balie/gesprek/{hidden}" not in html
