"""The sentence encoder behind one small interface: any sentence-transformers folder, the shipped one among them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch
from sentence_transformers import SentenceTransformer

from knowledge.errors import ModelMissing

MODEL = Path(__file__).parent / "model"
"""The encoder that the project ships."""

_WEIGHED = {".json", ".safetensors", ".bin", ".txt", ".model"}
_BATCH = 256


class Encoder(Protocol):
    """Turns texts into vectors whose inner product says how close they are in meaning."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    @property
    def checksum(self) -> str:
        """12 hex digits that change when the vectors do."""

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Unit rows [len(texts), dimension]; a text without any known character gives a row of zeros."""


class FolderEncoder:
    """A sentence-transformers folder, run on one core of the processor."""

    def __init__(self, folder: Path) -> None:
        self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True).eval()
        self.checksum = _checksum(folder)
        self.dimension = int(self.encode([""]).shape[1])

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        rows = [self._batch(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH)]
        return np.concatenate(rows) if rows else np.zeros((0, self.dimension), dtype=np.float32)

    @torch.inference_mode()
    def _batch(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        # The model's own `encode` adds sorting, progress and device moves: more time than one question needs.
        features = self._model.preprocess([_encodable(text) for text in texts])
        vectors: npt.NDArray[np.float32] = self._model(features)["sentence_embedding"].float().numpy()
        lengths: npt.NDArray[np.float32] = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)


def load_encoder(folder: Path = MODEL) -> Encoder:
    """The encoder in a sentence-transformers folder, without network and without code from the folder.

    Raises:
        ModelMissing: the folder is not there, or is not one that sentence-transformers can load so.
    """
    if not (folder / "modules.json").is_file():
        raise ModelMissing(f"{folder}: no sentence-transformers model (modules.json); set another folder or train one")
    try:
        return FolderEncoder(folder)
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise ModelMissing(f"{folder}: cannot be loaded: {error}") from error


def _encodable(text: str) -> str:
    """The text without lone surrogates, which tokenizers refuse."""
    return text.encode("utf-8", "replace").decode()


def _checksum(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in _WEIGHED and path.name != "figures.json":
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
