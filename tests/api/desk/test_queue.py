"""The queue and the list of before."""

from __future__ import annotations

import re
from collections.abc import Callable

from desk_house import Clock, Newcomer, Worker, words_in

from api.services import Services

Newcomers = Callable[[], Newcomer]


def links(html: str) -> list[int]:
    """Conversations in the order of the page."""
    return [int(id) for id in re.findall(r'href="/balie/gesprek/(\d+)"', html)]


async def test_danger_comes_first_then_who_waits_longest(sanne: Worker, newcomer: Newcomers, clock: Clock) -> None:
    first = await newcomer().wait_for_person("ar")
    clock.move(minutes=5)
    second = await newcomer().wait_for_person("uk")
    clock.move(minutes=5)
    in_danger = newcomer()
    await in_danger.write("Ik wil dood")
    danger = (await in_danger.conversation()).id
    page = await sanne.get("/balie")
    assert links(page.text) == [danger, first, second]
    words = words_in(page)
    assert words.index("Gevaar") < words.index(f"Gesprek {danger}") < words.index(f"Gesprek {first}")
    assert "<title>(3) Gevaar! Wachtrij · Balie</title>" in page.text


async def test_the_queue_tells_language_reason_subject_and_time(
    sanne: Worker, newcomer: Newcomers, services: Services, clock: Clock
) -> None:
    person = newcomer()
    id = await person.wait_for_person("ti")
    await services.store.change(id, entry_id="zwemlessen")
    clock.move(hours=1, minutes=5)
    words = words_in(await sanne.get("/balie"))
    name = services.towns.first.kaart.entry("zwemlessen").texts["nl"].name
    for expected in ("ትግርኛ (Tigrinya)", "Vraagt om een mens", name, "1 u 5 min"):
        assert expected in words


async def test_a_language_and_subject_that_are_not_known_are_said_to_be(sanne: Worker, newcomer: Newcomers) -> None:
    await newcomer().write("/person", tapped=True)
    assert words_in(await sanne.get("/balie")).count("Nog niet bekend") == 2


async def test_the_queue_tells_who_has_a_conversation(sanne: Worker, omar: Worker, newcomer: Newcomers) -> None:
    id = await newcomer().wait_for_person()
    await sanne.post(f"/balie/gesprek/{id}/overnemen", f"/balie/gesprek/{id}")
    assert f"Gesprek {id} Jij" in words_in(await sanne.get("/balie"))
    assert f"Gesprek {id} Sanne" in words_in(await omar.get("/balie"))


async def test_an_empty_queue_says_so(sanne: Worker) -> None:
    assert "Er wacht nu niemand." in words_in(await sanne.get("/balie"))


async def test_before_lists_what_the_desk_had_and_not_what_only_the_chatbot_had(
    sanne: Worker, newcomer: Newcomers, clock: Clock
) -> None:
    alone = newcomer()
    await alone.write("Waar kan ik leren zwemmen?")
    await alone.write('/language{"language":"nl"}', tapped=True)
    older = await newcomer().wait_for_person()
    clock.move(minutes=1)
    newer = await newcomer().wait_for_person()
    await sanne.post(f"/balie/gesprek/{newer}/overnemen", f"/balie/gesprek/{newer}")
    await sanne.post(f"/balie/gesprek/{newer}/sluiten", f"/balie/gesprek/{newer}", reden="referred")
    page = await sanne.get("/balie/recent")
    assert links(page.text) == [newer, older]
    assert "Gesloten Doorverwezen" in words_in(page)


async def test_a_forgotten_conversation_is_gone_from_every_list(sanne: Worker, newcomer: Newcomers, services: Services) -> None:
    id = await newcomer().wait_for_person()
    await services.retention.forget(id)
    assert links((await sanne.get("/balie")).text) == []
    assert links((await sanne.get("/balie/recent")).text) == []
    assert (await sanne.get(f"/balie/gesprek/{id}")).status_code == 404
