"""`kaart bench`: measures search on the development questions, and chat turns against the running server."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Annotated

import httpx
import numpy as np
import torch
import typer
from rich.table import Table as Drawn

from api.bench import parts, time_turns
from api.settings import Settings
from api.terminal import KaartOption, chosen, complain, explained, out, say
from knowledge.bench.ablation import KAART, Table, ablation, confusions
from knowledge.bench.peers import as_table, compare_peers, notes
from knowledge.bench.speed import measure
from knowledge.bench.sureness import Sureness, judge
from knowledge.build import build, outside, read_unanswerable
from knowledge.encoder import Encoder, Model, load_encoder
from knowledge.evaluation import read_rows
from knowledge.ingest import passages, read_passages
from knowledge.lexical import LexicalIndex
from knowledge.passages import Passage
from knowledge.search import Search, calibration_examples
from knowledge.variants import STYLES
from sociale_kaart.loader import load_kaart

LANGUAGES = ("nl", "en", "ar", "ti", "uk")


def bench(
    turns: Annotated[int, typer.Option(help="Chat turns to time; 0 leaves the running server alone.")] = 200,
    peers: Annotated[Path | None, typer.Option(help="Compare search with its peers too, on this file of questions.")] = None,
    kaart_name: KaartOption = None,
) -> None:
    """Measure search on the development questions, and chat turns against the running server."""
    with explained() as settings:
        if turns:
            _check_served(settings.address)
        if peers:
            _print_peers(chosen(settings, kaart_name), peers, settings.encoder)
        torch.set_num_threads(1)
        kaart, encoder = load_kaart(chosen(settings, kaart_name)), load_encoder(settings.encoder)
        pieces = passages(kaart)
        asked = [piece.text for piece in pieces if piece.development]
        say(f"{len(pieces)} passages, {len(asked)} development questions that the encoder did not learn from.")
        print_ablation(ablation(pieces, encoder))
        for language, mistakes in confusions(pieces, encoder).items():
            say(f"Most confused, {language}: " + ", ".join(f"{wanted} → {found} ({count})" for wanted, found, count in mistakes))
        _print_sureness(pieces, encoder)
        _print_speed(pieces, encoder, asked)
        if turns:
            asyncio.run(_time_server(settings, asked, turns))


def print_ablation(table: Table) -> None:
    """Right entry first: a row for each variant of search, a column for each language and each style."""
    columns = [*LANGUAGES, "all", KAART, *STYLES]
    _print("Right entry first", columns, {name: [_share(row.get(column)) for column in columns] for name, row in table.items()})


def _print_sureness(pieces: Sequence[Passage], encoder: Encoder) -> None:
    vectors = encoder.encode([piece.text for piece in pieces])
    examples = list(calibration_examples(pieces, vectors, encoder, read_unanswerable()))
    for title, isotonic in (("Logistic curves (as shipped)", False), ("Isotonic steps over one score", True)):
        rows = judge(examples, isotonic=isotonic)
        fields = list(Sureness.__dataclass_fields__)
        _print(f"Five-fold calibration: {title}", fields, {code: _figures(sure) for code, sure in rows.items()})


def _print_speed(pieces: Sequence[Passage], encoder: Encoder, asked: Sequence[str]) -> None:
    lexical = LexicalIndex([piece.text for piece in pieces])
    search = Search(pieces, encoder, build(pieces, encoder).dense(), lexical, outside(encoder))
    for part, taken in measure(encoder, lexical, search, asked[:: max(1, len(asked) // 500)]).items():
        say(f"  {part}: median {taken.median:.2f} ms, p95 {taken.p95:.2f} ms per question, one core")


def _print_peers(folder: Path, questions: Path, model: Model) -> None:
    comparison = compare_peers(read_passages(folder), read_rows(questions), model, tell=lambda name: say(f"asking {name} ..."))
    out.print(as_table(comparison))
    for note in notes(comparison):
        say(note)


def _check_served(address: str) -> None:
    """Before minutes of measuring: exits with a sentence when nobody serves there."""
    try:
        httpx.get(f"{address}/health")
    except httpx.HTTPError:
        complain(f"nobody serves {address}: start it with `make run` in another terminal, or leave it out with --turns 0")
        raise typer.Exit(1) from None


async def _time_server(settings: Settings, questions: list[str], turns: int) -> None:
    for users in (1, 20):
        timing = await time_turns(settings.address, questions, turns, users)
        speed_of = f"median {timing.median:.0f} ms, p95 {timing.p95:.0f} ms, {timing.failed} failed"
        say(f"{timing.turns} turns, {users} at once: {speed_of}")
    for part, value in (await parts(settings.address)).items():
        say(f"  {part}: {value:.2f} ms (mean)")


def _print(title: str, columns: Sequence[str], rows: dict[str, list[str]]) -> None:
    drawn = Drawn("", title=title, title_justify="left")
    for column in columns:
        drawn.add_column(column, justify="right")
    for name, cells in rows.items():
        drawn.add_row(name, *cells)
    out.print(drawn)


def _figures(sure: Sureness) -> list[str]:
    questions, *shares = astuple(sure)
    return [str(questions), *map(_share, shares)]


def _share(value: float | None) -> str:
    return "–" if value is None or np.isnan(value) else f"{value:.3f}"
