"""The second step of a login: setting it up, logging in with it, and what somebody who guesses meets."""

from __future__ import annotations

import asyncio
import dataclasses
import re
from collections.abc import Callable

import httpx
import pyotp
import pytest
from desk_house import PASSWORD, Clock, Worker, cheap_desk, csrf_in, new_worker, words_in
from fastapi import FastAPI
from sqlalchemy import select

from api.desk.account_tables import RecoveryCodeRow, SecondStepRow
from api.desk.desk import Desk
from api.desk.errors import WrongCode
from api.desk.roles import Role
from api.services import Services
from api.settings import Settings

Browsers = Callable[[], httpx.AsyncClient]
SECRET = re.compile(r'acc-secret" translate="no">([A-Z2-7 ]+)<')
NONCE = re.compile(r'name="nonce" value="([0-9a-f]{32})"')


class App:
    """Somebody's app for codes."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self.secret = clock, ""
        self.recovery: list[str] = []

    def code(self, *, off: int = 0) -> str:
        return pyotp.TOTP(self.secret).at(self._clock(), counter_offset=off)

    async def set_up(self, worker: Worker, **fields: str) -> httpx.Response:
        """Read the page, and send the code that the app shows."""
        page = await worker.get("/balie/tweede-stap")
        found, nonce = SECRET.search(page.text), NONCE.search(page.text)
        assert found
        assert nonce
        self.secret = found[1].replace(" ", "")
        typed = {"csrf": csrf_in(page), "nonce": nonce[1], "code": self.code()}
        done = await worker.client.post("/balie/tweede-stap", data=typed | fields)
        self.recovery = re.findall(r"<code>([a-z2-7-]+)</code>", done.text)
        return done


@pytest.fixture
async def app_of_sanne(sanne: Worker, clock: Clock) -> App:
    """Sanne has set up her app, a minute ago."""
    app = App(clock)
    assert (await app.set_up(sanne)).status_code == 200
    clock.move(minutes=1)
    return app


@pytest.fixture
async def visitor(sanne: Worker, app_of_sanne: App, browser: Browsers) -> Worker:
    """Sanne at another computer, with the password given."""
    assert app_of_sanne.secret
    there = Worker(browser(), sanne.login, sanne.name, sanne.id)
    entered = await there.log_in()
    assert entered.headers["location"] == "/balie/login/code?verder=/balie"
    return there


async def give(worker: Worker, code: str, **fields: str) -> httpx.Response:
    return await worker.post("/balie/login/code", "/balie/login/code", code=code, **fields)


async def recover(worker: Worker, code: str) -> httpx.Response:
    return await worker.post("/balie/login/code/herstel", "/balie/login/code", code=code)


async def test_setting_up_shows_a_qr_code_the_secret_and_ten_recovery_codes_once(sanne: Worker, clock: Clock) -> None:
    page = await sanne.get("/balie/tweede-stap")
    assert "<svg" in page.text
    app = App(clock)
    done = await app.set_up(sanne)
    assert len(set(app.recovery)) == 10
    assert "Je ziet ze alleen nu" in words_in(done)
    account = await sanne.get("/balie/mijn-account")
    assert "Je hebt nog 10 herstelcodes" in words_in(account)
    assert app.recovery[0] not in account.text


async def test_a_wrong_code_sets_nothing_up_and_keeps_the_secret(sanne: Worker, desk: Desk, clock: Clock) -> None:
    app = App(clock)
    refused = await app.set_up(sanne, code="000000")
    assert refused.status_code == 422
    assert not await desk.second_steps.active(sanne.id)
    assert " ".join(re.findall("....", app.secret)) in refused.text


async def test_nobody_enters_by_the_password_alone(visitor: Worker) -> None:
    for path in ("/balie", "/balie/mijn-account", "/balie/tweede-stap", "/balie/kaart"):
        assert (await visitor.get(path)).headers["location"].startswith("/balie/login"), path


async def test_the_waiting_login_is_no_login_under_its_own_name(visitor: Worker, browser: Browsers) -> None:
    thief = browser()
    thief.cookies.set("desk", visitor.client.cookies["desk_step"], domain="desk.test", path="/balie")
    assert (await thief.get("/balie")).status_code == 303


async def test_a_code_lets_in_with_a_secret_of_its_own(
    visitor: Worker, app_of_sanne: App, capsys: pytest.CaptureFixture[str]
) -> None:
    waiting = visitor.client.cookies["desk_step"]
    capsys.readouterr()
    entered = await give(visitor, app_of_sanne.code())
    assert "desk_login" in capsys.readouterr().out
    assert (entered.status_code, entered.headers["location"]) == (303, "/balie")
    assert visitor.client.cookies["desk"] != waiting
    assert "desk_step" not in visitor.client.cookies
    assert (await visitor.get("/balie")).status_code == 200


async def test_a_cookie_that_somebody_else_planted_does_not_become_a_login(
    visitor: Worker, app_of_sanne: App, browser: Browsers
) -> None:
    planted = "x" * 43
    visitor.client.cookies.set("desk", planted, domain="desk.test", path="/balie")
    await give(visitor, app_of_sanne.code())
    thief = browser()
    thief.cookies.set("desk", planted, domain="desk.test", path="/balie")
    assert (await thief.get("/balie")).status_code == 303


@pytest.mark.parametrize(("off", "status"), [(-2, 422), (-1, 303), (0, 303), (1, 303), (2, 422)])
async def test_the_clock_may_be_half_a_minute_off(visitor: Worker, app_of_sanne: App, off: int, status: int) -> None:
    assert (await give(visitor, app_of_sanne.code(off=off))).status_code == status


async def test_a_code_works_once_and_those_before_it_no_more(visitor: Worker, app_of_sanne: App) -> None:
    now, before = app_of_sanne.code(), app_of_sanne.code(off=-1)
    assert (await give(visitor, now)).status_code == 303
    for used in (now, before):
        await visitor.log_in()
        assert (await give(visitor, used)).status_code == 422


async def test_of_two_forms_with_one_code_at_once_one_gets_in(desk: Desk, app_of_sanne: App, sanne: Worker) -> None:
    staff = await desk.colleagues.by_login(sanne.login)
    assert staff is not None
    code = app_of_sanne.code()
    results = await asyncio.gather(*(desk.second_steps.check(staff, code) for _ in range(4)), return_exceptions=True)
    assert [type(result) for result in results].count(WrongCode) == 3


async def test_the_code_of_setting_up_does_not_log_in(sanne: Worker, clock: Clock, browser: Browsers) -> None:
    app = App(clock)
    await app.set_up(sanne)
    there = Worker(browser(), sanne.login, sanne.name)
    await there.log_in()
    assert (await give(there, app.code())).status_code == 422


async def test_five_wrong_codes_and_it_begins_with_the_password_again(visitor: Worker, app_of_sanne: App) -> None:
    csrf = csrf_in(await visitor.get("/balie/login/code"))
    for _ in range(5):
        assert (await visitor.client.post("/balie/login/code", data={"csrf": csrf, "code": "000000"})).status_code == 422
    late = await visitor.client.post("/balie/login/code", data={"csrf": csrf, "code": app_of_sanne.code()})
    assert late.status_code in (401, 429)
    assert (await visitor.get("/balie")).status_code == 303


async def test_guesses_are_limited_per_account_however_often_the_password_is_given(
    visitor: Worker, app_of_sanne: App, app: FastAPI, desk: Desk
) -> None:
    staff = await desk.colleagues.by_login(visitor.login)
    assert staff is not None
    statuses = []
    for number, code in enumerate(["000000"] * 5 + [app_of_sanne.code()]):
        # Each guess with a new waiting login, from another address.
        visitor.client._transport = httpx.ASGITransport(app, client=(f"10.0.0.{number}", 1))
        waiting = await desk.sessions.start(staff, waits=True)
        visitor.client.cookies.set("desk_step", waiting, domain="desk.test", path="/balie")
        statuses.append((await give(visitor, code)).status_code)
    assert statuses == [422] * 5 + [429]


async def test_a_waiting_login_ends_after_ten_minutes(visitor: Worker, app_of_sanne: App, clock: Clock) -> None:
    csrf = csrf_in(await visitor.get("/balie/login/code"))
    clock.move(minutes=11)
    late = await visitor.client.post("/balie/login/code", data={"csrf": csrf, "code": app_of_sanne.code()})
    assert late.status_code == 401
    assert "Log opnieuw in" in words_in(late)


@pytest.mark.parametrize("path", ["/balie/login/code", "/balie/login/code/herstel"])
async def test_the_form_of_the_code_refuses_other_sites(visitor: Worker, app_of_sanne: App, path: str) -> None:
    for code in (app_of_sanne.code(), app_of_sanne.recovery[0]):
        assert (await visitor.client.post(path, data={"csrf": "guess", "code": code})).status_code == 403


@pytest.mark.parametrize("target", ["//evil.test", "https://evil.test/balie", "/balie/uit", "/balie/gesprek/1\n"])
async def test_the_code_never_leads_out_of_the_desk(visitor: Worker, app_of_sanne: App, target: str) -> None:
    assert (await give(visitor, app_of_sanne.code(), after=target)).headers["location"] == "/balie"


async def test_a_recovery_code_works_once(visitor: Worker, app_of_sanne: App) -> None:
    code = app_of_sanne.recovery[3]
    entered = await recover(visitor, code.upper().replace("-", " "))
    assert entered.headers["location"] == "/balie/mijn-account?gelukt=herstelcode"
    assert "Je hebt nog 9 herstelcodes" in words_in(await visitor.get("/balie/mijn-account"))
    await visitor.log_in()
    again = await recover(visitor, code)
    assert again.status_code == 422
    assert "klopt niet of is al gebruikt" in words_in(again)


async def test_a_recovery_code_of_somebody_else_opens_nothing(visitor: Worker, omar: Worker, clock: Clock) -> None:
    app = App(clock)
    await app.set_up(omar)
    assert (await recover(visitor, app.recovery[0])).status_code == 422


async def test_new_recovery_codes_need_the_password_and_end_the_old(sanne: Worker, app_of_sanne: App, visitor: Worker) -> None:
    refused = await sanne.post("/balie/tweede-stap/herstelcodes", password="een ander wachtwoord")
    assert refused.status_code == 422
    renewed = await sanne.post("/balie/tweede-stap/herstelcodes", password=PASSWORD)
    assert len(re.findall(r"<code>([a-z2-7-]+)</code>", renewed.text)) == 10
    assert (await recover(visitor, app_of_sanne.recovery[0])).status_code == 422


async def test_setting_up_ends_other_logins_and_needs_the_password_after_a_while(
    sanne: Worker, browser: Browsers, clock: Clock
) -> None:
    other = Worker(browser(), sanne.login, sanne.name)
    await other.log_in()
    clock.move(minutes=16)
    app = App(clock)
    assert (await app.set_up(sanne)).status_code == 422
    assert (await app.set_up(sanne, password=PASSWORD)).status_code == 200
    assert (await other.get("/balie")).status_code == 303
    assert (await sanne.get("/balie")).status_code == 200


async def test_another_app_needs_the_password_and_then_the_old_one_is_out(
    visitor: Worker, sanne: Worker, app_of_sanne: App, clock: Clock
) -> None:
    other = App(clock)
    assert (await other.set_up(sanne)).status_code == 422
    assert (await other.set_up(sanne, password=PASSWORD)).status_code == 200
    clock.move(minutes=1)
    await visitor.log_in()
    assert (await give(visitor, app_of_sanne.code())).status_code == 422
    assert (await recover(visitor, app_of_sanne.recovery[0])).status_code == 422
    assert (await give(visitor, other.code())).status_code == 303


@pytest.mark.usefixtures("app_of_sanne")
async def test_switching_off_needs_the_password(sanne: Worker, desk: Desk) -> None:
    await sanne.post("/balie/tweede-stap/uit", password="een ander wachtwoord")
    assert await desk.second_steps.active(sanne.id)
    await sanne.post("/balie/tweede-stap/uit", password=PASSWORD)
    assert not await desk.second_steps.active(sanne.id)
    assert await desk.second_steps.codes_left(sanne.id) == 0


async def test_neither_secret_nor_recovery_codes_are_in_the_database(app_of_sanne: App, services: Services) -> None:
    async with services.engine.connect() as connection:
        stored = [*(await connection.execute(select(SecondStepRow.__table__))).one()]
        keys = (await connection.execute(select(RecoveryCodeRow.key))).scalars().all()
    assert app_of_sanne.secret not in map(str, stored)
    assert not set(app_of_sanne.recovery) & set(keys)
    assert len(keys) == 10


async def test_where_it_is_required_nothing_else_may_be_done_first(
    services: Services, app: FastAPI, clock: Clock, browser: Browsers
) -> None:
    desk = cheap_desk(with_settings(services, two_factor="required"), clock)
    app.state.desk = desk
    worker = await new_worker(desk, browser(), "noor", "Noor", [Role.DESK, Role.ADMIN])
    await worker.log_in()
    for path in ("/balie", "/balie/recent", "/balie/mijn-account", "/balie/collegas", "/balie/logboek", "/balie/handleiding"):
        assert (await worker.get(path)).headers["location"] == "/balie/tweede-stap", path
    assert (await worker.get("/balie/events")).status_code == 403
    assert (await worker.post("/balie/collegas/uitnodigen", "/balie/tweede-stap", rol="desk")).status_code == 303
    assert "<nav" not in (await worker.get("/balie/tweede-stap")).text
    assert (await App(clock).set_up(worker)).status_code == 200
    assert (await worker.get("/balie")).status_code == 200


def with_settings(services: Services, **settings: str) -> Services:
    """The same services with other settings."""
    return dataclasses.replace(services, settings=services.settings.model_copy(update=settings))


@pytest.mark.parametrize(
    ("options", "required"),
    [
        ({}, False),
        ({"public_url": "https://kaart.example.org"}, True),
        ({"host": "0.0.0.0"}, True),
        ({"host": "0.0.0.0", "two_factor": "optional"}, False),
        ({"two_factor": "required"}, True),
    ],
)
def test_it_is_required_once_others_can_reach_the_desk(options: dict[str, str], required: bool) -> None:
    assert Settings(**options).second_step_required is required  # type: ignore[arg-type]
