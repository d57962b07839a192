"""Who waits too long is warned about once, by mail and webhook, without a word of anyone."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest
import structlog
from chat_server import Server, running
from desk_house import START, Clock, Newcomer, Worker
from fastapi import FastAPI, Request, Response
from mail_server import Inbox, free_port, running_server
from pydantic import ValidationError

from api.desk.alarm import Alarm, build_alarm, by_webhook
from api.desk.escalation import Alert, Escalations, Waiting, overdue
from api.services import Services
from api.settings import Settings
from sociale_kaart.hours import Hours
from sociale_kaart.schema import Schedule, Weekday

Newcomers = Callable[[], Newcomer]
MONDAY = Schedule(byday=(Weekday.MO,), opens_at=dt.time(9), closes_at=dt.time(17))
LIMIT = dt.timedelta(minutes=15)
SECRET = "geheim-in-het-adres"


def at(hour: int, minute: int = 0) -> dt.datetime:
    """On a Monday, in Dutch winter time."""
    return dt.datetime(2026, 11, 23, hour, minute, tzinfo=dt.timezone(dt.timedelta(hours=1)))


@pytest.mark.parametrize(
    ("since", "now", "danger", "late"),
    [
        (at(10), at(10, 14), False, False),
        (at(10), at(10, 15), False, True),
        (at(8), at(8, 40), False, False),  # closed
        (at(8), at(9, 14), False, False),  # counts from when the desk opened
        (at(8), at(9, 15), False, True),
        (at(16, 50), at(17, 30), False, False),
        (at(20), at(20, 14), True, False),
        (at(20), at(20, 15), True, True),  # danger, at any hour
    ],
)
def test_minutes_count_in_desk_hours_and_always_in_danger(since: dt.datetime, now: dt.datetime, danger: bool, late: bool) -> None:
    assert bool(overdue([Waiting(1, since, danger)], Hours((MONDAY,)), now, LIMIT)) is late


def test_without_known_hours_every_minute_counts_and_on_a_closed_day_none() -> None:
    one = Waiting(1, at(20), danger=False)
    assert overdue([one], Hours(), at(20, 15), LIMIT) == [one]
    assert overdue([Waiting(1, at(10), danger=False)], Hours((MONDAY,), (at(10).date(),)), at(11), LIMIT) == []


class Hook:
    """What a webhook got."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.statuses: list[int] = []


@pytest.fixture(scope="module")
def hook_server() -> Iterator[Server]:
    app = FastAPI()

    @app.post("/{path}")
    async def take(request: Request) -> Response:
        hook: Hook = app.state.hook
        hook.bodies.append(json.loads(await request.body()))
        return Response(status_code=hook.statuses.pop(0) if hook.statuses else 204)

    with running(app) as server:
        yield server


@pytest.fixture
def hook(hook_server: Server) -> Hook:
    hook_server.app.state.hook = Hook()
    return hook_server.app.state.hook  # type: ignore[no-any-return]


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, int]]:
    kept = Inbox()
    with running_server(kept) as server:
        yield kept, server.port


@pytest.fixture
async def alarm(services: Services, clock: Clock, hook_server: Server, inbox: tuple[Inbox, int]) -> AsyncIterator[Alarm]:
    """Both ways, for the house of the other tests."""
    async with httpx.AsyncClient() as http:
        settings = Settings(
            smtp_host="127.0.0.1",
            smtp_port=inbox[1],
            smtp_starttls=False,
            smtp_from="kaart@example.org",
            public_url="https://kaart.example.org",
            escalation_mail="balie@example.org",
            escalation_webhook=f"{hook_server.address}/{SECRET}",  # type: ignore[arg-type]
        )
        yield build_alarm(settings, services.engine, services.towns, clock, http)


async def test_a_warning_goes_out_once_by_both_ways_and_holds_numbers_only(
    alarm: Alarm, newcomer: Newcomers, clock: Clock, hook: Hook, inbox: tuple[Inbox, int]
) -> None:
    person = newcomer()
    await person.write("Ik heet Piet Geheim")
    await person.wait_for_person()
    clock.move(minutes=14)
    assert await alarm.run() == 0
    clock.move(minutes=2)
    assert [await alarm.run(), await alarm.run()] == [1, 0]
    link = "https://kaart.example.org/balie"
    told = {"kind": "escalation", "town": "nijmegen", "waiting": 1, "danger": 0, "oldest_minutes": 16, "link": link}
    assert hook.bodies == [told]
    [mail] = inbox[0].mails
    assert (mail["to"], link in mail.get_content()) == ("balie@example.org", True)
    assert "Geheim" not in mail.as_string()


