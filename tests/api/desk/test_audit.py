"""The audit log: what stands in it, that nothing changes it, and that tampering shows."""

from __future__ import annotations

import asyncio
import csv
import datetime as dt
import io
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest
from desk_house import START, Clock, Newcomer, Worker, new_worker, serve_vught, words_in
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conversation.tables import Base
from api.database import connect
from api.desk.audit.deeds import Deed, Kind
from api.desk.audit.log import Audit
from api.desk.audit.reading import Reading, Wanted
from api.desk.desk import Desk
from api.desk.roles import Role
from api.services import Services, now

Browsers = Callable[[], httpx.AsyncClient]
Newcomers = Callable[[], Newcomer]
TOWN = "nijmegen"


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    made = connect(f"sqlite+aiosqlite:///{tmp_path / 'audit.db'}")
    async with made.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield made
    await made.dispose()


@pytest.fixture
def audit(engine: AsyncEngine) -> Audit:
    return Audit(engine, now)


def login(number: int = 0) -> Deed:
    return Deed(Kind.LOGIN, TOWN, None, detail=str(number))


async def kinds(desk: Desk, **wanted: int) -> list[str]:
    """What was done, oldest first."""
    return [line.kind for line in reversed(await desk.reading.lines(TOWN, Wanted(**wanted)))]


async def run(engine: AsyncEngine, *statements: str) -> None:
    async with engine.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))


async def test_writers_at_once_make_one_chain(engine: AsyncEngine) -> None:
    """Two processes have a log, and an engine, of their own."""
    other = connect(str(engine.url))
    logs = (Audit(engine, now), Audit(other, now))
    numbers = await asyncio.gather(*(logs[number % 2].add(login(number)) for number in range(30)))
    assert sorted(numbers) == list(range(1, 31))
    verdict = await logs[0].verify()
    assert (verdict.lines, verdict.number, verdict.broken_at) == (30, 30, None)
    await other.dispose()


async def test_a_line_that_is_taken_back_leaves_no_gap(audit: Audit) -> None:
    await audit.add(login())
    await audit.pretend(login())
    assert await audit.add(login()) == 2
    assert (await audit.verify()).broken_at is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET kind = 'logout' WHERE id = 2",
        "UPDATE audit SET detail = detail",
        "DELETE FROM audit WHERE id = 2",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit SELECT id, at, town, actor_id, subject_id, 'logout', conversation, thing, detail, previous,"
        " hash FROM audit WHERE id = 2",
        "INSERT INTO audit (id, at, town, kind, previous, hash) VALUES (9, '2026-11-23 09:00:00', 'nijmegen', 'login', '', '')",
    ],
)
async def test_the_database_itself_refuses_to_change_it(audit: Audit, engine: AsyncEngine, statement: str) -> None:
    for number in range(3):
        await audit.add(login(number))
    with pytest.raises(IntegrityError, match="audit log"):
        await run(engine, statement)
    assert (await audit.verify()).lines == 3


NO_GUARD = ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete", "DROP TRIGGER audit_in_order")


@pytest.mark.parametrize(
    ("statements", "broken_at"),
    [
        (["UPDATE audit SET detail = 'x' WHERE id = 2"], 2),
        (["UPDATE audit SET actor_id = NULL, at = '2026-01-01 00:00:00.000000' WHERE id = 3"], 3),
        (["DELETE FROM audit WHERE id = 2"], 3),
        (["DELETE FROM audit WHERE id = 1"], 2),
        (["DELETE FROM audit WHERE id = 4"], 4),
        (["DELETE FROM audit WHERE id = 4", "UPDATE audit_head SET number = 3"], 4),
    ],
)
async def test_tampering_behind_the_guard_shows(audit: Audit, engine: AsyncEngine, statements: list[str], broken_at: int) -> None:
    for number in range(4):
        await audit.add(login(number))
    assert (await audit.verify()).broken_at is None
    await run(engine, *NO_GUARD, *statements)
    assert (await audit.verify()).broken_at == broken_at


