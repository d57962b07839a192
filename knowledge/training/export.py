"""Writes the table as a folder that `SentenceTransformer(folder)` loads with the library's own modules alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save_file
from tokenizers import Tokenizer

from knowledge.training.features import Bags

_MODULES = "sentence_transformers.sentence_transformer.modules"


def summed(weight: npt.NDArray[np.float32], parts: Bags) -> npt.NDArray[np.float32]:
    """The row of each token: the sum of the rows of its parts [tokens, dimension]."""
    return np.add.reduceat(weight[parts.ids], parts.starts[:-1], axis=0)


def quantised(weight: npt.NDArray[np.float32]) -> dict[str, npt.NDArray[Any]]:
    """Rows of eight bits and a scale for each, under the names by which StaticEmbedding multiplies them again on loading."""
    scales = np.maximum(np.abs(weight).max(axis=1), np.finfo(np.float32).tiny) / 127
    return {"embeddings": np.rint(weight / scales[:, None]).astype(np.int8), "weights": scales.astype(np.float32)}


def write(folder: Path, weight: npt.NDArray[np.float32], parts: Bags, tokenizer: Tokenizer) -> None:
    """Write modules, tokenizer and rows; files of an earlier model are written over."""
    first, last = folder / "0_StaticEmbedding", folder / "1_Normalize"
    for part in (first, last):
        part.mkdir(parents=True, exist_ok=True)
    save_file(quantised(summed(weight, parts)), first / "model.safetensors")
    (first / "model.safetensors").chmod(0o644)
    (first / "tokenizer.json").write_text(tokenizer.to_str(pretty=False), encoding="utf-8")
    modules = [(first, f"{_MODULES}.StaticEmbedding"), (last, f"{_MODULES}.Normalize")]
    listed = [{"idx": idx, "name": str(idx), "path": path.name, "type": kind} for idx, (path, kind) in enumerate(modules)]
    _json(folder / "modules.json", listed)
    _json(last / "config.json", {"module_input_name": "sentence_embedding", "module_output_name": "sentence_embedding"})
    _json(folder / "config_sentence_transformers.json", {"model_type": "SentenceTransformer", "similarity_fn_name": "cosine"})


def _json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
