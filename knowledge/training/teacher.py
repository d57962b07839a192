"""A pretrained English encoder as a teacher: what it finds alike in English, the table learns to find alike in five languages.

Knowledge distillation over parallel text (Reimers & Gurevych 2020): a text, in whatever language, is drawn towards the teacher's
vector of its English. The teacher is needed while learning and never again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge.encoder import Model, load_encoder
from knowledge.training.corpora import LANGUAGES, Rows, Texts

_ENGLISH = LANGUAGES.index("en")
_SAMPLE = 20_000  # texts from which the directions that matter most are chosen
_LUMP = 2048

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Lessons:
    """Unit `vectors` [English texts, dimension]; `of` [texts]: which of them a text is drawn to, -1 where nothing is taught."""

    vectors: Vectors
    of: npt.NDArray[np.int64]


def lessons(texts: Texts, rows: Rows, folder: Path, dimension: int, kept: Path, tell: Callable[[str], None]) -> Lessons:
    """What the teacher in `folder` says of every English text, in `dimension` numbers; `kept`: file of what it said before."""
    numbers = [number for number, language in enumerate(texts.languages) if language == "en"]
    vectors = _reduced(_said([texts.texts[number] for number in numbers], folder, kept, tell), dimension)
    of = np.full(len(texts.texts), -1, dtype=np.int64)
    of[numbers] = np.arange(len(numbers))
    for column in range(len(LANGUAGES)):
        both = (rows[:, column] >= 0) & (rows[:, _ENGLISH] >= 0)
        of[rows[both, column]] = of[rows[both, _ENGLISH]]
    return Lessons(vectors, of)


def _said(english: Sequence[str], folder: Path, kept: Path, tell: Callable[[str], None]) -> Vectors:
    known: dict[str, Vectors] = {}
    if kept.exists():
        with np.load(kept) as file:
            known = dict(zip(file["texts"].tolist(), file["vectors"].astype(np.float32), strict=True))
    new = sorted(set(english) - known.keys(), key=len)  # texts of one length together: less is padded
    teacher = load_encoder(Model(str(folder))) if new else None
    for start in range(0, len(new), _LUMP):
        some = new[start : start + _LUMP]
        known.update(zip(some, teacher.encode(some) if teacher else (), strict=True))
        tell(f"teacher: {min(start + _LUMP, len(new))} of {len(new)} texts")
    if new:
        np.savez(kept, texts=np.array(list(known)), vectors=np.stack(list(known.values())).astype(np.float16))
    return np.stack([known[text] for text in english])


def _reduced(vectors: Vectors, dimension: int) -> Vectors:
    """The vectors in the directions in which they differ most (principal components), of length 1."""
    centred = vectors - vectors.mean(axis=0)
    some = np.random.default_rng(0).permutation(len(centred))[:_SAMPLE]
    directions = np.linalg.svd(centred[some], full_matrices=False)[2][:dimension]
    turned = centred @ directions.T
    unit: Vectors = turned / np.linalg.norm(turned, axis=1, keepdims=True)
    return unit.astype(np.float32)
