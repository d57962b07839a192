"""Builds the index of a kaart aside: encode, calibrate. Writing it swaps it in.

After a small change only the passages that are new are encoded, and the calibration stays: see `rebuild`.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from knowledge.calibration import Calibration, fit, no_curves
from knowledge.encoder import Encoder, Model, load_encoder
from knowledge.errors import IndexMissing, IndexStale, TooFewQuestions
from knowledge.index import DenseIndex, Manifest, Vectors, pack, read_index, write_index
from knowledge.passages import Passage, checksum
from knowledge.search import calibration_examples

UNANSWERABLE = Path(__file__).parent / "unanswerable.tsv"
FEWEST_ENTRIES = 4
"""Among fewer the right one is always among the first three, which says nothing about the entries that will come."""
MOST_CHANGED = 0.05
"""The calibration is fitted anew when more than this share of the passages came or went since it was."""


@dataclass(frozen=True)
class Built:
    """An index that nobody reads yet; `vectors` is float32 [passages, dim]."""

    vectors: Vectors
    manifest: Manifest

    def dense(self) -> DenseIndex:
        """The index, to ask it before it is written."""
        return DenseIndex(pack(self.vectors), self.manifest)

    def write(self, folder: Path) -> None:
        """Write it as a new version below `folder` and point `current` at it."""
        write_index(folder, pack(self.vectors), self.manifest)


def build_index(pieces: Sequence[Passage], model: Model, folder: Path) -> Manifest:
    """Build the index of a kaart's passages with this encoder and swap it in below `folder`.

    Raises:
        ModelMissing: `model` cannot be loaded.
        TooFewQuestions: the kaart has no entries.
    """
    built = build(pieces, load_encoder(model))
    built.write(folder)
    return built.manifest


def build(pieces: Sequence[Passage], encoder: Encoder) -> Built:
    """The index of these passages from nothing. TooFewQuestions when there are none."""
    _refuse_none(pieces)
    vectors = np.ascontiguousarray(encoder.encode([piece.text for piece in pieces]), dtype=np.float32)
    return Built(vectors, build_manifest(pieces, encoder, calibrated(pieces, vectors, encoder)))


def rebuild(pieces: Sequence[Passage], encoder: Encoder, folder: Path, before: Sequence[Passage]) -> Built:
    """The index of these passages, with the vectors of those that stand in `before`, the passages of the index in `folder`.

    Without a usable index it builds from nothing.

    Raises:
        TooFewQuestions: there are no passages.
    """
    _refuse_none(pieces)
    try:
        old = read_index(folder, before, encoder)
    except (IndexMissing, IndexStale):
        return build(pieces, encoder)
    known = dict(zip((piece.text for piece in before), old.rows(), strict=True))
    new = list(dict.fromkeys(piece.text for piece in pieces if piece.text not in known))
    known.update(zip(new, np.asarray(encoder.encode(new), dtype=np.float32), strict=True))
    vectors = np.stack([known[piece.text] for piece in pieces])
    changed = old.manifest.changed + _came_or_went(before, pieces)
    if old.manifest.calibration.cautious or changed > MOST_CHANGED * len(pieces):
        return Built(vectors, build_manifest(pieces, encoder, calibrated(pieces, vectors, encoder)))
    return Built(vectors, build_manifest(pieces, encoder, old.manifest.calibration, changed))


def calibrated(pieces: Sequence[Passage], vectors: Vectors, encoder: Encoder) -> Calibration:
    """A calibration fitted on the kaart's own questions; a cautious one when questions or entries are too few to tell."""
    examples = list(calibration_examples(pieces, vectors, encoder, read_unanswerable()))
    return fit(examples) if len({piece.entry_id for piece in pieces}) >= FEWEST_ENTRIES else no_curves(len(examples))


def read_unanswerable(path: Path = UNANSWERABLE) -> list[tuple[str, str]]:
    """(language, question) pairs that no kaart of this kind answers; tab-separated with a header line."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return [(language, text) for language, _, text in (line.partition("\t") for line in lines)]


@cache
def outside(encoder: Encoder) -> Vectors:
    """Vectors of the questions that no kaart answers, float32 [questions, dim]."""
    return encoder.encode([text for _, text in read_unanswerable()], query=True)


def build_manifest(pieces: Sequence[Passage], encoder: Encoder, calibration: Calibration, changed: int = 0) -> Manifest:
    """What an index that is built now is built from."""
    return Manifest(
        kaart=checksum(pieces),
        model=encoder.checksum,
        passages=len(pieces),
        built_at=dt.datetime.now(dt.UTC),
        calibration=calibration,
        changed=changed,
    )


def _refuse_none(pieces: Sequence[Passage]) -> None:
    if not pieces:
        raise TooFewQuestions("the kaart has no entries, so there is nothing to search in: add one")


def _came_or_went(before: Sequence[Passage], after: Sequence[Passage]) -> int:
    old, new = Counter(before), Counter(after)
    return (old - new).total() + (new - old).total()
