"""Our search beside its peers: the same kaart, the same texts, the same questions, and the same costs of a mistake.

    python -m knowledge.bench.peers sociale_kaart/nijmegen tests/evaluation/nijmegen.tsv

Every peer gets all passages that are not development ones, in all languages, and ranks the entries for a question. For all but
our whole search, which ranks in its own way, an entry's score is that of its best passage. The zones come from our own
calibration, fitted for each peer on its own scores of the development questions and of the unanswerable ones. Measured are the
rows `in` and `ood` of an evaluation file, which nobody trained on; their language is told to all. No danger rule stands in
front.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from knowledge.bench.peers_diet import EPOCHS, PYTHON, Rasa, diet
from knowledge.bench.peers_kinds import PeerMissing, bm25, encoded, letters, minilm
from knowledge.bench.peers_measure import ALL, Peer, Standing, Trial, stand, trial
from knowledge.build import read_unanswerable
from knowledge.encoder import Model
from knowledge.evaluation import Metrics, Row, read_rows
from knowledge.ingest import read_passages
from knowledge.passages import Passage

SHIPPED, RASA = Model(), Rasa()
NOTHING = "nothing: it counts words"
MEASURES: Mapping[str, Callable[[Metrics], float | None]] = {
    "right entry first, of what the kaart answers": lambda metrics: metrics.recall_at_1,
    "right entry among the first three": lambda metrics: metrics.recall_at_3,
    "wrong answers, of what the kaart answers: fewer is better": lambda metrics: metrics.wrong_answers,
    "answered at once, of what the kaart answers": lambda metrics: metrics.answered,
    "false answers, of what the kaart cannot answer: fewer is better": lambda metrics: metrics.false_answers,
}


@dataclass(frozen=True)
class Comparison:
    """How all peers stand, and why the others could not be asked, by name."""

    standings: tuple[Standing, ...]
    missing: Mapping[str, str]

    def as_plain(self) -> dict[str, object]:
        """As JSON values."""
        return {"peers": [standing.as_plain() for standing in self.standings], "missing": dict(self.missing)}


def compare_peers(
    passages: Sequence[Passage],
    rows: Iterable[Row],
    model: Model = SHIPPED,
    rasa: Rasa = RASA,
    minilm_folder: Path | None = None,
    tell: Callable[[str], object] = lambda _: None,
) -> Comparison:
    """How all peers stand on these rows of an evaluation file.

    Args:
        passages: all passages of the kaart, development ones too.
        rows: of all kinds; those that are not `in` or `ood` are left out.
        model: our encoder.
        rasa: the bot's environment, for DIET.
        minilm_folder: where the English encoder stands, when not in its package.
        tell: is told the name of each peer before it is asked: it can take minutes.

    Raises:
        ModelMissing: our own encoder cannot be loaded.
    """
    given = trial(passages, rows, read_unanswerable())
    return ask_all(peers(given, model, rasa, minilm_folder), given, tell)


def peers(given: Trial, model: Model, rasa: Rasa, minilm_folder: Path | None) -> list[Peer]:
    """All of them, ours last."""
    questions = sum(passage.kind == "question" for passage in given.texts)
    ours = encoded(given.texts, model)
    learned = "parallel texts in our languages, and these same texts"
    return [
        Peer("BM25", NOTHING, partial(bm25, given.texts)),
        Peer("letters only", NOTHING, partial(letters, given.texts)),
        Peer(
            "Rasa DIET",
            f"the {questions} questions among these texts, {rasa.epochs} times",
            partial(diet, given.texts, rasa=rasa),
        ),
        Peer("all-MiniLM-L6-v2", "a billion pairs of English sentences", partial(minilm, given.texts, folder=minilm_folder)),
        Peer("our encoder", learned, ours.dense),
        Peer("our search", f"{learned}; the letters count words", ours.search),
    ]


def ask_all(asked: Iterable[Peer], given: Trial, tell: Callable[[str], object]) -> Comparison:
    """The standing of each peer that can be asked."""
    standings, missing = [], {}
    for peer in asked:
        tell(peer.name)
        try:
            standings.append(stand(peer, given))
        except PeerMissing as error:
            missing[peer.name] = str(error)
    return Comparison(tuple(standings), missing)


def as_table(comparison: Comparison) -> Table:
    """A part per measure, a line per peer, a column per language; per cent, but for the last two parts."""
    languages = list(dict.fromkeys(code for standing in comparison.standings for code in standing.metrics))
    languages = [*(code for code in languages if code != ALL), ALL]
    table = Table("per cent", *(Column(code, justify="right") for code in languages), title="Search and its peers")
    for title, measure in MEASURES.items():
        _part(table, title, len(languages))
        for standing in comparison.standings:
            told = (standing.metrics.get(code) for code in languages)
            table.add_row(f"  {standing.name}", *(_per_cent(measure(metrics) if metrics else None) for metrics in told))
    empty = [""] * (len(languages) - 1)
    _part(table, "milliseconds of one core per question, median", len(languages))
    for standing in comparison.standings:
        table.add_row(f"  {standing.name}", *empty, f"{standing.milliseconds:.1f}")
    _part(table, "megabytes of model and index", len(languages))
    for standing in comparison.standings:
        table.add_row(f"  {standing.name}", *empty, f"{standing.megabytes:.0f}")
    return table


def notes(comparison: Comparison) -> list[str]:
    """What each peer was trained on, and why others are not there."""
    trained = [f"{standing.name} was trained on {standing.learned}." for standing in comparison.standings]
    return trained + [f"{name} is left out: {why}." for name, why in comparison.missing.items()]


def main(
    kaart: Annotated[Path, typer.Argument(help="folder of a kaart", exists=True, file_okay=False)],
    evaluation_file: Annotated[Path, typer.Argument(help="questions that nobody trained on", exists=True, dir_okay=False)],
    model: Annotated[str, typer.Option(help="our encoder: a folder, or the name of a model fetched before")] = SHIPPED.name,
    bot_python: Annotated[Path, typer.Option(help="the bot's environment")] = PYTHON,
    epochs: Annotated[int, typer.Option(help="how often DIET sees every question", min=1)] = EPOCHS,
    minilm_folder: Annotated[Path | None, typer.Option(help="the English encoder, when not in its package")] = None,
    json_output: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Compare search with its peers."""
    out, errors = Console(emoji=False), Console(stderr=True, emoji=False)
    with errors.status("reading") as status:
        pieces, rows = read_passages(kaart), read_rows(evaluation_file)
        rasa = Rasa(bot_python, epochs)
        comparison = compare_peers(pieces, rows, Model(model), rasa, minilm_folder, status.update)
    if json_output:
        out.print_json(json.dumps(comparison.as_plain()))
        return
    out.print(as_table(comparison))
    for note in notes(comparison):
        out.print(note, markup=False, highlight=False, soft_wrap=True)


def _part(table: Table, title: str, columns: int) -> None:
    table.add_section()
    table.add_row(f"[bold]{title}[/bold]", *([""] * columns))


def _per_cent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}".removesuffix("%")


if __name__ == "__main__":
    typer.run(main)
