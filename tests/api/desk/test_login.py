"""Into the desk and out of it, and who is kept out."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from desk_house import PASSWORD, Clock, Newcomer, Worker, csrf_in, new_worker, words_in
from fastapi import FastAPI

from api.desk.desk import Desk

Browsers = Callable[[], httpx.AsyncClient]
TABS = ["handleiding", "kaart", "logboek", "mijn-account", "nakijken", "openingstijden", "recent", "signalen", "versheid"]
WAYS_BACK = {tab: tab for tab in TABS} | {
    "gesprek/12/onderwerp/zwemlessen": "gesprek/12",
    "kaart/publicatie/3": "kaart",
    "kaart/zwemlessen/stoppen": "kaart/zwemlessen",
    "collegas/3": "collegas",
}
WRONG = "De inlognaam of het wachtwoord klopt niet."


@pytest.fixture
async def visitor(desk: Desk, browser: Browsers) -> Worker:
    """Sanne before she logs in."""
    return await new_worker(desk, browser(), "sanne", "Sanne")


async def test_login_leads_to_the_queue_with_a_cookie_for_the_desk_only(visitor: Worker) -> None:
    entered = await visitor.log_in()
    assert (entered.status_code, entered.headers["location"]) == (303, "/balie")
    cookie = next(value for value in entered.headers.get_list("set-cookie") if value.startswith("desk="))
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/balie", "max-age=36000"} <= attributes
    assert words_in(await visitor.get("/balie")).count("Wachtrij") >= 2


async def test_unknown_login_and_wrong_password_read_the_same(visitor: Worker) -> None:
    wrong = await visitor.log_in("een heel ander wachtwoord")
    visitor.login = "niemand"
    unknown = await visitor.log_in("een heel ander wachtwoord")
    assert wrong.status_code == unknown.status_code == 401
    assert WRONG in words_in(wrong)
    assert words_in(wrong) == words_in(unknown)


async def test_an_unknown_login_costs_a_hash_too(desk: Desk, visitor: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    hasher = desk.accounts._hasher
    monkeypatch.setattr(
        desk.accounts, "_hasher", type("Counting", (), {"hash": lambda _, word: hashed.append(word) or hasher.hash(word)})()
    )
    visitor.login = "niemand"
    await visitor.log_in(PASSWORD)
    assert hashed == [PASSWORD]


async def test_without_login_every_page_leads_to_the_login_and_back(visitor: Worker, newcomer: Callable[[], Newcomer]) -> None:
    id = await newcomer().wait_for_person()
    sent = await visitor.get(f"/balie/gesprek/{id}")
    assert (sent.status_code, sent.headers["location"]) == (303, f"/balie/login?verder=/balie/gesprek/{id}")
    form = await visitor.get(sent.headers["location"])
    fields = {"csrf": csrf_in(form), "login": "sanne", "password": PASSWORD, "after": f"/balie/gesprek/{id}"}
    assert f'name="after" value="/balie/gesprek/{id}"' in form.text
    entered = await visitor.client.post("/balie/login", data=fields)
    assert entered.headers["location"] == f"/balie/gesprek/{id}"


async def test_a_login_leads_back_to_the_page_that_was_asked_for(visitor: Worker) -> None:
    for asked, back in WAYS_BACK.items():
        sent = await visitor.get(f"/balie/{asked}")
        assert sent.headers["location"] == f"/balie/login?verder=/balie/{back}"
        assert f'name="after" value="/balie/{back}"' in (await visitor.get(sent.headers["location"])).text


@pytest.mark.parametrize(
    "path",
    [
        "/balie/kaart/publicatie",
        "//evil.test",
        "https://evil.test/balie",
        "/balie/../..",
        "/baliestra",
        "/balie/gesprek/1\n",
        "/balie/uit",
    ],
)
async def test_login_never_leads_out_of_the_desk(visitor: Worker, path: str) -> None:
    entered = await visitor.log_in(after=path)
    assert entered.headers["location"] == "/balie"


async def test_streams_without_login_are_refused_plainly(visitor: Worker) -> None:
    assert (await visitor.get("/balie/events")).status_code == 401


async def test_a_session_expires(sanne: Worker, clock: Clock) -> None:
    clock.move(hours=9)
    assert (await sanne.get("/balie")).status_code == 200
    clock.move(hours=2)
    gone = await sanne.get("/balie")
    assert (gone.status_code, gone.headers["location"]) == (303, "/balie/login")


async def test_logging_out_ends_the_session_on_the_server(sanne: Worker, browser: Browsers) -> None:
    secret = sanne.client.cookies["desk"]
    left = await sanne.post("/balie/uit")
    assert left.headers["location"] == "/balie/login?gelukt=log_out"
    thief = browser()
    thief.cookies.set("desk", secret, domain="desk.test", path="/balie")
    assert (await thief.get("/balie")).status_code == 303


async def test_a_new_login_ends_the_one_before(sanne: Worker, browser: Browsers) -> None:
    before = sanne.client.cookies["desk"]
    await sanne.log_in()
    assert sanne.client.cookies["desk"] != before
    old = browser()
    old.cookies.set("desk", before, domain="desk.test", path="/balie")
    assert (await old.get("/balie")).status_code == 303


async def test_login_needs_the_value_of_its_own_form(visitor: Worker, browser: Browsers) -> None:
    fields = {"login": "sanne", "password": PASSWORD}
    assert (await visitor.client.post("/balie/login", data=fields)).status_code == 403
    stolen = csrf_in(await browser().get("/balie/login"))
    await visitor.get("/balie/login")
    assert (await visitor.client.post("/balie/login", data=fields | {"csrf": stolen})).status_code == 403
    assert "desk" not in visitor.client.cookies


async def test_a_field_that_no_form_of_ours_sends_is_refused_without_repeating_it(visitor: Worker) -> None:
    refused = await visitor.log_in("geheim" * 200)
    assert refused.status_code == 422
    assert "geheim" not in refused.text


async def test_attempts_are_limited_per_login(visitor: Worker, app: FastAPI, clock: Clock) -> None:
    for number in range(5):
        # Each attempt comes from another address, so that only the login counts.
        visitor.client._transport = httpx.ASGITransport(app, client=(f"10.0.0.{number}", 1))
        assert (await visitor.log_in("een heel ander wachtwoord")).status_code == 401
    visitor.client._transport = httpx.ASGITransport(app, client=("10.0.0.9", 1))
    blocked = await visitor.log_in()
    assert blocked.status_code == 429
    assert "Wacht een kwartier" in words_in(blocked)
    clock.move(minutes=16)
    assert (await visitor.log_in()).status_code == 303


async def test_attempts_are_limited_per_address(visitor: Worker, clock: Clock) -> None:
    for number in range(5):
        visitor.login = f"gok{number}"
        await visitor.log_in("een heel ander wachtwoord")
    visitor.login = "sanne"
    assert (await visitor.log_in()).status_code == 429
    clock.move(minutes=16)
    assert (await visitor.log_in()).status_code == 303