async def test_a_log_written_anew_does_not_hold_what_was_noted_down(audit: Audit, engine: AsyncEngine) -> None:
    await audit.add(login())
    noted = await audit.verify()
    assert await audit.holds(noted.number, noted.hash)
    await run(engine, *NO_GUARD, "DELETE FROM audit", "UPDATE audit_head SET number = 0, hash = ''")
    await audit.add(login(7))
    assert (await audit.verify()).broken_at is None
    assert not await audit.holds(noted.number, noted.hash)


async def test_old_lines_go_when_asked_and_the_rest_is_still_whole(engine: AsyncEngine) -> None:
    clock = Clock(now() - dt.timedelta(days=400))
    audit = Audit(engine, clock)
    for number in range(5):
        await audit.add(login(number))
        clock.move(days=90)
    assert [line.number for line in await Reading(engine).lines(TOWN, Wanted())] == [5, 4, 3, 2, 1]
    assert await audit.prune(365, TOWN) == 1
    assert await audit.prune(10, TOWN) == 2  # never younger than half a year
    assert await audit.prune(180, TOWN) == 0
    left = await Reading(engine).lines(TOWN, Wanted())
    assert [(line.number, line.kind) for line in left] == [(7, "pruned"), (6, "pruned"), (5, "login"), (4, "login")]
    assert (await audit.verify()).broken_at is None
    await run(engine, *NO_GUARD, "DELETE FROM audit WHERE id = 4")
    assert (await audit.verify()).broken_at == 5


async def test_a_morning_at_the_desk_and_never_a_word_of_it(desk: Desk, sanne: Worker, newcomer: Newcomers) -> None:
    person = newcomer()
    id = await person.wait_for_person()
    await person.write("Geheime woorden")
    page = f"/balie/gesprek/{id}"
    await sanne.get(page)
    for step, fields in (("overnemen", {}), ("antwoord", {"text": "Geheim antwoord"}), ("terug", {})):
        await sanne.post(f"{page}/{step}", "/balie", **fields)
    await sanne.post("/balie/uit")
    lines = await desk.reading.lines(TOWN, Wanted(person=sanne.id))
    done = [(line.kind, line.conversation) for line in reversed(lines)]
    steps = [(kind, id) for kind in ("read", "claim", "reply", "hand_back")]
    assert done == [("account_made", None), ("login", None), *steps, ("logout", None)]
    assert "Geheim" not in str(lines)
    assert (await desk.audit.verify()).broken_at is None


async def test_every_page_is_written_down_but_a_stream_or_step_not_again(
    desk: Desk, sanne: Worker, newcomer: Newcomers, clock: Clock
) -> None:
    page = f"/balie/gesprek/{await newcomer().wait_for_person()}"
    for _ in range(2):
        await sanne.get(page)
    await sanne.post(f"{page}/antwoord", "/balie", text="nog niet overgenomen")
    assert (await kinds(desk)).count("read") == 2
    clock.move(minutes=16)
    await sanne.post(f"{page}/antwoord", "/balie", text="nog niet overgenomen")
    assert (await kinds(desk)).count("read") == 3
    assert "reply" not in await kinds(desk)


async def test_of_a_forgotten_conversation_the_number_stays(
    desk: Desk, sanne: Worker, newcomer: Newcomers, services: Services
) -> None:
    id = await newcomer().wait_for_person()
    await sanne.get(f"/balie/gesprek/{id}")
    await services.retention.forget(id)
    assert [line.conversation for line in await desk.reading.lines(TOWN, Wanted(kind=Kind.READ))] == [id]
    assert (await desk.audit.verify()).broken_at is None


