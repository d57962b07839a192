"""A real package of Argos Translate, small enough to make in a test: a Transformer that knows a few words by heart.

Its weights are set by hand. Each word and each position has a place of its own in the vectors; the decoder's cross-attention
looks at the source word in its own position, and the values lead from a source word to its translation. CTranslate2 runs it like
any other model, and copies a word that it does not know, as it does for every model.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import sentencepiece
from ctranslate2.specs.transformer_spec import TransformerSpec

SPECIAL = ["<unk>", "<s>", "</s>"]
POSITIONS = 64
NL_EN = {
    "neem": "take", "uw": "your", "brief": "letter", "mee": "along", "naar": "to", "de": "the", "vraag": "ask", "hulp": "help",
    "bij": "at", "kom": "come", "op": "on", "een": "a", "plek": "place", "voor": "for", "mensen": "people", "waar": "where",
    "is": "is", "wie": "who", "helpt": "helps",
}  # fmt: skip
EN_AR = {
    "take": "خذوا", "your": "رسالتكم", "letter": "هذه", "along": "معكم", "to": "إلى", "the": "تلك", "ask": "اطلبوا",
    "help": "مساعدة", "at": "عند", "come": "تعالوا", "on": "في", "a": "واحد", "place": "مكان", "for": "لأجل",
    "people": "الناس", "where": "أين", "is": "يكون", "who": "من", "helps": "يساعد",
}  # fmt: skip
EN_UK = {
    "take": "візьміть", "your": "ваш", "letter": "лист", "along": "разом", "to": "до", "the": "цього", "ask": "попросіть",
    "help": "допомогу", "at": "біля", "come": "прийдіть", "on": "о", "a": "якесь", "place": "місце", "for": "для",
    "people": "людей", "where": "де", "is": "є", "who": "хто", "helps": "допомагає",
}  # fmt: skip


def pack(path: Path, source: str, target: str, pairs: Mapping[str, str], version: str = "1.0") -> Path:
    """Write `path`, an .argosmodel that translates word by word."""
    pairs = _written(pairs)
    folder = f"translate-{source}_{target}-{version.replace('.', '_')}"
    model = path.parent / f"{path.stem}-model"
    _save(model, {f"▁{a}": f"▁{b}" for a, b in pairs.items()})
    metadata = {"package_version": version, "argos_version": "1.11", "from_code": source, "from_name": source.upper()}
    metadata |= {"to_code": target, "to_name": target.upper(), "links": [], "type": "translate"}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{folder}/metadata.json", json.dumps(metadata))
        archive.writestr(f"{folder}/sentencepiece.model", _pieces([*pairs, *pairs.values()]))
        for file in sorted(model.iterdir()):
            archive.write(file, f"{folder}/model/{file.name}")
    return path


def _written(pairs: Mapping[str, str]) -> dict[str, str]:
    """The words as they stand in sentences too: with a capital, with a full stop or a question mark."""
    cased = dict(pairs) | {a.capitalize(): b.capitalize() for a, b in pairs.items()}
    return {f"{a}{sign}": f"{b}{sign}" for a, b in cased.items() for sign in ("", ".", "?")}


def _pieces(known: list[str]) -> bytes:
    """A SentencePiece model whose pieces are whole words."""
    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([" ".join(known)]),
        model_writer=written,
        model_type="word",
        vocab_size=len(set(known)) + 10,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    return written.getvalue()


def _save(folder: Path, pairs: Mapping[str, str]) -> None:
    """Write a CTranslate2 model of one layer that turns each key into its value, position by position."""
    source, target = [*SPECIAL, *dict.fromkeys(pairs)], [*SPECIAL, *dict.fromkeys(pairs.values())]
    at, out = len(source), len(source) + POSITIONS  # where the positions and the target words begin in a vector
    width = (out + len(target) + 7) // 8 * 8
    spec = TransformerSpec.from_config(num_layers=(1, 1), num_heads=1, pre_norm=True)
    places = np.zeros((POSITIONS, width))
    places[:, at:out] = np.eye(POSITIONS)
    for part in (spec.encoder, spec.decoder):
        part.scale_embeddings = False
        part.position_encodings.encodings = places.astype(np.float32)
        _idle(part.layer[0], width)
        _normal(part.layer_norm, width)
    spec.encoder.embeddings[0].weight = np.eye(len(source), width, dtype=np.float32)
    spec.decoder.embeddings.weight = np.zeros((len(target), width), np.float32)
    _look(spec.decoder.layer[0].attention, width, slice(at, out), _dictionary(source, target, pairs, width, out))
    _linear(spec.decoder.projection, 10 * np.eye(len(target), width, out))
    spec.register_source_vocabulary(source)
    spec.register_target_vocabulary(target)
    spec.config.add_source_eos = True
    folder.mkdir(parents=True)
    spec.validate()
    spec.optimize()
    spec.save(str(folder))


def _dictionary(source: list[str], target: list[str], pairs: Mapping[str, str], width: int, out: int) -> np.ndarray:
    values = np.zeros((width, width))
    for place, word in enumerate(source):
        values[out + target.index(pairs.get(word, word)), place] = 1
    return values


def _look(attention, width: int, positions: slice, values: np.ndarray) -> None:
    """Cross-attention: where the position is the same, bring the value."""
    own = np.zeros((width, width))
    own[positions, positions] = np.eye(POSITIONS)
    _normal(attention.layer_norm, width)
    _linear(attention.linear[0], 20 * own)
    _linear(attention.linear[1], np.concatenate([own, values]))
    _linear(attention.linear[2], np.eye(width))


def _idle(layer, width: int) -> None:
    """Self-attention and feed-forward that add nothing."""
    _normal(layer.self_attention.layer_norm, width)
    _linear(layer.self_attention.linear[0], np.zeros((3 * width, width)))
    _linear(layer.self_attention.linear[1], np.zeros((width, width)))
    _normal(layer.ffn.layer_norm, width)
    _linear(layer.ffn.linear_0, np.zeros((8, width)))
    _linear(layer.ffn.linear_1, np.zeros((width, 8)))


def _linear(spec, weight: np.ndarray) -> None:
    spec.weight, spec.bias = weight.astype(np.float32), np.zeros(len(weight), np.float32)


def _normal(spec, width: int) -> None:
    spec.gamma, spec.beta = np.ones(width, np.float32), np.zeros(width, np.float32)
