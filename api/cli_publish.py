"""`kaart publish`, `rollback`, `history`: what was changed by hand goes live through the gate, and back with one command."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Annotated

import typer
from rich.table import Column, Table

from api.database import opened
from api.errors import ApiError
from api.i18n.catalogue import load_catalogue
from api.publishing.errors import GateRefused, KaartRefused
from api.publishing.model import GateReport, Publication
from api.publishing.publisher import Publisher, build_publisher
from api.services import encoder_once, now
from api.settings import Settings
from api.terminal import JsonOption, KaartOption, chosen, complain, explained, out, say

BY = "beheer"
"""Who publishes from a terminal: nobody logged in."""
REASONS = {
    "entry_missing": "the kaart has no such entry.",
    "nothing_changed": "nothing changed since the last publication.",
    "nothing_to_undo": "there is no such publication, or it changed no file.",
    "changed_since": "changed since, so taking it back would lose that: {files}",
    "not_written": "a file could not be written; nothing changed.",
    "not_found": "there is no such kaart.",
}
app = typer.Typer()


@app.command()
def publish(
    note: Annotated[str, typer.Option("--note", "-m", help="What changed, in a few words, for the history.")] = "met de hand",
    kaart: KaartOption = None,
) -> None:
    """Publish what was changed in the kaart's files: check, build aside, ask its questions, swap; refuse when any got worse."""
    with explained() as settings, told():
        town = chosen(settings, kaart).name
        _tell(asyncio.run(_publish(settings, town, note)))


@app.command()
def rollback(
    id: Annotated[int | None, typer.Argument(help="Number of the publication to take back; else the newest.")] = None,
    kaart: KaartOption = None,
) -> None:
    """Take a publication back: its files and the index. Once more does it again."""
    with explained() as settings, told():
        town = chosen(settings, kaart).name
        _tell(asyncio.run(_rollback(settings, town, id)))


@app.command()
def history(
    entry: Annotated[str | None, typer.Argument(help="Only publications of this entry.")] = None,
    json_output: JsonOption = False,
    kaart: KaartOption = None,
) -> None:
    """List the publications of a kaart, the newest first."""
    with explained() as settings:
        told_of = asyncio.run(_history(settings, chosen(settings, kaart).name, entry))
    if json_output:
        say(json.dumps([_plain(publication) for publication in told_of], ensure_ascii=False))
        return
    table = Table("id", "when", "who", Column("what", no_wrap=False), "entries", "commit", "")
    for each in told_of:
        entries, undone = ", ".join(each.entries), "taken back" if each.undone else ""
        table.add_row(str(each.id), f"{each.at:%Y-%m-%d %H:%M}", each.by, each.note, entries, (each.commit or "")[:10], undone)
    out.print(table)


@contextmanager
def told() -> Iterator[None]:
    """Why nothing was published, as sentences, with exit code 1."""
    try:
        yield
    except KaartRefused as error:
        for problem in error.problems:
            complain(str(problem))
        complain(f"{len(error.problems)} problem(s): not published.")
        raise typer.Exit(1) from None
    except GateRefused as error:
        for worse in error.worse:
            got = ", ".join(worse.got) or "a person"
            complain(f"{worse.language}: {worse.question}: {', '.join(worse.wanted) or 'nothing'} is right, it would be {got}")
        complain(f"{len(error.worse)} question(s) got worse: not published.")
        raise typer.Exit(1) from None
    except ApiError as error:
        complain(f"not done: {REASONS.get(error.code, error.code).format(**error.values)}")
        raise typer.Exit(1) from None


@asynccontextmanager
async def _publisher(settings: Settings) -> AsyncIterator[Publisher]:
    async with opened(settings.database) as engine:
        yield build_publisher(settings, load_catalogue(), engine, now, partial(encoder_once, settings.encoder))


async def _publish(settings: Settings, town: str, note: str) -> Publication:
    async with _publisher(settings) as publisher:
        return await publisher.publish(town, by=BY, note=note)


async def _rollback(settings: Settings, town: str, id: int | None) -> Publication:
    async with _publisher(settings) as publisher:
        return await publisher.rollback(town, by=BY, id=id)


async def _history(settings: Settings, town: str, entry: str | None) -> Sequence[Publication]:
    async with _publisher(settings) as publisher:
        return await publisher.history(town, entry)


def _tell(publication: Publication) -> None:
    say(f"Publication {publication.id}: {publication.note}. {len(publication.files)} file(s). {_seen(publication.gate)}")
    if publication.commit:
        say(f"Git: {publication.commit}")
    elif publication.commit is not None:
        complain("Git did not commit it; the kaart itself is published.")


def _seen(gate: GateReport) -> str:
    """What the gate saw."""
    if gate.questions:
        compared = "none got worse" if gate.compared else "with no earlier index to compare with"
        return f"{gate.questions} question(s) asked, {gate.right} right, {compared}."
    return "No questions were asked." if gate.rebuilt else "Nothing that search reads changed."


def _plain(publication: Publication) -> dict[str, object]:
    return {
        "id": publication.id,
        "at": publication.at.isoformat(),
        "by": publication.by,
        "note": publication.note,
        "files": list(publication.files),
        "gate": publication.gate.model_dump(),
        "commit": publication.commit,
        "undoes": publication.undoes,
        "undone": publication.undone,
    }
