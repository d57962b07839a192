"""`kaart export` and `kaart import`: the kaart as open data, and open data as a new kaart."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.opendata import hsds
from api.services import now
from api.settings import Settings
from api.terminal import JsonOption, KaartOption, chosen, complain, explained, say
from sociale_kaart.hours import AMSTERDAM
from sociale_kaart.importing.folder import NewKaart, import_file
from sociale_kaart.importing.report import ImportRefused, Report
from sociale_kaart.kaart import Kaart
from sociale_kaart.loader import load_kaart
from sociale_kaart.municipality import FEWEST_QUESTIONS
from sociale_kaart.schema import Theme
from sociale_kaart.table import to_csv


class Format(StrEnum):
    """What `kaart export` writes."""

    HSDS = "hsds"
    NDJSON = "ndjson"
    CSV = "csv"


def export(
    file: Annotated[Path | None, typer.Argument(help="File to write; none: standard output.", dir_okay=False)] = None,
    format: Annotated[Format, typer.Option(help="HSDS 3.1 services as JSON, the same one a line, or CSV.")] = Format.HSDS,
    bom: Annotated[bool, typer.Option("--bom", help="CSV that begins with a byte order mark, for spreadsheets.")] = False,
    kaart: KaartOption = None,
) -> None:
    """Write the kaart as open data."""
    if bom and format is not Format.CSV:
        raise typer.BadParameter("a byte order mark is for CSV alone")
    with explained() as settings:
        content = _exported(load_kaart(chosen(settings, kaart)), format, bom).encode()
    if file:
        file.write_bytes(content)
    else:
        typer.echo(content, nl=False)


def _exported(kaart: Kaart, format: Format, bom: bool) -> str:
    if format is Format.CSV:
        return to_csv(kaart, bom=bom)
    services = [hsds.service(kaart, entry, "nl", full=True) for entry in kaart]
    if format is Format.NDJSON:
        return "".join(f"{json.dumps(service, ensure_ascii=False)}\n" for service in services)
    return f"{json.dumps(services, ensure_ascii=False, indent=1)}\n"


def import_kaart(
    file: Annotated[
        Path, typer.Argument(help="HSDS services (JSON, or one a line) or CSV, in Dutch.", exists=True, dir_okay=False)
    ],
    name: Annotated[str, typer.Argument(help="Name of the new folder: small letters, digits, hyphens.")],
    municipality: Annotated[str | None, typer.Option(help="Name of the municipality; else made of NAME.")] = None,
    source: Annotated[str | None, typer.Option(help="What people read as the source; else the name of the file.")] = None,
    theme: Annotated[Theme | None, typer.Option(help="Life area of records that name none; else these are left out.")] = None,
    json_output: JsonOption = False,
) -> None:
    """Make a new kaart out of a file, tell what was lost, and check it. Its texts are drafts, in Dutch."""
    with explained() as settings:
        title = municipality or " ".join(part.capitalize() for part in name.split("-"))
        report = _import(settings, file, NewKaart(name, title, source or file.name, theme))
        say(json.dumps(report.as_plain(), ensure_ascii=False) if json_output else report.as_text())
        folder = settings.kaart.parent / name
        kaart = load_kaart(folder)
    if not json_output:
        say(_to_do(kaart))


def _import(settings: Settings, file: Path, new: NewKaart) -> Report:
    try:
        return import_file(file.read_bytes(), new, settings.kaart.parent, now().astimezone(AMSTERDAM).date())
    except ImportRefused as error:
        complain(f"{file.name}: {error}")
        raise typer.Exit(1) from None


def _to_do(kaart: Kaart) -> str:
    own = [entry for entry in kaart if kaart.is_own(entry.id)]
    bare = sum(len(entry.texts["nl"].questions) < FEWEST_QUESTIONS for entry in own)
    questions = f" {bare} of them need example questions: search asks for {FEWEST_QUESTIONS} of each." if bare else ""
    return f"{kaart.municipality.id}: {len(own)} entries of its own, no problems.{questions}"