async def test_a_failed_login_is_written_for_a_known_account_only(desk: Desk, sanne: Worker, browser: Browsers) -> None:
    before = len(await kinds(desk))
    there = Worker(browser(), sanne.login, "")
    await there.log_in("een heel ander wachtwoord")
    there.login = "niemand"
    await there.log_in("een heel ander wachtwoord")
    line = (await desk.reading.lines(TOWN, Wanted()))[0]
    assert len(await kinds(desk)) == before + 1
    assert (line.kind, line.actor, line.subject) == ("login_failed", None, "Sanne")


async def test_the_page_filters_by_person_kind_and_day(sanne: Worker, omar: Worker, clock: Clock) -> None:
    clock.move(days=1)
    await omar.log_in()
    await sanne.log_in()

    async def seen(query: str) -> str:
        return words_in(await sanne.get(f"/balie/logboek?{query}"))

    assert "Omar" in await seen("")
    of_omar = await seen(f"wie={omar.id}&wat=login&dag={(START + dt.timedelta(days=1)).date()}")
    assert of_omar.count("Ingelogd") == 2  # the option and one line
    assert "Geen regels gevonden." in await seen("wat=pruned")
    assert (await sanne.get("/balie/logboek?wat=onzin")).status_code == 422
    assert (await sanne.get("/balie/logboek?dag=gisteren")).status_code == 422


async def test_pages_of_fifty(desk: Desk, sanne: Worker) -> None:
    for number in range(60):
        await desk.audit.add(login(number))
    first = await sanne.get("/balie/logboek?wat=login")
    assert first.text.count("<tr role") == 51
    older = first.text.partition("&voor=")[2].partition('"')[0]
    second = await sanne.get(f"/balie/logboek?wat=login&voor={older}")
    assert second.text.count("<tr role") == 12
    assert "Ouder" not in words_in(second)


async def test_who_may_not_read_it_all_reads_their_own_lines(desk: Desk, sanne: Worker, browser: Browsers) -> None:
    noor = await new_worker(desk, browser(), "noor", "Noor", [Role.DESK])
    await noor.log_in()
    own = words_in(await noor.get(f"/balie/logboek?wie={sanne.id}"))
    assert "Noor" in own
    assert "Sanne" not in own
    assert (await noor.get("/balie/logboek/csv")).status_code == 403


@pytest.mark.parametrize(("name", "shown"), [("=HYPERLINK(1)", "'=HYPERLINK(1)"), ("Jan;=HYPERLINK(1)", "Jan;'=HYPERLINK(1)")])
async def test_the_csv_holds_what_the_page_shows_and_is_written_down(
    desk: Desk, browser: Browsers, name: str, shown: str
) -> None:
    admin = await new_worker(desk, browser(), "noor", name, [Role.ADMIN])
    await admin.log_in()
    got = await admin.get("/balie/logboek/csv?wat=login")
    assert got.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(got.text.lstrip("\ufeff"))))
    assert [row[2:5] for row in rows[1:]] == [[shown, "Ingelogd", "login"]]
    assert (await kinds(desk))[-1] == "exported"


async def test_another_town_reads_nothing_of_it(services: Services, desk: Desk, sanne: Worker, browser: Browsers) -> None:
    serve_vught(services)
    admin = await new_worker(desk, browser(), "veerle", "Veerle", [Role.ADMIN], town="vught")
    await admin.log_in()
    for path in (f"/balie/logboek?wie={sanne.id}", "/balie/logboek", "/balie/logboek/csv"):
        page = await admin.get(path)
        assert page.status_code == 200
        assert "Sanne" not in page.text


async def test_a_part_of_a_page_is_written_down_once_with_its_page(desk: Desk, sanne: Worker, newcomer: Newcomers) -> None:
    id = await newcomer().wait_for_person()
    for path in ("", "/vertaling/1", "/onderwerp/zwemlessen", "/vertaling/2"):
        await sanne.get(f"/balie/gesprek/{id}{path}")
    assert (await kinds(desk)).count("read") == 1
