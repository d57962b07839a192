"""The dense index on disk: built aside, swapped atomically, refused when it belongs to another kaart or model.

A folder holds `<version>/dense.faiss` and `<version>/manifest.json`, and a link `current` to one version.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import faiss
import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge.calibration import Calibration
from knowledge.encoder import Encoder
from knowledge.errors import IndexMissing, IndexStale
from knowledge.passages import Passage, checksum

Vectors = npt.NDArray[np.float32]
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
        flat = faiss.rev_swig_ptr(cast(faiss.IndexFlat, vectors).get_xb(), vectors.ntotal * vectors.d)
        self._rows: Vectors = flat.reshape(vectors.ntotal, vectors.d)  # a view of the file's pages: nothing is copied

    def scores(self, query: Vectors) -> Vectors:
        """Inner product of one query [dim] with every passage, float32 [passages]."""
        scores: Vectors = self._rows @ query  # all of them are wanted, so faiss would only sort them in vain
        return scores

    def scores_of(self, queries: Vectors) -> Vectors:
        """Inner product of each query [queries, dim] with every passage, float32 [queries, passages]."""
        scores: Vectors = queries @ self._rows.T
        return scores

    def rows(self) -> Vectors:
        """The vectors themselves, float32 [passages, dim]; not to be changed."""
        return self._rows


def pack(vectors: Vectors) -> faiss.Index:
    """An exact inner-product index over unit rows [passages, dim]."""
    index = faiss.IndexFlatIP(vectors.shape[1])
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
