"""Making an account with a one-time link."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx
import pytest
from argon2 import PasswordHasher
from desk_house import CHEAP, PASSWORD, Clock, Worker, csrf_in, words_in
from sqlalchemy import select

from api.conversation.tables import InvitationRow, StaffRow
from api.desk.accounts import Accounts
from api.desk.desk import Desk
from api.desk.errors import InvitationNotValid
from api.services import Services

Browsers = Callable[[], httpx.AsyncClient]


async def make_account(client: httpx.AsyncClient, token: str, **fields: str) -> httpx.Response:
    """Open the link and send the form."""
    page = await client.get(f"/balie/account?token={token}")
    data = {"csrf": csrf_in(page), "token": token, "name": "Sanne", "login": "sanne@example.org", "password": PASSWORD}
    return await client.post("/balie/account", data=data | fields)


async def test_a_link_makes_one_account_and_logs_in(desk: Desk, browser: Browsers) -> None:
    assert not await desk.accounts.any()
    client = browser()
    token = await desk.accounts.invite("nijmegen")
    made = await make_account(client, token)
    assert (made.status_code, made.headers["location"]) == (303, "/balie?gelukt=account")
    assert "Sanne" in words_in(await client.get("/balie"))
    assert await desk.accounts.any()

    again = await browser().get(f"/balie/account?token={token}")
    assert again.status_code == 410
    assert "Deze link werkt niet (meer)" in words_in(again)


async def test_a_used_link_refuses_a_form_that_was_still_open(desk: Desk, browser: Browsers) -> None:
    token = await desk.accounts.invite("nijmegen")
    slow = browser()
    page = await slow.get(f"/balie/account?token={token}")
    await make_account(browser(), token)
    data = {"csrf": csrf_in(page), "token": token, "name": "Omar", "login": "omar", "password": PASSWORD}
    assert (await slow.post("/balie/account", data=data)).status_code == 410


async def test_a_link_expires_after_an_hour(desk: Desk, browser: Browsers, clock: Clock) -> None:
    token = await desk.accounts.invite("nijmegen")
    clock.move(minutes=61)
    assert (await browser().get(f"/balie/account?token={token}")).status_code == 410


async def test_two_forms_with_one_link_at_once_make_one_account(desk: Desk) -> None:
    token = await desk.accounts.invite("nijmegen")
    results = await asyncio.gather(
        *(desk.accounts.create(token, login, login, PASSWORD) for login in ("sanne", "omar")), return_exceptions=True
    )
    assert [type(result) for result in results].count(InvitationNotValid) == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"password": "vijf-5"}, "ten minste 12 tekens"),
        ({"password": "x" * 201}, "te lang"),
        ({"password": "Welkom-Nijmegen-2026!"}, "makkelijk te raden"),
        ({"password": "Sanne123456789"}, "makkelijk te raden"),
        ({"password": "123456789012"}, "makkelijk te raden"),
        ({"password": "abababababababab"}, "makkelijk te raden"),
        ({"name": "   "}, "Vul je naam in"),
        ({"name": "Sanne\u202eenraG"}, "Vul je naam in"),
        ({"login": "met spatie"}, "Kies een inlognaam"),
    ],
)
async def test_a_refusal_says_what_to_change_and_keeps_the_link(
    desk: Desk, browser: Browsers, fields: dict[str, str], sentence: str
) -> None:
    token = await desk.accounts.invite("nijmegen")
    client = browser()
    refused = await make_account(client, token, **fields)
    assert refused.status_code == 422
    assert sentence in words_in(refused)
    assert 'aria-invalid="true"' in refused.text
    assert fields.get("password", PASSWORD) not in refused.text
    assert (await make_account(client, token)).status_code == 303


async def test_a_taken_login_is_refused_whatever_its_case(desk: Desk, browser: Browsers, sanne: Worker) -> None:
    token = await desk.accounts.invite("nijmegen")
    refused = await make_account(browser(), token, login=sanne.login.upper())
    assert refused.status_code == 409
    assert "al in gebruik" in words_in(refused)
    assert (await make_account(browser(), token, login="sanne2")).status_code == 303


async def test_secrets_are_not_in_the_database(desk: Desk, services: Services) -> None:
    token = await desk.accounts.invite("nijmegen")
    async with services.engine.connect() as connection:
        keys = (await connection.execute(select(InvitationRow.key))).scalars().all()
    assert token not in keys
    await desk.accounts.create(token, "sanne", "Sanne", PASSWORD)
    async with services.engine.connect() as connection:
        stored = (await connection.execute(select(StaffRow.password_hash))).scalar_one()
    assert stored.startswith("$argon2id$")


async def test_a_login_renews_a_hash_of_before(desk: Desk, services: Services, clock: Clock) -> None:
    await desk.accounts.create(await desk.accounts.invite("nijmegen"), "sanne", "Sanne", PASSWORD)
    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    await Accounts(services.engine, clock, stronger).log_in("sanne", PASSWORD)
    async with services.engine.connect() as connection:
        stored = (await connection.execute(select(StaffRow.password_hash))).scalar_one()
    assert CHEAP.check_needs_rehash(stored)
    assert not stronger.check_needs_rehash(stored)
