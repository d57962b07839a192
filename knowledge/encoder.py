"""The sentence encoder behind one small interface: any sentence-transformers folder, the shipped one among them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch
from huggingface_hub import snapshot_download
from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError
from sentence_transformers import SentenceTransformer

from knowledge.errors import ModelMissing

MODEL = Path(__file__).parent / "model"
"""The encoder that the project ships."""

_WEIGHED = {".json", ".safetensors", ".bin", ".txt", ".model"}
_BATCH = 256


@dataclass(frozen=True)
class Model:
    """Which encoder, and what it wants before a question and before a passage (`query: `, `passage: `)."""

    name: str = str(MODEL)
    """A sentence-transformers folder, or the name of a model that this machine has fetched before."""
    query_prefix: str = ""
    passage_prefix: str = ""


class Encoder(Protocol):
    """Turns texts into vectors whose inner product says how close they are in meaning."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    @property
    def checksum(self) -> str:
        """12 hex digits that change when the vectors do."""

    def __hash__(self) -> int:
        """An encoder is itself: what it says is kept by it."""

    def encode(self, texts: Sequence[str], *, query: bool = False) -> npt.NDArray[np.float32]:
        """Unit rows [len(texts), dimension]; a text without any known character gives a row of zeros. `query`: these texts are
        questions, which some models tell from what is searched."""


class FolderEncoder:
    """A sentence-transformers folder, run on the processor."""

    def __init__(self, folder: Path, query_prefix: str = "", passage_prefix: str = "") -> None:
        self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True).eval()
        self._prefixes = {True: query_prefix, False: passage_prefix}
        self.checksum = _checksum(folder, query_prefix, passage_prefix)
        self.dimension = int(self.encode([""]).shape[1])

    def encode(self, texts: Sequence[str], *, query: bool = False) -> npt.NDArray[np.float32]:
        asked = [self._prefixes[query] + text for text in texts]
        rows = [self._batch(asked[start : start + _BATCH]) for start in range(0, len(asked), _BATCH)]
        return np.concatenate(rows) if rows else np.zeros((0, self.dimension), dtype=np.float32)

    @torch.inference_mode()
    def _batch(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        # The model's own `encode` adds sorting, progress and device moves: more time than one question needs.
        features = self._model.preprocess([_encodable(text) for text in texts])
        vectors: npt.NDArray[np.float32] = self._model(features)["sentence_embedding"].float().numpy()
        lengths: npt.NDArray[np.float32] = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)


def load_encoder(model: Model = Model()) -> Encoder:
    """The encoder, without network and without code from its folder.

    Raises:
        ModelMissing: it is not on this machine, or is not one that sentence-transformers can load so.
    """
    folder = folder_of(model.name)
    if not (folder / "modules.json").is_file():
        raise ModelMissing(f"{folder}: no sentence-transformers model (modules.json); set another folder or train one")
    try:
        return FolderEncoder(folder, model.query_prefix, model.passage_prefix)
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise ModelMissing(f"{folder}: cannot be loaded: {error}") from error


def folder_of(name: str) -> Path:
    """Where the model stands: the folder itself, or where the model of this name was put when it was fetched."""
    if Path(name).is_dir():
        return Path(name)
    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError) as error:
        raise ModelMissing(f"{name}: neither a folder nor a model that was fetched to this machine before") from error


def _encodable(text: str) -> str:
    """The text without lone surrogates, which tokenizers refuse."""
    return text.encode("utf-8", "replace").decode()


def _checksum(folder: Path, *prefixes: str) -> str:
    digest = hashlib.sha256("\0".join(prefixes).encode() if any(prefixes) else b"")
    for path in sorted(folder.rglob("*")):
        if path.suffix in _WEIGHED and path.name != "figures.json":
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
