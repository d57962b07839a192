"""The dense index on disk: built aside, swapped atomically, refused when it belongs to another kaart or model.

Its type follows the size: see `pack`.

A folder holds `<version>/dense.faiss` and `<version>/manifest.json`, and a link `current` to one version.
"""

from __future__ import annotations

import datetime as dt
import math
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge.calibration import Calibration
from knowledge.encoder import Encoder
from knowledge.errors import IndexMissing, IndexStale
from knowledge.passages import MOST_EXACT, Passage, checksum

Vectors = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]

LISTS_PER_ROOT = 4
READ = 0.1
"""Share of the lists that a question reads. It costs a millisecond for 100,000 passages, of some fifty for the whole question."""
LEARNT_FROM, LEARNT_ROUNDS = 40, 10
"""How many passages of the sample there are for each list, and how often the lists are moved to fit them."""

MEND = "run `kaart index`"


class Manifest(BaseModel):
    """What an index was built from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kaart: str
    model: str
    passages: int
    built_at: dt.datetime
    calibration: Calibration
    changed: int = 0
    """How many passages came or went since the calibration was fitted."""


class DenseIndex:
    """Vectors of all passages and how to read their scores."""

    def __init__(self, vectors: faiss.Index, manifest: Manifest) -> None:
        self._vectors, self.manifest = vectors, manifest
        if isinstance(vectors, faiss.IndexIVF):
            vectors.make_direct_map()  # where each passage stands, to read single ones; it is not kept on disk

    def nearest(self, queries: Vectors, count: int) -> tuple[Vectors, Places]:
        """The passages nearest to each query [queries, dim], best first: their inner products, float32, and where they stand in
        the kaart, int64, both [queries, count]; -1 stands for none, when there are fewer."""
        scores, places = self._vectors.search(queries, count)
        return scores, places

    def scores_at(self, query: Vectors, places: Places) -> Vectors:
        """Inner product of one query [dim] with the passages at these places, float32 [places]."""
        scores: Vectors = self._vectors.reconstruct_batch(places) @ query
        return scores

    def scores_of(self, queries: Vectors) -> Vectors:
        """Inner product of each query [queries, dim] with every passage, float32 [queries, passages]."""
        scores: Vectors = queries @ self.rows().T  # all of them are wanted, so faiss would only sort them in vain
        return scores

    def rows(self) -> Vectors:
        """The vectors themselves, float32 [passages, dim]; not to be changed. Those of an inverted file are copies, rounded."""
        rows: Vectors
        if isinstance(self._vectors, faiss.IndexFlat):  # a view of the file's pages: nothing is copied
            flat = faiss.rev_swig_ptr(self._vectors.get_xb(), self._vectors.ntotal * self._vectors.d)
            rows = flat.reshape(self._vectors.ntotal, self._vectors.d)
        else:
            rows = self._vectors.reconstruct_n(0, self._vectors.ntotal)
        return rows


def pack(vectors: Vectors, most_exact: int = MOST_EXACT) -> Any:
    """An inner-product index over unit rows [passages, dim], exact up to `most_exact` of them.

    Beyond, an inverted file: the vectors stand in about 4 * sqrt(passages) lists of neighbours, of which a question reads the
    nearest. The lists are learnt from a fixed sample, so that equal vectors give equal indexes. Numbers are rounded to 16 bits,
    not to 8, because a vector that is read and packed again, as `rebuild` does, then stays as it is.
    """
    passages, dimension = vectors.shape
    if passages <= most_exact:
        index: Any = faiss.IndexFlatIP(dimension)
    else:
        lists = round(LISTS_PER_ROOT * passages**0.5)
        index = faiss.index_factory(dimension, f"IVF{lists},SQfp16", faiss.METRIC_INNER_PRODUCT)
        index.by_residual = False  # or rounding would depend on the lists
        index.cp.niter, index.nprobe = LEARNT_ROUNDS, math.ceil(READ * lists)
        some = np.random.default_rng(0).choice(passages, min(passages, LEARNT_FROM * lists), replace=False)
        index.train(vectors[np.sort(some)])
    index.add(vectors)
    return index


def write_index(folder: Path, vectors: faiss.Index, manifest: Manifest) -> None:
    """Write a new version beside the old one and point `current` at it in one step."""
    version = folder / f"{manifest.built_at:%Y%m%dT%H%M%S%f}"
    version.mkdir(parents=True)
    faiss.write_index(vectors, str(version / "dense.faiss"))
    (version / "manifest.json").write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
    link = folder / f".{version.name}"
    link.symlink_to(version.name)
    os.replace(link, folder / "current")
    versions = sorted(path for path in folder.iterdir() if path.is_dir() and not path.is_symlink())
    for old in versions[:-2]:  # the one before stays for who is reading it
        if old != version:
            shutil.rmtree(old)


def current_version(folder: Path) -> str | None:
    """Name of the version that `current` points at, or None when nothing was built."""
    link = folder / "current"
    return link.readlink().name if link.is_symlink() else None


def read_index(folder: Path, passages: Sequence[Passage], encoder: Encoder) -> DenseIndex:
    """The current index.

    Raises:
        IndexMissing: nothing has been built in `folder`, or it cannot be read.
        IndexStale: it was built from another kaart or with another model.
    """
    current = (folder / "current").resolve()  # once: a swap must not come between the two files
    if not (current / "manifest.json").exists():
        raise IndexMissing(f"there is no index in {folder}: {MEND}")
    try:
        manifest = Manifest.model_validate_json((current / "manifest.json").read_text(encoding="utf-8"))
        vectors = faiss.read_index(str(current / "dense.faiss"), faiss.IO_FLAG_MMAP)
    except (ValidationError, RuntimeError) as error:
        raise IndexMissing(f"the index in {folder} cannot be read: {MEND}") from error
    for what, built, now in (("kaart", manifest.kaart, checksum(passages)), ("model", manifest.model, encoder.checksum)):
        if built != now:
            raise IndexStale(f"the index was built from {what} {built}, but this {what} is {now}: {MEND}")
    return DenseIndex(vectors, manifest)
