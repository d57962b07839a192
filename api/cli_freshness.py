"""`kaart review`, `stale`, `remind`, `links`: what is to be done to keep a kaart true, for the terminal and for cron."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.table import Column, Table

from api.database import opened
from api.freshness.confirmation import Confirmations
from api.freshness.errors import MailError
from api.freshness.links import Link, LinkState, addresses, browser, check_links
from api.freshness.mail import SmtpMailer
from api.freshness.past import dutch_of
from api.freshness.reminders import Postman, Reminders, Sent, letters, unreachable
from api.freshness.reports import Report, Reports
from api.freshness.secret import load_secret
from api.publishing.model import Publication
from api.publishing.records import Records
from api.services import now
from api.settings import Settings
from api.terminal import JsonOption, KaartOption, chosen, complain, explained, out, say
from sociale_kaart.drafts import Unfinished, load_unfinished
from sociale_kaart.freshness import Due, due
from sociale_kaart.hours import AMSTERDAM
from sociale_kaart.kaart import Kaart
from sociale_kaart.loader import load_kaart
from sociale_kaart.review import ORIGINAL, Change, Standing, beside, counts, standing, to_review, what_changed
from sociale_kaart.schema import Entry, Text
from sociale_kaart.signing import stamp_all
from sociale_kaart.writer import edit

MARKS = {Change.SAME: "{}", Change.GONE: "[-{}-]", Change.NEW: "{{+{}+}}"}
"""As `git diff --word-diff` writes it."""


app = typer.Typer()


@app.command()
def review(
    entry: Annotated[str | None, typer.Argument(help="Id of an entry: show its text beside the Dutch; needs --language.")] = None,
    language: Annotated[str | None, typer.Option("--language", "-l", help="List the texts to review in this language.")] = None,
    stamp: Annotated[
        bool, typer.Option("--stamp", help="Write from which Dutch text each translation was made that does not say so: today's.")
    ] = False,
    json_output: JsonOption = False,
    kaart_name: KaartOption = None,
) -> None:
    """Tell where texts stand: per language, per text, or one text beside its Dutch with what changed since."""
    with explained() as settings:
        folder = chosen(settings, kaart_name)
        kaart = load_unfinished(folder)
        if language and language not in kaart.municipality.languages:
            raise typer.BadParameter(f"choose from {', '.join(kaart.municipality.languages)}", param_hint="--language")
        if stamp:
            _stamp(kaart)
        elif entry:
            _show(settings, kaart, _named(kaart, entry), language or _needed())
        elif language:
            _list(kaart, language, json_output)
        else:
            _count(kaart, json_output)


@app.command()
def stale(json_output: JsonOption = False, kaart_name: KaartOption = None) -> None:
    """List the entries that need a new look, with owner and days, and what people reported."""
    with explained() as settings:
        kaart = load_kaart(chosen(settings, kaart_name))
        found, reports = due(kaart, _today()), asyncio.run(_reports(settings, kaart.municipality.id))
    rows = [_due_row(item) for item in found]
    said = Counter((report.entry_id, str(report.what)) for report in reports)
    if json_output:
        reported = [{"id": id, "what": what, "count": count} for (id, what), count in said.items()]
        say(json.dumps({"due": rows, "reported": reported}, ensure_ascii=False))
        return
    table = Table(Column("entry", no_wrap=True), "state", "days", "verified", "owner", "e-mail")
    for row in rows:
        table.add_row(
            row["id"], row["state"], str(row["days"]), row["verified"], row["owner"] or "-", "yes" if row["mail"] else "no"
        )
    if rows:
        out.print(table)
    say(f"{len(rows)} of {len(kaart.entries)} entries need a new look.")
    for (id, what), count in said.items():
        say(f"{id}: reported as {what}, {count} time(s)")


@app.command()
def remind(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell who would get a mail about what; send nothing.")] = False,
    kaart_name: KaartOption = None,
) -> None:
    """Mail the owners of entries that need a new look, about one entry at most every 14 days. Exit code 1 if one failed."""
    with explained() as settings:
        kaart = load_kaart(chosen(settings, kaart_name))
        for item in unreachable(kaart, _today()):
            complain(f"{item.entry.id}: nobody to write to")
        try:
            sent = asyncio.run(_remind(settings, kaart, dry_run))
        except MailError as error:
            complain(str(error))
            raise typer.Exit(1) from None
    if any(one.problem for one in sent):
        raise typer.Exit(1)


@app.command()
def links(kaart_name: KaartOption = None) -> None:
    """Ask every web address of the kaart whether it still works. Uses the network. Exit code 1 if one does not."""
    with explained() as settings:
        kaart = load_kaart(chosen(settings, kaart_name))
        found = asyncio.run(_links(kaart))
    bad = [link for link in found if link.state is not LinkState.WORKS]
    for link in bad:
        say(f"{link.state}: {link.url} ({link.detail}), used by {', '.join(link.users)}")
    say(f"{len(found) - len(bad)} of {len(found)} addresses work.")
    if any(link.state is not LinkState.MOVED for link in bad):
        raise typer.Exit(1)


def _today() -> dt.date:
    return now().astimezone(AMSTERDAM).date()


def _needed() -> str:
    raise typer.BadParameter("say in which language", param_hint="--language")


def _named(kaart: Unfinished, id: str) -> Entry:
    found = next((entry for entry in kaart.entries if entry.id == id), None)
    if found is None:
        raise typer.BadParameter(f"not in the kaart: {id}")
    return found


def _stamp(kaart: Unfinished) -> None:
    """Write the present hash of the Dutch wherever a translation has none; also in the shared entries that it takes over."""
    without = [
        entry
        for entry in kaart.entries
        if any(text.source_hash is None for code, text in entry.texts.items() if code != ORIGINAL)
    ]
    for entry in without:
        edit(kaart.files[entry.id], stamp_all)
    say(f"{len(without)} of {len(kaart.entries)} files stamped. Now run: kaart check")


def _count(kaart: Unfinished, json_output: bool) -> None:
    counted = {code: counts(kaart.entries, code) for code in kaart.municipality.languages}
    if json_output:
        say(json.dumps(counted))
        return
    table = Table("language", *(Column(state, justify="right") for state in Standing))
    for code, found in counted.items():
        table.add_row(code, *(str(found[state]) for state in Standing))
    out.print(table)


def _list(kaart: Unfinished, language: str, json_output: bool) -> None:
    missing = [(entry, Standing.MISSING) for entry in kaart.entries if language not in entry.texts]
    rows = [
        {"id": entry.id, "standing": state, "note": entry.texts[language].review.note if language in entry.texts else None}
        for entry, state in (*missing, *to_review(kaart.entries, language))
    ]
    if json_output:
        say(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        say(f"{row['standing']:<9} {row['id']}" + (f": {row['note']}" if row["note"] else ""))
    say(f"{len(rows)} of {len(kaart.entries)} texts are not signed as they are now.")


def _show(settings: Settings, kaart: Unfinished, entry: Entry, language: str) -> None:
    """One text beside its Dutch, line by line, and what changed in the Dutch since."""
    text, dutch = entry.texts.get(language), entry.texts[ORIGINAL]
    signed = f", signed by {text.review.by} on {text.review.on}" if text and text.review.by else ""
    say(f"{entry.id} {language}: {standing(entry, language)}{signed}")
    if text and text.review.note:
        say(f"note: {text.review.note}")
    for pair in beside(dutch, text):
        say(
            f"\n{pair.field}\n  {ORIGINAL}: {pair.dutch or '-'}"
            + (f"\n  {language}: {pair.words or '-'}" if language != ORIGINAL else "")
        )
    if text and standing(entry, language) is Standing.OUTDATED:
        history = asyncio.run(_history(settings, kaart.municipality.id, entry.id))
        say("\n" + _since(dutch_of(history, entry.id, text.source_hash or ""), dutch))


def _since(then: Text | None, now: Text) -> str:
    if then is None:
        return "What changed in the Dutch is not known: the history does not hold the text of then."
    lines = (
        f"  {field}: {''.join(MARKS[piece.change].format(piece.words) for piece in pieces)}"
        for field, pieces in what_changed(then, now)
    )
    return "\n".join(["Changed in the Dutch since:", *lines])


async def _history(settings: Settings, town: str, entry_id: str) -> Sequence[Publication]:
    async with opened(settings.database) as engine:
        return await Records(engine, now).newest(town, entry_id)


async def _reports(settings: Settings, town: str) -> list[Report]:
    async with opened(settings.database) as engine:
        return await Reports(engine, now).open(town)


async def _remind(settings: Settings, kaart: Kaart, dry_run: bool) -> list[Sent]:
    """Send what is to be sent, and tell; MailNotConfigured when it cannot be."""
    async with opened(settings.database) as engine:
        reminders = Reminders(engine, now)
        found = letters(kaart, _today(), await reminders.recent(kaart.municipality.id))
        if dry_run or not found:
            for letter in found:
                say(f"{letter.key}: {', '.join(item.entry.id for item in letter.dues)}")
            say(f"{len(found)} mail(s) to send.")
            return []
        confirmations = Confirmations(load_secret(settings), now)
        postman = Postman(reminders, confirmations, SmtpMailer(settings), settings.address)
        sent = await postman.deliver(kaart, found)
    for one in sent:
        (complain if one.problem else say)(f"{one.letter.key}: {one.problem or f'{len(one.letter.dues)} entries, sent'}")
    return sent


async def _links(kaart: Kaart) -> list[Link]:
    async with browser() as client:
        return await check_links(addresses(kaart), client)


def _due_row(item: Due) -> dict[str, Any]:
    return {
        "id": item.entry.id,
        "state": item.state,
        "days": item.days,
        "verified": item.entry.verified.on.isoformat(),
        "owner": item.owner.name if item.owner else None,
        "mail": bool(item.owner and item.owner.email),
    }
