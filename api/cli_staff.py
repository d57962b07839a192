"""`kaart staff` and `kaart audit`: the accounts of the desk, and the log of what they did."""

from __future__ import annotations

import asyncio
import csv
import json
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Annotated, TypeVar

import structlog
import typer
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncEngine

from api.database import opened
from api.desk.accounts import Staff
from api.desk.audit.deeds import Deed, Kind
from api.desk.audit.log import Audit, Verdict
from api.desk.audit.pages import COLUMNS, cells
from api.desk.audit.reading import ALL, Line, Reading, Wanted
from api.desk.colleagues import Colleague, Colleagues
from api.desk.errors import LastManager
from api.desk.roles import Role, ordered
from api.desk.second_step import SecondSteps
from api.freshness.secret import load_secret
from api.services import now
from api.settings import Settings
from api.terminal import JsonOption, KaartOption, chosen, complain, explained, out, say

log = structlog.get_logger(__name__)
staff_app = typer.Typer(no_args_is_help=True, help="Accounts of the desk: list, roles, close and open, second step.")
audit_app = typer.Typer(no_args_is_help=True, help="The desk's audit log: verify, export, prune.")

LoginArgument = Annotated[str, typer.Argument(help="The login name.")]
RoleOption = Annotated[list[Role], typer.Option("--role", help="A role; give it more than once for more roles.")]
Result = TypeVar("Result")
LAST_MANAGER = "nobody would be left to manage the accounts of this town: give another account the role admin first"


@staff_app.command("list")
def list_staff(json_output: JsonOption = False, kaart: KaartOption = None) -> None:
    """List the accounts of one town with their roles."""
    with explained() as settings:
        town = _town(settings, kaart)
        rows = asyncio.run(_with(settings, lambda engine: Colleagues(engine, now).of(town)))
    if json_output:
        say(json.dumps([_plain(one) for one in rows], ensure_ascii=False))
        return
    table = Table("login", "name", "roles", "second step", "account")
    for one in rows:
        step, state = "on" if one.second_step else "off", "open" if one.active else "closed"
        table.add_row(one.staff.login, one.staff.name, ", ".join(ordered(one.staff.roles)), step, state)
    out.print(table)


@staff_app.command("roles")
def change_roles(login: LoginArgument, role: RoleOption) -> None:
    """Give an account exactly these roles; who loses one must log in again."""

    async def change(colleagues: Colleagues, staff: Staff) -> None:
        await colleagues.set_roles(staff.town, staff.id, role, None)

    _change(login, change)
    out.print(f"{login}: {', '.join(ordered(role))}.")


@staff_app.command()
def deactivate(login: LoginArgument) -> None:
    """Close an account: its logins end at once, its name stays in the history."""

    async def change(colleagues: Colleagues, staff: Staff) -> None:
        await colleagues.deactivate(staff.town, staff.id, None)

    _change(login, change)
    out.print(f"{login}: closed.")


@staff_app.command()
def activate(login: LoginArgument) -> None:
    """Open a closed account again."""

    async def change(colleagues: Colleagues, staff: Staff) -> None:
        await colleagues.reactivate(staff.town, staff.id, None)

    _change(login, change)
    out.print(f"{login}: open.")


@staff_app.command("reset-second-step")
def reset_second_step(login: LoginArgument) -> None:
    """Take the second step of an account away, for who lost the app and the recovery codes."""
    with explained() as settings:
        asyncio.run(_with(settings, lambda engine: _reset(settings, engine, login)))
    out.print(f"{login}: logs in with the password alone, until a second step is set up again.")


@audit_app.command()
def verify(
    expect: Annotated[str, typer.Option("--expect", help="What an earlier check printed, such as 1200:5f2c...")] = "",
    json_output: JsonOption = False,
) -> None:
    """Check that no line was changed, added in between or taken away. Keep what it prints somewhere else, for --expect."""
    with explained() as settings:
        verdict, known = asyncio.run(_with(settings, lambda engine: _verify(engine, expect)))
    if json_output:
        say(json.dumps({**vars(verdict), "expected": known}))
    elif verdict.broken_at is not None:
        complain(f"line {verdict.broken_at}: {verdict.why}. {verdict.lines} line(s) before it are whole.")
    elif not known:
        complain(f"the chain is whole, but it does not hold {expect}: the log was written anew.")
    else:
        say(f"{verdict.lines} line(s), whole. Last: {verdict.number}:{verdict.hash}")
    if verdict.broken_at is not None or not known:
        raise typer.Exit(1)


@audit_app.command("export")
def export_audit(kaart: KaartOption = None) -> None:
    """Print the log of one town as CSV."""
    with explained() as settings:
        town = _town(settings, kaart)
        lines = asyncio.run(_with(settings, lambda engine: _export(engine, town)))
        writer = csv.writer(sys.stdout)
        writer.writerow(COLUMNS)
        writer.writerows(cells(line) for line in lines)


@audit_app.command()
def prune() -> None:
    """Delete lines older than `KAART_AUDIT_DAYS`; a line says up to where. Younger ones the database itself keeps."""
    with explained() as settings:
        town = _town(settings, None)
        count = asyncio.run(_with(settings, lambda engine: Audit(engine, now).prune(settings.audit_days, town)))
    out.print(f"{count} line(s) deleted.")


async def _with(settings: Settings, work: Callable[[AsyncEngine], Awaitable[Result]]) -> Result:
    async with opened(settings.database) as engine:
        return await work(engine)


def _change(login: str, change: Callable[[Colleagues, Staff], Awaitable[None]]) -> None:
    async def work(engine: AsyncEngine) -> None:
        colleagues = Colleagues(engine, now)
        try:
            await change(colleagues, await _known(colleagues, login))
        except LastManager:
            complain(LAST_MANAGER)
            raise typer.Exit(1) from None

    with explained() as settings:
        asyncio.run(_with(settings, work))


async def _known(colleagues: Colleagues, login: str) -> Staff:
    staff = await colleagues.by_login(login)
    if staff is None:
        complain(f"there is no account {login}: `kaart staff list` shows them")
        raise typer.Exit(1)
    return staff


async def _reset(settings: Settings, engine: AsyncEngine, login: str) -> None:
    staff = await _known(Colleagues(engine, now), login)
    deed = Deed(Kind.SECOND_STEP_RESET, staff.town, None, staff.id)
    await SecondSteps(engine, now, load_secret(settings)).remove(staff.id, deed)


async def _verify(engine: AsyncEngine, expect: str) -> tuple[Verdict, bool]:
    audit = Audit(engine, now)
    number, _, hash = expect.partition(":")
    known = not expect
    with suppress(ValueError):
        known = known or await audit.holds(int(number), hash)
    verdict = await audit.verify()
    log.info("audit_verified", lines=verdict.lines, number=verdict.number, hash=verdict.hash, broken_at=verdict.broken_at)
    return verdict, known


async def _export(engine: AsyncEngine, town: str) -> list[Line]:
    lines = await Reading(engine).lines(town, Wanted(), limit=ALL)
    await Audit(engine, now).add(Deed(Kind.EXPORTED, town, None, detail=str(len(lines))))
    return lines


def _town(settings: Settings, kaart: str | None) -> str:
    return chosen(settings, kaart).name


def _plain(one: Colleague) -> dict[str, object]:
    return {
        "login": one.staff.login,
        "name": one.staff.name,
        "roles": ordered(one.staff.roles),
        "second_step": one.second_step,
        "active": one.active,
    }
