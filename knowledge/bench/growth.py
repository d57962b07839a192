"""`python -m knowledge.bench.growth [--most 100000]`: what search costs and finds as the kaart grows, on invented kaarten.

Each size is built in one process and served in another, so that the memory is what a server of that size holds.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Final, TypeVar

import numpy as np
import typer
from jinja2 import Template
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from knowledge.bench.synthetic import Question, invented, questions
from knowledge.build import build_manifest, outside
from knowledge.calibration import no_curves
from knowledge.encoder import load_encoder
from knowledge.index import DenseIndex, Vectors, pack, read_index, write_index
from knowledge.ingest import read_passages
from knowledge.lexical import Letters
from knowledge.passages import Passage
from knowledge.search import Search

SIZES: Final = (1_000, 10_000, 100_000)
TEN: Final = 10
AT_ONCE: Final = 100_000
PAGE: Final = os.sysconf("SC_PAGE_SIZE")
VECTORS: Final = "vectors.npy"
PLOT: Final = Path(__file__).with_name("growth.svg.j2")
T = TypeVar("T")


@dataclass(frozen=True)
class Task:
    """One size to measure: the real passages to invent from, and where its files go."""

    real: Sequence[Passage]
    entries: int
    asked: int
    folder: Path

    def passages(self) -> list[Passage]:
        """Those of the invented kaart."""
        return list(invented(self.real, self.entries))


@dataclass(frozen=True)
class Built:
    """Seconds to encode all passages and to make the index of them, and the size of that on disk."""

    encode_seconds: float
    build_seconds: float
    disk_megabytes: float


@dataclass(frozen=True)
class Served:
    """What serving costs and finds.

    Seconds until the first question can be asked; resident memory of the process; milliseconds from a question to its entries, by
    the clock and of the processor, which other programs hardly lengthen. Shares: of the questions with the right entry first, and
    among three; of the ten nearest passages that the index finds.
    """

    passages: int
    start_seconds: float
    resident_megabytes: float
    median: float
    p95: float
    processor: float
    processor_p95: float
    first: float
    in_three: float
    of_ten: float


@dataclass(frozen=True)
class Row:
    """What one size costs and finds."""

    entries: int
    built: Built
    served: Served


def measured(task: Task, step: Callable[[], object] = lambda: None) -> Row:
    """Build and serve, each in a process of its own; `step` is called after each."""
    built = _apart(build, task)
    step()
    served = _apart(serve, task)
    step()
    return Row(task.entries, built, served)


def build(task: Task) -> Built:
    """Write the index of a size below its folder, without a calibration, and the vectors beside it."""
    pieces, encoder = task.passages(), load_encoder()
    started = time.perf_counter()
    vectors = encoder.encode([piece.text for piece in pieces])
    encoded = time.perf_counter()
    write_index(task.folder, pack(vectors), build_manifest(pieces, encoder, no_curves(0)))
    ended = time.perf_counter()
    np.save(task.folder / VECTORS, vectors)
    size = sum(path.stat().st_size for path in (task.folder / "current").resolve().iterdir())
    return Built(encoded - started, ended - encoded, size / 2**20)


def serve(task: Task) -> Served:
    """Ask the index of a size what people might ask."""
    pieces, encoder = task.passages(), load_encoder()
    asked = questions(pieces, task.asked)
    started = time.perf_counter()
    dense = read_index(task.folder, pieces, encoder)
    search = Search(pieces, encoder, dense, Letters().index("invented", [piece.text for piece in pieces]), outside(encoder))
    start_seconds = time.perf_counter() - started
    search.find(asked[0].text, asked[0].language)  # the first opens files
    walls, processors, places = zip(*(_asked(search, question) for question in asked), strict=True)
    resident = int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 2**20
    meanings = encoder.encode([question.text for question in asked], query=True)
    return Served(
        passages=len(pieces),
        start_seconds=start_seconds,
        resident_megabytes=resident,
        median=float(np.median(walls)),
        p95=float(np.percentile(walls, 95)),
        processor=float(np.median(processors)),
        processor_p95=float(np.percentile(processors, 95)),
        first=float(np.mean([place == 0 for place in places])),
        in_three=float(np.mean([place < 3 for place in places])),
        of_ten=of_ten(dense, np.load(task.folder / VECTORS, mmap_mode="r"), meanings),
    )


def of_ten(dense: DenseIndex, vectors: Vectors, meanings: Vectors) -> float:
    """Share of the ten passages nearest to each meaning [questions, dim] that the index finds; `vectors` is [passages, dim]."""
    scores = np.concatenate([meanings @ vectors[at : at + AT_ONCE].T for at in range(0, len(vectors), AT_ONCE)], axis=1)
    right = np.argpartition(-scores, TEN, axis=1)[:, :TEN]
    _, found = dense.nearest(meanings, TEN)
    return float(np.mean([len(set(some) & set(all)) / TEN for some, all in zip(found.tolist(), right.tolist(), strict=True)]))


def table(rows: Sequence[Row]) -> Table:
    """A column for each size."""
    shown = Table("", *(f"{row.entries:,} entries" for row in rows), title="Search as the kaart grows")
    for name, form in SHOWN:
        shown.add_row(name, *(form(row) for row in rows))
    return shown


SHOWN: Final[tuple[tuple[str, Callable[[Row], str]], ...]] = (
    ("passages", lambda row: f"{row.served.passages:,}"),
    ("seconds to encode", lambda row: f"{row.built.encode_seconds:,.1f}"),
    ("seconds to build the index", lambda row: f"{row.built.build_seconds:,.1f}"),
    ("seconds to start", lambda row: f"{row.served.start_seconds:,.1f}"),
    ("MB on disk", lambda row: f"{row.built.disk_megabytes:,.0f}"),
    ("MB in memory", lambda row: f"{row.served.resident_megabytes:,.0f}"),
    ("milliseconds, median", lambda row: f"{row.served.median:,.1f}"),
    ("milliseconds, p95", lambda row: f"{row.served.p95:,.1f}"),
    ("of the processor, median", lambda row: f"{row.served.processor:,.1f}"),
    ("of the processor, p95", lambda row: f"{row.served.processor_p95:,.1f}"),
    ("recall@1", lambda row: f"{row.served.first:.3f}"),
    ("recall@3", lambda row: f"{row.served.in_three:.3f}"),
    ("share of the ten nearest", lambda row: f"{row.served.of_ten:.3f}"),
)


def plot(rows: Sequence[Row]) -> str:
    """An SVG of what grows, both axes logarithmic."""
    lines = {
        "ms per question": [row.served.median for row in rows],
        "MB in memory": [row.served.resident_megabytes for row in rows],
        "MB on disk": [row.built.disk_megabytes for row in rows],
        "s to encode and build": [row.built.encode_seconds + row.built.build_seconds for row in rows],
    }
    places = [float(np.log10(row.entries)) for row in rows]
    heights = {name: [float(np.log10(max(value, 1))) for value in values] for name, values in lines.items()}
    top = max(max(values) for values in heights.values())
    drawing: str = Template(PLOT.read_text(encoding="utf-8")).render(entries=places, lines=heights, top=int(top) + 1)
    return drawing + "\n"


def _asked(search: Search, question: Question) -> tuple[float, float, float]:
    """Milliseconds by the clock and of the processor, and how many entries come before the right one; infinite without it."""
    wall, processor = time.perf_counter(), time.process_time()
    found = search.find(question.text, question.language)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    ids = [hit.entry_id for hit in found.hits]
    return wall * 1000, processor * 1000, ids.index(question.entry_id) if question.entry_id in ids else np.inf


def _apart(step: Callable[[Task], T], task: Task) -> T:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(step, task).result()


def main(
    most: Annotated[int, typer.Option(help="entries of the largest kaart", min=100)] = SIZES[-1],
    asked: Annotated[int, typer.Option(help="questions to ask of each size", min=1)] = 200,
    kaart: Annotated[Path, typer.Option(help="folder of the kaart to invent from", exists=True)] = Path("sociale_kaart/nijmegen"),
    out: Annotated[Path, typer.Option(help="the plot to write")] = Path("var/growth.svg"),
) -> None:
    """Measure search on invented kaarten of 1,000, 10,000 and 100,000 entries, as far as `--most`."""
    console, rows, real = Console(), [], read_passages(kaart)
    sizes = sorted({min(size, most) for size in SIZES})
    with Progress(console=console) as progress:
        bar = progress.add_task("", total=2 * len(sizes))
        for entries in sizes:
            progress.update(bar, description=f"{entries:,} entries")
            with TemporaryDirectory() as folder:
                rows.append(measured(Task(real, entries, asked, Path(folder)), lambda: progress.advance(bar)))
            console.print(table(rows))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(plot(rows), encoding="utf-8")
    console.print(f"plot: {out}")


if __name__ == "__main__":
    typer.run(main)
