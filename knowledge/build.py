"""Builds the index of a kaart: encode, calibrate, write aside, swap."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from knowledge.calibration import fit
from knowledge.encoder import load_encoder
from knowledge.index import Manifest, pack, write_index
from knowledge.passages import Passage, checksum
from knowledge.search import calibration_examples

UNANSWERABLE = Path(__file__).parent / "unanswerable.tsv"


def build_index(pieces: Sequence[Passage], model: Path, folder: Path) -> Manifest:
    """Build the index of a kaart's passages with the encoder in `model`, below `folder`.

    Raises:
        ModelMissing: `model` cannot be loaded.
        TooFewQuestions: the kaart is too small to calibrate on.
    """
    encoder = load_encoder(model)
    vectors = np.ascontiguousarray(encoder.encode([piece.text for piece in pieces]), dtype=np.float32)
    calibration = fit(list(calibration_examples(pieces, vectors, encoder, read_unanswerable())))
    manifest = Manifest(
        kaart=checksum(pieces),
        model=encoder.checksum,
        passages=len(pieces),
        built_at=dt.datetime.now(dt.UTC),
        calibration=calibration,
    )
    write_index(folder, pack(vectors), manifest)
    return manifest


def read_unanswerable(path: Path = UNANSWERABLE) -> list[tuple[str, str]]:
    """(language, question) pairs that no kaart of this kind answers; tab-separated with a header line."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return [(language, text) for language, _, text in (line.partition("\t") for line in lines)]