async def test_one_who_joins_later_or_turns_out_to_be_in_danger_is_a_new_warning(
    alarm: Alarm, newcomer: Newcomers, clock: Clock, hook: Hook
) -> None:
    first = newcomer()
    await first.wait_for_person()
    clock.move(minutes=15)
    await alarm.run()
    await newcomer().wait_for_person()
    clock.move(minutes=15)
    assert await alarm.run() == 1
    await first.write("Ik wil dood")
    assert await alarm.run() == 1
    assert [(body["waiting"], body["danger"]) for body in hook.bodies] == [(1, 0), (2, 0), (2, 1)]


async def test_what_was_taken_and_put_back_waits_anew(
    alarm: Alarm, newcomer: Newcomers, clock: Clock, hook: Hook, sanne: Worker
) -> None:
    path = f"/balie/gesprek/{await newcomer().wait_for_person()}"
    clock.move(minutes=15)
    await alarm.run()
    await sanne.post(f"{path}/overnemen", path)
    clock.move(minutes=30)
    assert await alarm.run() == 0
    await sanne.post(f"{path}/wachtrij", path)
    assert await alarm.run() == 0
    clock.move(minutes=15)
    assert await alarm.run() == 1
    assert len(hook.bodies) == 2


async def test_of_two_processes_one_warns(services: Services, newcomer: Newcomers, clock: Clock) -> None:
    await newcomer().wait_for_person()
    ours, theirs = Escalations(services.engine, clock), Escalations(services.engine, clock)
    [one] = await ours.waiting("nijmegen")
    assert one.since == START
    assert [await ours.take(one), await theirs.take(one)] == [True, False]
    clock.move(minutes=6)  # the first died before it sent
    assert [await theirs.take(one), await ours.take(one)] == [True, False]
    await theirs.sent([one])
    clock.move(minutes=60)
    assert await ours.take(one) is False


async def test_a_webhook_that_fails_at_first_gets_it_again(hook: Hook, hook_server: Server) -> None:
    hook.statuses = [500, 503]
    async with httpx.AsyncClient() as http:
        await by_webhook(http, f"{hook_server.address}/{SECRET}", "x", pause=0)(Alert("dorp", 2, 1, 20), "Dorp")
    assert len(hook.bodies) == 3


async def test_what_nobody_took_in_is_sent_later_and_no_log_tells_the_address(
    services: Services, newcomer: Newcomers, clock: Clock, hook: Hook, hook_server: Server
) -> None:
    await newcomer().wait_for_person()
    clock.move(minutes=20)
    async with httpx.AsyncClient() as http:
        gone = by_webhook(http, f"http://127.0.0.1:{free_port()}/{SECRET}", "x", pause=0)
        broken = Alarm(Escalations(services.engine, clock), services.towns, {"webhook": gone}, 15, clock)
        with structlog.testing.capture_logs() as logs:
            assert await broken.run() == 0
        assert [(line["event"], line["way"]) for line in logs] == [("escalation_not_sent", "webhook")]
        assert SECRET not in str(logs)
        clock.move(minutes=6)
        works = by_webhook(http, f"{hook_server.address}/{SECRET}", "x", pause=0)
        assert await Alarm(Escalations(services.engine, clock), services.towns, {"webhook": works}, 15, clock).run() == 1
    assert len(hook.bodies) == 1


async def test_a_warning_is_forgotten_with_its_conversation(services: Services, newcomer: Newcomers, clock: Clock) -> None:
    id = await newcomer().wait_for_person()
    escalations = Escalations(services.engine, clock)
    [one] = await escalations.waiting("nijmegen")
    await escalations.take(one)
    await services.retention.forget(id)
    assert await escalations.waiting("nijmegen") == []
    async with services.engine.connect() as connection:
        rows = await connection.exec_driver_sql("SELECT count(*) FROM desk_warning")
        assert rows.scalar_one() == 0


def test_a_setting_that_cannot_work_stops_the_start() -> None:
    for wrong in ({"escalation_webhook": "ftp://x"}, {"escalation_mail": "a@example.org"}):
        with pytest.raises(ValidationError):
            Settings(**wrong)  # type: ignore[arg-type]
