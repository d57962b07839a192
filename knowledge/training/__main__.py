"""`python -m knowledge.training CORPORA [--kaart DIR]`: train the encoder and write its folder, its figures and its card."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import torch
import typer
from rich.console import Console

from knowledge.encoder import MODEL
from knowledge.training.card import card
from knowledge.training.learner import Recipe, Shape
from knowledge.training.run import gather, measure, train

_STANDARD = Recipe()


def _device(name: str) -> torch.device:
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(name)


def main(
    corpora: Annotated[Path, typer.Argument(help="folder of tab-separated parallel texts", exists=True, file_okay=False)],
    kaart: Annotated[list[Path], typer.Option(help="folder of entries to learn too; may be given again", exists=True)] = [],  # noqa: B006
    out: Annotated[Path, typer.Option(help="folder to write")] = MODEL,
    checkpoint: Annotated[Path, typer.Option(help="file to go on from")] = Path("var/training.pt"),
    teacher: Annotated[Path | None, typer.Option(help="folder of an English encoder to learn from too", exists=True)] = None,
    begin: Annotated[Path | None, typer.Option(help="folder of pieces that a transformer begins with", exists=True)] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda")] = "auto",
    threads: Annotated[int, typer.Option(help="processor cores to use", min=1)] = 1,
    shape: Annotated[Shape, typer.Option(help="ngrams, or pieces or transformer to compare them with")] = _STANDARD.shape,
    seed: int = _STANDARD.seed,
    epochs: int = _STANDARD.epochs,
    rows: int = _STANDARD.rows,
    dimension: int = _STANDARD.dimension,
    batch: int = _STANDARD.batch,
    learning_rate: float = _STANDARD.learning_rate,
    scale: float = _STANDARD.scale,
) -> None:
    """Train the sentence encoder."""
    if shape == "transformer" and begin is None:
        raise typer.BadParameter("a transformer begins with a table of pieces: say where that is", param_hint="--begin")
    torch.set_num_threads(threads)
    console = Console()
    recipe = Recipe(shape, seed, epochs, rows, dimension, batch, learning_rate, scale)
    material = gather(corpora, kaart)
    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    with console.status("training"):
        train(material, recipe, _device(device), out, checkpoint, console.log, teacher, begin)
        figures = {"recipe": recipe.__dict__, "taught": teacher is not None, **measure(out, material)}
    (out / "figures.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    (out / "README.md").write_text(card(figures), encoding="utf-8")
    console.print_json(json.dumps(figures))


if __name__ == "__main__":
    typer.run(main)
