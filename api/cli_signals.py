"""`kaart signals`: the counts of weeks as a file, and how well questions of one topic find each other."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.database import opened
from api.publishing.folder import QUESTIONS
from api.settings import Settings
from api.signals.counting import Number
from api.signals.export import as_csv, as_json
from api.signals.measure import measure
from api.signals.signals import weeks_shown
from api.signals.store import SignalStore
from api.terminal import JsonOption, KaartOption, chosen, complain, explained, say
from knowledge.encoder import load_encoder
from knowledge.evaluation import read_rows

app = typer.Typer(help="What people ask and do not get, in numbers that hide who asked.", no_args_is_help=True)


class Format(StrEnum):
    """What `kaart signals export` writes."""

    CSV = "csv"
    JSON = "json"


@app.command()
def export(
    file: Annotated[Path | None, typer.Argument(help="File to write; none: standard output.", dir_okay=False)] = None,
    format: Annotated[Format, typer.Option(help="CSV or JSON.")] = Format.CSV,
    kaart: KaartOption = None,
) -> None:
    """Write the numbers of every week that is over, as the desk sees them: no questions, and no number of too few people."""
    with explained() as settings:
        town = chosen(settings, kaart).name
        weeks = asyncio.run(_weeks(settings, town))
        written = (as_csv if format is Format.CSV else as_json)(town, weeks, settings.signals_fewest)
    if file:
        file.write_text(written, encoding="utf-8")
    else:
        typer.echo(written, nl=False)


@app.command("measure")
def measure_groups(json_output: JsonOption = False, kaart: KaartOption = None) -> None:
    """Group the questions of thirty entries of the question set without telling which is whose, and count what is right."""
    with explained() as settings:
        path = chosen(settings, kaart) / QUESTIONS
        if not path.exists():
            complain(f"{path}: there is no question set to measure with")
            raise typer.Exit(1)
        figures = measure(read_rows(path), load_encoder(settings.encoder))
    say(json.dumps(asdict(figures)) if json_output else figures.as_text())


async def _weeks(settings: Settings, town: str) -> dict[dt.date, list[Number]]:
    async with opened(settings.database) as engine:
        return await weeks_shown(SignalStore(engine), town, settings.signals_fewest)
