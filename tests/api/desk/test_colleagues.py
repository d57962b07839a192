"""Managing accounts: inviting, roles, closing; and one's own logins and password."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from html import unescape

import httpx
import pyotp
import pytest
from desk_house import PASSWORD, Clock, Newcomer, Worker, csrf_in, new_worker, serve_vught, words_in
from fastapi import FastAPI

from api.desk.audit.reading import Wanted
from api.desk.desk import Desk
from api.desk.devices import device
from api.desk.errors import LastManager
from api.desk.roles import WORK, Role
from api.services import Services

Browsers = Callable[[], httpx.AsyncClient]
LINK = re.compile(r'acc-secret"[^>]*>http://[^<]*?(/balie/account\?token=[^<]+)<')
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
NEW = "fiets lantaarn soep kelder"


async def roles_of(desk: Desk, id: int, town: str = "nijmegen") -> set[Role]:
    return set((await desk.colleagues.get(town, id)).staff.roles)


def link_in(response: httpx.Response) -> str:
    found = LINK.search(response.text)
    assert found
    return unescape(found[1])


async def open_link(client: httpx.AsyncClient, link: str, **fields: str) -> httpx.Response:
    page = await client.get(link)
    return await client.post("/balie/account", data={"csrf": csrf_in(page), "token": link.partition("=")[2], **fields})


async def test_the_first_account_manages_the_others(desk: Desk, sanne: Worker, omar: Worker) -> None:
    assert await roles_of(desk, sanne.id) == set(Role)
    assert await roles_of(desk, omar.id) == WORK


async def test_an_invitation_makes_an_account_with_its_roles(desk: Desk, sanne: Worker, browser: Browsers) -> None:
    invited = await sanne.post("/balie/collegas/uitnodigen", rol=["desk", "reviewer"])  # type: ignore[arg-type]
    made = await open_link(browser(), link_in(invited), login="noor", name="Noor", password=PASSWORD)
    assert made.status_code == 303
    noor = await desk.colleagues.by_login("noor")
    assert noor is not None
    assert noor.roles == {Role.DESK, Role.REVIEWER}
    listed = words_in(await sanne.get("/balie/collegas"))
    assert "Noor noor Balie Nakijken" in listed
    assert "token=" not in (await sanne.get("/balie/collegas")).text


async def test_an_invitation_needs_a_role_that_exists(sanne: Worker) -> None:
    assert "ten minste één rol" in words_in(await sanne.post("/balie/collegas/uitnodigen"))
    assert (await sanne.post("/balie/collegas/uitnodigen", rol="koning")).status_code == 422


async def test_roles_count_at_once_and_who_loses_one_logs_in_again(desk: Desk, sanne: Worker, omar: Worker) -> None:
    await sanne.post(f"/balie/collegas/{omar.id}/rollen", rol=["desk", "editor", "reviewer", "admin"])  # type: ignore[arg-type]
    assert (await omar.get("/balie/collegas")).status_code == 200
    changed = await sanne.post(f"/balie/collegas/{omar.id}/rollen", rol="reviewer")
    assert changed.headers["location"] == f"/balie/collegas/{omar.id}?gelukt=rollen"
    assert (await omar.get("/balie/nakijken")).status_code == 303
    await omar.log_in()
    assert (await omar.get("/balie/kaart")).status_code == 403
    lines = await desk.reading.lines("nijmegen", Wanted(person=omar.id))
    assert ("roles_changed", "Sanne", "Omar", "reviewer") in [(at.kind, at.actor, at.subject, at.detail) for at in lines]


@pytest.mark.parametrize("path", ["rollen", "sluiten"])
async def test_the_last_manager_stays(desk: Desk, sanne: Worker, path: str) -> None:
    refused = await sanne.post(f"/balie/collegas/{sanne.id}/{path}", rol="desk")
    assert refused.status_code == 409
    assert "ten minste één beheerder" in words_in(refused)
    assert await roles_of(desk, sanne.id) == set(Role)
    assert (await sanne.get("/balie")).status_code == 200
    assert not {"roles_changed", "deactivated"} & {line.kind for line in await desk.reading.lines("nijmegen", Wanted())}


async def test_of_two_managers_who_remove_each_other_one_stays(desk: Desk, sanne: Worker, omar: Worker) -> None:
    await desk.colleagues.set_roles("nijmegen", omar.id, [Role.ADMIN], None)
    results = await asyncio.gather(
        desk.colleagues.set_roles("nijmegen", omar.id, [Role.DESK], sanne.id),
        desk.colleagues.deactivate("nijmegen", sanne.id, omar.id),
        return_exceptions=True,
    )
    assert [type(result) for result in results].count(LastManager) == 1


async def test_a_closed_account_is_out_at_once_and_keeps_its_name(
    desk: Desk, sanne: Worker, omar: Worker, newcomer: Callable[[], Newcomer]
) -> None:
    id = await newcomer().wait_for_person()
    await omar.post(f"/balie/gesprek/{id}/overnemen", "/balie")
    await sanne.post(f"/balie/collegas/{omar.id}/sluiten")
    assert (await omar.get("/balie")).status_code == 303
    assert (await omar.log_in()).status_code == 401
    assert "Overgenomen door Omar" in words_in(await sanne.get(f"/balie/gesprek/{id}"))
    assert "Account gesloten" in words_in(await sanne.get("/balie/collegas"))
    await sanne.post(f"/balie/collegas/{omar.id}/openen")
    assert (await omar.log_in()).status_code == 303
    assert await roles_of(desk, omar.id) == WORK


async def test_a_closed_account_and_an_unknown_one_read_the_same(sanne: Worker, omar: Worker) -> None:
    await sanne.post(f"/balie/collegas/{omar.id}/sluiten")
    closed = await omar.log_in()
    omar.login = "niemand"
    assert words_in(closed) == words_in(await omar.log_in())


async def test_a_link_for_a_new_password_works_once_and_ends_logins(sanne: Worker, omar: Worker, browser: Browsers) -> None:
    link = link_in(await sanne.post(f"/balie/collegas/{omar.id}/wachtwoord"))
    page = words_in(await browser().get(link))
    assert "Nieuw wachtwoord" in page
    assert "Je naam" not in page
    refused = await open_link(browser(), link, password="kort")
    assert refused.status_code == 422
    client = browser()
    renewed = await open_link(client, link, password=NEW, login="sanne@example.org", name="Sanne")
    assert renewed.headers["location"] == "/balie/mijn-account?gelukt=nieuw_wachtwoord"
    assert "omar@example.org" in words_in(await client.get("/balie/mijn-account"))
    assert (await omar.get("/balie")).status_code == 303
    assert (await omar.log_in()).status_code == 401
    assert (await omar.log_in(NEW)).status_code == 303
    assert (await browser().get(link)).status_code == 410


async def test_closing_an_account_ends_its_link_too(sanne: Worker, omar: Worker, browser: Browsers) -> None:
    link = link_in(await sanne.post(f"/balie/collegas/{omar.id}/wachtwoord"))
    await sanne.post(f"/balie/collegas/{omar.id}/sluiten")
    assert (await browser().get(link)).status_code == 410


async def test_a_link_for_a_password_makes_no_account(desk: Desk, sanne: Worker, omar: Worker) -> None:
    token = link_in(await sanne.post(f"/balie/collegas/{omar.id}/wachtwoord")).partition("=")[2]
    with pytest.raises(Exception, match="invitation_not_valid"):
        await desk.accounts.create(token, "nieuw", "Nieuw", PASSWORD)


STEPS = ("rollen", "sluiten", "openen", "tweede-stap", "sessies", "wachtwoord")


@pytest.mark.parametrize("step", STEPS)
async def test_a_manager_does_nothing_in_another_town(
    services: Services, desk: Desk, sanne: Worker, browser: Browsers, step: str
) -> None:
    serve_vught(services)
    veerle = await new_worker(desk, browser(), "veerle", "Veerle", [Role.ADMIN, Role.DESK], town="vught")
    await veerle.log_in()
    assert (await sanne.get(f"/balie/collegas/{veerle.id}")).status_code == 404
    assert (await sanne.post(f"/balie/collegas/{veerle.id}/{step}", "/balie", rol="desk")).status_code == 404
    assert await roles_of(desk, veerle.id, "vught") == {Role.ADMIN, Role.DESK}
    assert (await veerle.get("/balie")).status_code == 200
    assert "Veerle" not in (await sanne.get("/balie/collegas")).text


@pytest.mark.parametrize("step", STEPS)
async def test_every_form_refuses_other_sites(sanne: Worker, omar: Worker, desk: Desk, step: str) -> None:
    refused = await sanne.client.post(f"/balie/collegas/{omar.id}/{step}", data={"csrf": "guess", "rol": "admin"})
    assert refused.status_code == 403
    assert await roles_of(desk, omar.id) == WORK


async def test_own_logins_are_listed_in_plain_words_and_end_one_by_one(
    sanne: Worker, omar: Worker, app: FastAPI, desk: Desk, clock: Clock
) -> None:
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk.test", headers={"user-agent": FIREFOX})
    clock.move(minutes=5)
    there = Worker(client, sanne.login, sanne.name)
    await there.log_in()
    page = await sanne.get("/balie/mijn-account")
    assert "Firefox op Windows" in words_in(page)
    assert "145" not in page.text
    first, second = [login.id for login in await desk.sessions.of(sanne.id)]
    of_omar = (await desk.sessions.of(omar.id))[0].id
    assert (await sanne.post(f"/balie/mijn-account/sessies/{of_omar}/beeindigen", "/balie")).status_code == 404
    assert (await omar.get("/balie")).status_code == 200
    newer = max(first, second)
    await sanne.post(f"/balie/mijn-account/sessies/{newer}/beeindigen")
    assert (await there.get("/balie")).status_code == 303
    assert (await sanne.get("/balie")).status_code == 200
    await there.log_in()
    await sanne.post("/balie/mijn-account/sessies/anderen")
    assert (await there.get("/balie")).status_code == 303
    assert (await sanne.get("/balie")).status_code == 200
    await client.aclose()


async def test_a_manager_ends_the_logins_of_somebody(sanne: Worker, omar: Worker) -> None:
    await sanne.post(f"/balie/collegas/{omar.id}/sessies")
    assert (await omar.get("/balie")).status_code == 303


async def test_another_password_needs_the_present_one_and_ends_other_logins(sanne: Worker, browser: Browsers) -> None:
    there = Worker(browser(), sanne.login, sanne.name)
    await there.log_in()
    path = "/balie/mijn-account/wachtwoord"
    wrong = await sanne.post(path, path, current="een heel ander wachtwoord", password=NEW)
    assert (wrong.status_code, "niet je huidige wachtwoord" in words_in(wrong)) == (422, True)
    assert (await sanne.post(path, path, current=PASSWORD, password="kort")).status_code == 422
    assert (await there.get("/balie")).status_code == 200
    changed = await sanne.post(path, path, current=PASSWORD, password=NEW)
    assert changed.headers["location"] == "/balie/mijn-account?gelukt=wachtwoord"
    assert (await there.get("/balie")).status_code == 303
    assert (await sanne.get("/balie")).status_code == 200
    assert (await there.log_in()).status_code == 401
    assert (await there.log_in(NEW)).status_code == 303


async def test_guesses_at_the_present_password_are_limited(sanne: Worker) -> None:
    path = "/balie/mijn-account/wachtwoord"
    for _ in range(5):
        await sanne.post(path, path, current="een heel ander wachtwoord", password=NEW)
    assert (await sanne.post(path, path, current=PASSWORD, password=NEW)).status_code == 429


async def test_a_login_in_use_says_so_once_a_minute(sanne: Worker, desk: Desk, clock: Clock) -> None:
    before = (await desk.sessions.of(sanne.id))[0].seen_at
    await sanne.get("/balie")
    assert (await desk.sessions.of(sanne.id))[0].seen_at == before
    clock.move(minutes=2)
    await sanne.get("/balie")
    assert (await desk.sessions.of(sanne.id))[0].seen_at == clock()


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604", "Safari, iPhone"),
        ("curl/8", ""),
    ],
)
def test_devices(user_agent: str, words: str) -> None:
    assert device(user_agent) == words


async def test_a_second_step_taken_away(sanne: Worker, omar: Worker, desk: Desk) -> None:
    staff = await desk.colleagues.by_login(omar.login)
    assert staff is not None
    nonce = desk.second_steps.new_nonce()
    code = pyotp.TOTP(desk.second_steps.secret(omar.id, nonce)).at(desk.clock())
    await desk.second_steps.set_up(staff, nonce, code)
    await sanne.post(f"/balie/collegas/{omar.id}/tweede-stap")
    assert not await desk.second_steps.active(omar.id)
    assert (await omar.log_in()).headers["location"] == "/balie"


@pytest.mark.parametrize("step", STEPS)
async def test_an_account_that_is_nowhere_is_not_found(sanne: Worker, step: str) -> None:
    nobody = await sanne.post(f"/balie/collegas/999999/{step}", "/balie", rol="desk")
    assert nobody.status_code == 404
    assert "Dit is er niet (meer)." in words_in(nobody)
