"""Every route of the desk says who may use it, and each role gets exactly what the table says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from desk_house import PASSWORD, Newcomer, Worker, csrf_in, new_worker, serve_vught, words_in
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from api.desk.access import Needs, Records, entered, open_to_all
from api.desk.desk import Desk
from api.desk.roles import PERMISSIONS, Permission, Role, home, permitted
from api.services import Services

Browsers = Callable[[], httpx.AsyncClient]
FILLED = {"id": 999_999, "message_id": 999_999, "note_id": 999_999, "entry_id": "dat-is-er-niet", "language": "ti"}
WRITES_ITSELF = {
    # These write to the audit log in the transaction of what they do, or answer with a page that is shown once.
    "/balie/login", "/balie/login/code", "/balie/login/code/herstel", "/balie/account", "/balie/mijn-account/wachtwoord",
    "/balie/tweede-stap", "/balie/tweede-stap/uit", "/balie/tweede-stap/herstelcodes", "/balie/collegas/uitnodigen",
    "/balie/collegas/{id}/rollen", "/balie/collegas/{id}/sluiten", "/balie/collegas/{id}/openen",
    "/balie/collegas/{id}/tweede-stap", "/balie/collegas/{id}/sessies", "/balie/collegas/{id}/wachtwoord",
}  # fmt: skip

CHANGES_NOTHING = {"/balie/gesprek/{id}/vertalen"}
"""Shows a translation before it is sent."""


def stated(dependant: Any) -> Iterator[Any]:
    """Everything that a route depends on."""
    for inner in dependant.dependencies:
        yield getattr(inner.call, "__self__", inner.call)
        yield from stated(inner)


def routes(app: FastAPI) -> list[tuple[str, str, list[Any]]]:
    """Method, path and what is stated, of every route of the desk."""
    found = [
        (method, str(context.path), list(stated(context.dependant)))
        for context in iter_route_contexts(app.routes)
        if str(context.path).startswith("/balie")
        for method in context.methods or ()
    ]
    assert len(found) > 40
    return found


def permissions(said: list[Any]) -> set[Permission]:
    return {one.permission for one in said if isinstance(one, Needs)}


def test_every_route_states_who_may_use_it(app: FastAPI) -> None:
    silent = [
        (method, path)
        for method, path, said in routes(app)
        if not permissions(said) and open_to_all not in said and (entered not in said or path not in SETTING_UP)
    ]
    assert silent == []


SETTING_UP = {"/balie/tweede-stap", "/balie/uit"}
"""What somebody may do who must set up the second step first."""


def test_only_the_ways_in_are_open_to_all(app: FastAPI) -> None:
    ways = {path for _, path, said in routes(app) if open_to_all in said}
    assert ways == {"/balie/login", "/balie/login/code", "/balie/login/code/herstel", "/balie/account"}


def test_every_form_states_what_the_audit_log_says(app: FastAPI) -> None:
    silent = {
        path for method, path, said in routes(app) if method == "POST" and not any(isinstance(one, Records) for one in said)
    }
    assert silent == WRITES_ITSELF | CHANGES_NOTHING


@pytest.mark.parametrize("role", Role)
async def test_each_role_gets_exactly_what_the_table_says(app: FastAPI, desk: Desk, browser: Browsers, role: Role) -> None:
    worker = await new_worker(desk, browser(), "noor", "Noor", [role])
    staff = await desk.colleagues.by_login("noor")
    assert staff is not None
    wrong = []
    for method, path, said in routes(app):
        may = permissions(said) <= PERMISSIONS[role]
        if open_to_all in said or (may and path.endswith("/events")):
            continue
        secret = await desk.sessions.start(staff)
        session = await desk.sessions.find(secret)
        assert session is not None
        worker.client.cookies.set("desk", secret, domain="desk.test", path="/balie")
        address = path.format(**FILLED)
        answer = await worker.client.request(method, address, data={"csrf": session.csrf} if method == "POST" else None)
        refused = answer.status_code == 403
        led_on = path == "/balie" and answer.headers.get("location") == home([role])
        if may == (refused or (led_on and not may)):
            wrong.append((method, path, answer.status_code))
        if refused:
            assert "Dit hoort niet bij jouw rol." in words_in(answer)
    assert wrong == []


async def test_navigation_shows_only_what_one_may_do(desk: Desk, browser: Browsers) -> None:
    worker = await new_worker(desk, browser(), "noor", "Noor", [Role.REVIEWER])
    entered_at = await worker.log_in()
    assert entered_at.headers["location"] == "/balie/nakijken"
    page = await worker.get("/balie/nakijken")
    assert 'href="/balie/nakijken"' in page.text
    for path in ("/balie/kaart", "/balie/recent", "/balie/collegas", "/balie/logboek", "/balie/versheid"):
        assert f'href="{path}"' not in page.text
    refused = await worker.get("/balie/kaart")
    assert refused.status_code == 403
    assert 'href="/balie/nakijken"' in refused.text


async def test_who_manages_accounts_reads_no_conversations(
    desk: Desk, browser: Browsers, newcomer: Callable[[], Newcomer]
) -> None:
    id = await newcomer().wait_for_person()
    admin = await new_worker(desk, browser(), "noor", "Noor", [Role.ADMIN])
    await admin.log_in()
    assert (await admin.get(f"/balie/gesprek/{id}")).status_code == 403
    assert (await admin.get("/balie/recent")).status_code == 403


async def test_roles_add_up(desk: Desk, browser: Browsers) -> None:
    both = await new_worker(desk, browser(), "noor", "Noor", [Role.DESK, Role.REVIEWER])
    await both.log_in()
    assert [(await both.get(path)).status_code for path in ("/balie", "/balie/nakijken", "/balie/kaart")] == [200, 200, 403]
    assert permitted([Role.DESK, Role.REVIEWER]) == PERMISSIONS[Role.DESK] | PERMISSIONS[Role.REVIEWER]


async def test_a_role_cannot_be_had_by_changing_the_form(desk: Desk, browser: Browsers, sanne: Worker) -> None:
    """Fields that the page does not have, on the forms that are open to somebody without the role."""
    client = browser()
    token = await desk.accounts.invite("nijmegen", [Role.DESK])
    csrf = csrf_in(await client.get(f"/balie/account?token={token}"))
    typed = {"csrf": csrf, "token": token, "login": "slim", "name": "Slim", "password": PASSWORD}
    await client.post(
        "/balie/account", data=typed | {"rol": "admin", "roles": "admin", "town": "vught", "staff_id": str(sanne.id)}
    )
    made = await desk.colleagues.by_login("slim")
    assert made is not None
    assert (made.roles, made.town) == (frozenset({Role.DESK}), "nijmegen")
    csrf = csrf_in(await client.get("/balie/mijn-account"))
    for path in (f"/balie/collegas/{made.id}/rollen", f"/balie/collegas/{sanne.id}/sluiten", "/balie/collegas/uitnodigen"):
        assert (await client.post(path, data={"csrf": csrf, "rol": "admin"})).status_code == 403
    assert (await desk.colleagues.get("nijmegen", made.id)).staff.roles == {Role.DESK}


async def test_who_works_for_a_town_that_is_not_served_any_more_gets_nowhere(
    services: Services, desk: Desk, newcomer: Callable[[], Newcomer], browser: Browsers
) -> None:
    id = await newcomer().wait_for_person()
    veerle = await new_worker(desk, browser(), "veerle", "Veerle", town="vught")
    await veerle.log_in()
    for path in ("/balie", f"/balie/gesprek/{id}", "/balie/recent", "/balie/signalen", "/balie/kaart"):
        answer = await veerle.get(path)
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/balie/login")
    serve_vught(services)
    assert (await veerle.get("/balie")).status_code == 200
    assert (await veerle.get(f"/balie/gesprek/{id}")).status_code == 404
