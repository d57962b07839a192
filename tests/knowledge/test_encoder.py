"""The shipped encoder, loaded as everyone loads it, and any other sentence-transformers folder."""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import BoW, Pooling, Transformer
from transformers import BertConfig, BertModel, BertTokenizerFast

from knowledge.build import build
from knowledge.encoder import MODEL, Encoder, Model, load_encoder
from knowledge.errors import IndexStale, ModelMissing
from knowledge.index import read_index
from knowledge.passages import Passage

SIZE_LIMIT = 40 * 2**20  # bytes in the repository


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


@pytest.fixture
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the encoder reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.usefixtures("_no_network")
def test_the_folder_loads_with_the_library_alone(encoder: Encoder) -> None:
    texts = ["Waar kan ik leren zwemmen?", "ናበይ ክኸይድ ይኽእል?", "أين الطبيب؟", ""]
    plain = SentenceTransformer(str(MODEL)).encode(texts)
    assert np.allclose(plain, encoder.encode(texts), atol=1e-6)


def test_no_module_of_the_folder_is_ours() -> None:
    kinds = [module["type"] for module in json.loads((MODEL / "modules.json").read_text())]
    assert kinds
    assert all(kind.startswith("sentence_transformers.") for kind in kinds)
    assert not list(MODEL.rglob("*.py"))


def test_the_folder_is_small_enough_for_the_repository() -> None:
    assert sum(path.stat().st_size for path in MODEL.rglob("*")) <= SIZE_LIMIT


def test_rows_are_unit_rows_in_the_order_of_the_texts(encoder: Encoder) -> None:
    texts = [f"vraag nummer {number}" for number in range(600)]
    rows = encoder.encode(texts)
    assert rows.shape == (600, encoder.dimension)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert np.allclose(rows[[0, 599]], encoder.encode([texts[0], texts[599]]), atol=1e-6)


def test_nothing_known_gives_zeros_and_no_texts_no_rows(encoder: Encoder) -> None:
    assert not encoder.encode(["", "?!", "漢字"]).any()
    assert encoder.encode([]).shape == (0, encoder.dimension)


@settings(deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=[])), max_size=3))
def test_no_text_is_refused(encoder: Encoder, texts: list[str]) -> None:
    rows = encoder.encode(texts)
    assert rows.shape == (len(texts), encoder.dimension)
    assert np.isfinite(rows).all()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ሐኪም ኣበይ ኣሎ", "ሀኪም ኣበይ ኣሎ።"),
        ("أين المدرسة؟", "اين المدرسه"),
        ("де п'ять?", "Де п’ять"),
        ("Één café", "een cafe"),
        ("\u202bأين الطبيب\u202c", "أين الطبيب"),
    ],
)
def test_spellings_of_one_text_are_one_vector(encoder: Encoder, one: str, other: str) -> None:
    first, second = encoder.encode([one, other])
    assert np.allclose(first, second, atol=1e-6)


@pytest.mark.parametrize(
    "texts",
    [
        ("Waar is de dokter?", "Where is the doctor?", "أين الطبيب؟", "Де лікар?", "ሓኪም ኣበይ ኣሎ?"),
        ("Ik zoek werk", "I am looking for work", "أبحث عن عمل", "Я шукаю роботу", "ስራሕ እደሊ ኣለኹ"),
        (
            "Mijn kind gaat naar school",
            "My child goes to school",
            "طفلي يذهب إلى المدرسة",
            "Моя дитина ходить до школи",
            "ውላደይ ናብ ቤት ትምህርቲ ይኸይድ",
        ),
        ("Hoeveel kost het?", "How much does it cost?", "كم يكلف؟", "Скільки це коштує?", "ክንደይ ዋግኡ?"),
    ],
)
def test_translations_are_nearer_than_another_sentence(encoder: Encoder, texts: tuple[str, ...]) -> None:
    rows = encoder.encode(texts)
    other = encoder.encode(["The train was late because of the snow."])
    assert (rows @ rows.T).min() > (rows @ other.T).max()


def test_the_checksum_follows_the_weights(tmp_path: Path, encoder: Encoder) -> None:
    copy = tmp_path / "model"
    shutil.copytree(MODEL, copy)
    (copy / "README.md").write_text("other words", encoding="utf-8")
    assert load_encoder(Model(str(copy))).checksum == encoder.checksum
    weights = copy / "0_StaticEmbedding/model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    assert load_encoder(Model(str(copy))).checksum != encoder.checksum


def test_another_sentence_transformers_folder_works_too(tmp_path: Path) -> None:
    SentenceTransformer(modules=[BoW(vocab=["water", "fiets"])], device="cpu").save(str(tmp_path))
    other = load_encoder(Model(str(tmp_path)))
    rows = other.encode(["fiets fiets", "water", "niets"])
    assert other.dimension == 2
    assert np.allclose(rows, [[0, 1], [1, 0], [0, 0]])


TINY = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "query", "passage", ":", "fiets", "lenen", "zwemmen", "les")


@pytest.fixture(scope="module")
def transformer(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A transformer of one layer, with weights that nobody trained."""
    torch.manual_seed(1)
    parts, folder = tmp_path_factory.mktemp("parts"), tmp_path_factory.mktemp("transformer")
    (parts / "vocab.txt").write_text("\n".join(TINY), encoding="utf-8")
    config = BertConfig(vocab_size=len(TINY), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32)
    BertModel(config).save_pretrained(parts)
    BertTokenizerFast(str(parts / "vocab.txt")).save_pretrained(parts)
    body = Transformer(str(parts))
    SentenceTransformer(modules=[body, Pooling(body.get_embedding_dimension())], device="cpu").save(str(folder))
    return str(folder)


def test_a_transformer_gets_its_prefixes(transformer: str) -> None:
    plain, told = load_encoder(Model(transformer)), load_encoder(Model(transformer, "query: ", "passage: "))
    assert np.allclose(told.encode(["fiets lenen"], query=True), plain.encode(["query: fiets lenen"]))
    assert np.allclose(told.encode(["fiets lenen"]), plain.encode(["passage: fiets lenen"]))
    assert np.allclose(np.linalg.norm(told.encode(["zwemmen", "les"]), axis=1), 1, atol=1e-5)


def test_each_model_and_each_prefix_has_an_index_of_its_own(transformer: str, tmp_path: Path) -> None:
    pieces = [Passage("fiets", "nl", "name", "fiets lenen"), Passage("zwemles", "nl", "name", "zwemmen les")]
    told = load_encoder(Model(transformer, "query: ", "passage: "))
    build(pieces, told).write(tmp_path)
    assert read_index(tmp_path, pieces, told).scores_of(told.encode(["fiets lenen"]))[0, 0] == pytest.approx(1, abs=1e-5)
    for other in (Model(transformer), Model(transformer, "query: "), Model()):
        with pytest.raises(IndexStale):
            read_index(tmp_path, pieces, load_encoder(other))


@pytest.mark.usefixtures("_no_network")
def test_a_name_that_was_never_fetched_is_refused() -> None:
    with pytest.raises(ModelMissing, match="never/fetched"):
        load_encoder(Model("never/fetched"))


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="nowhere"):
        load_encoder(Model(str(tmp_path / "nowhere")))


def test_a_folder_that_needs_its_own_code_is_refused(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text('[{"idx": 0, "name": "0", "path": "", "type": "our.Module"}]', encoding="utf-8")
    with pytest.raises(ModelMissing, match=tmp_path.name):
        load_encoder(Model(str(tmp_path)))
