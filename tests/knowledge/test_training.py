"""The training program on a small made-up world, and each of its parts."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file
from tokenizers import Tokenizer, normalizers

from knowledge.passages import Passage
from knowledge.text import normalise, words
from knowledge.training import corpora, export, features, ngrams, pairs, pieces, tokenizer
from knowledge.training.card import card
from knowledge.training.charsmap import compile_rules
from knowledge.training.learner import Recipe
from knowledge.training.noise import noisy
from knowledge.training.run import gather, measure, train, vocabulary

ALPHABETS = {"en": "bcdfgaeiou", "nl": "klmnpaeiou", "ar": "ابتثجحخدذر", "uk": "абвгдежзик", "ti": "ለበገደረሰቀተነመ"}
RECIPE = Recipe(epochs=6, rows=2500, dimension=32, batch=64, learning_rate=0.01)


def lexicon() -> dict[str, list[str]]:
    """Sixty made-up words in each language; the n-th mean the same."""
    letters = random.Random(5)
    return {language: ["".join(letters.choices(alphabet, k=6)) for _ in range(60)] for language, alphabet in ALPHABETS.items()}


def sentences(count: int, seed: int) -> str:
    """Rows of five-word sentences in five languages, with one language missing here and there."""
    choose, known, lines = random.Random(seed), lexicon(), ["en\tnl\tar\tuk\tti"]
    for number in range(count):
        meaning = choose.sample(range(60), 5)
        cells = [" ".join(known[language][word] for word in meaning) for language in ALPHABETS]
        if seed == 1:
            cells[number % 5] = ""
        lines.append("\t".join(cells))
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of corpora and a kaart of two entries."""
    folder = tmp_path_factory.mktemp("world")
    (folder / "news").mkdir()
    (folder / "news/news.tsv").write_text(sentences(600, seed=1), encoding="utf-8")
    (folder / f"{corpora.HELD_OUT}.tsv").write_text(sentences(80, seed=2), encoding="utf-8")
    (folder / "mono.tsv").write_text("source\tti\nweb\tለበገ ደረሰ\n", encoding="utf-8")
    (folder / "kaart/entries").mkdir(parents=True)
    for entry, first in (("zwemmen", 0), ("fietsen", 30)):
        texts = {
            language: {
                "name": known[first],
                "summary": known[first + 1],
                "questions": [" ".join(known[first : first + 9]), *known[first : first + 9]],
            }
            for language, known in lexicon().items()
        }
        (folder / f"kaart/entries/{entry}.yaml").write_text(
            yaml.safe_dump({"texts": texts}, allow_unicode=True), encoding="utf-8"
        )
    return folder


@pytest.fixture(scope="module")
def figures(world: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What a small training run ends with."""
    out = tmp_path_factory.mktemp("model")
    material = gather(world, [world / "kaart"])
    train(material, RECIPE, torch.device("cpu"), out, out / "checkpoint.pt", lambda _: None)
    return {"recipe": RECIPE.__dict__, **measure(out, material), "folder": out}


def test_unseen_sentences_find_their_translation(figures: dict[str, object]) -> None:
    shares = figures["translation_first"]
    assert isinstance(shares, dict)
    assert len(shares) == 8
    assert min(shares.values()) > 0.9  # chance: 1 in 80


def test_unseen_questions_find_their_entry(figures: dict[str, object]) -> None:
    shares = figures["right_entry_first"]
    assert isinstance(shares, dict)
    assert set(shares) == {"all_texts", "dutch_texts"}
    assert shares["all_texts"]["all"] > 0.8


@pytest.fixture(scope="module")
def small_pieces(world: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What a small run of byte-pair pieces ends with."""
    out = tmp_path_factory.mktemp("pieces")
    material, recipe = gather(world, [world / "kaart"]), replace(RECIPE, shape="pieces", rows=600)
    train(material, recipe, torch.device("cpu"), out, out / "checkpoint.pt", lambda _: None)
    return {"recipe": recipe.__dict__, **measure(out, material), "folder": out}


def test_byte_pair_pieces_learn_by_the_same_way(small_pieces: dict[str, object]) -> None:
    assert isinstance(shares := small_pieces["translation_first"], dict)
    assert min(shares.values()) > 0.6  # chance: 1 in 80
    assert "byte-pair" in card(small_pieces)


def test_a_transformer_begins_with_pieces_and_learns(world: Path, tmp_path: Path, small_pieces: dict[str, object]) -> None:
    material, begin = gather(world, [world / "kaart"]), small_pieces["folder"]
    assert isinstance(begin, Path)
    recipe = replace(RECIPE, shape="transformer", epochs=2, learning_rate=0.001)
    train(material, recipe, torch.device("cpu"), tmp_path, tmp_path / "checkpoint.pt", lambda _: None, begin=begin)
    found = measure(tmp_path, material)
    assert isinstance(shares := found["translation_first"], dict)
    assert min(shares.values()) > 0.3  # chance: 1 in 80
    assert "transformer" in card({"recipe": recipe.__dict__, **found})


def test_a_transformer_without_pieces_is_refused(world: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="--begin"):
        train(
            gather(world), replace(RECIPE, shape="transformer"), torch.device("cpu"), tmp_path, tmp_path / "c.pt", lambda _: None
        )


def test_pieces_do_not_see_how_a_word_is_spelled() -> None:
    pieces_of = pieces.build(["Zürich zurich", "ፀሓይ ጸሃይ", "أحمد احمد"] * 3, 200)
    for one, other in (("Zürich!", "zurich"), ("ፀሓይ", "ጸሃይ"), ("أحمد", "احمد")):
        assert pieces_of.encode(one).ids == pieces_of.encode(other).ids != []


def test_training_again_gives_the_same_rows_and_goes_on_where_it_stopped(
    world: Path, tmp_path: Path, figures: dict[str, object]
) -> None:
    material = gather(world, [world / "kaart"])
    stopped = tmp_path / "checkpoint.pt"

    class Stopped(Exception):
        """As if the machine was switched off."""

    def stop(line: str) -> None:
        if line.startswith("epoch 2"):
            raise Stopped

    with pytest.raises(Stopped):
        train(material, RECIPE, torch.device("cpu"), tmp_path, stopped, stop)
    told: list[str] = []
    train(material, RECIPE, torch.device("cpu"), tmp_path, stopped, told.append)
    assert [line.split(":")[0] for line in told if line.startswith("epoch")] == [f"epoch {epoch} of 6" for epoch in (3, 4, 5, 6)]
    weights = "0_StaticEmbedding/model.safetensors"
    again, once = (load_file(folder / weights) for folder in (tmp_path, Path(str(figures["folder"]))))
    apart = np.abs(_rows(again) - _rows(once))
    assert (apart <= 1.5 * once["weights"][:, None]).all()  # several cores may add up in another order: a step of 8 bits


def _rows(weights: dict[str, np.ndarray]) -> np.ndarray:
    return np.asarray(weights["embeddings"] * weights["weights"][:, None])


def test_a_checkpoint_of_other_texts_is_not_gone_on_with(world: Path, tmp_path: Path) -> None:
    checkpoint = tmp_path / "checkpoint.pt"
    told: list[str] = []
    for kaarten in ([], [world / "kaart"]):
        train(gather(world, kaarten), replace(RECIPE, epochs=1), torch.device("cpu"), tmp_path, checkpoint, told.append)
    assert len([line for line in told if line.startswith("epoch 1")]) == 2


def test_without_held_out_sentences_and_kaart_there_are_no_figures_but_a_card(tmp_path: Path) -> None:
    (tmp_path / "news.tsv").write_text(sentences(200, seed=1), encoding="utf-8")
    material = gather(tmp_path)
    out = tmp_path / "model"
    train(material, replace(RECIPE, epochs=1), torch.device("cpu"), out, tmp_path / "checkpoint.pt", lambda _: None)
    figures = measure(out, material)
    assert figures == {"development_sentences": 0, "translation_first": {}, "development_questions": 0, "right_entry_first": {}}
    assert "## Limits" in card({"recipe": RECIPE.__dict__, **figures})


def test_the_card_names_every_figure(figures: dict[str, object]) -> None:
    text = card({key: value for key, value in figures.items() if key != "folder"})
    assert f"table of at most {RECIPE.rows} rows" in text
    shares = figures["translation_first"]
    assert isinstance(shares, dict)
    assert f"| to en | {100 * shares['nl>en']:.0f} |" in text
    assert "{" not in text.replace("{'", "")


def test_held_out_sentences_are_not_in_the_training_rows() -> None:
    texts = corpora.Texts()
    rows = [
        ("news", {"en": "Same  sentence", "nl": "zelfde"}),
        ("news", {"en": "another", "nl": "ander"}),
        (corpora.HELD_OUT, {"en": "same sentence"}),
    ]
    train_rows, development = corpora.split(rows, texts)
    assert [[texts.texts[number] for number in row if number >= 0] for row in train_rows] == [["another", "ander"]]
    assert len(development) == 1


def test_development_questions_are_not_learned_from(world: Path) -> None:
    material = gather(world, [world / "kaart"])
    asked = {passage.text for passage in material.passages if passage.development}
    learned = {passage.text for passage in material.passages if not passage.development}
    random_numbers = np.random.default_rng(0)
    drawn = material.entries.pairs(1, random_numbers)
    texts = {material.texts.texts[number] for number in [*drawn.left, *drawn.right]}
    assert asked
    assert texts == learned


def test_development_texts_do_not_choose_the_vocabulary(world: Path) -> None:
    material = gather(world)
    number = int(material.development[0, 0])
    material.texts.texts[number] = "88888"
    assert not [gram for gram in vocabulary(material, 100_000) if "8" in gram]


class Small:
    """A vocabulary of made-up words and its tokenizer; no dataclass, or a failing example would print all of it."""

    def __init__(self, grams: list[str], tokenizer: Tokenizer) -> None:
        self.grams, self.tokenizer = grams, tokenizer


@pytest.fixture(scope="module")
def small() -> Small:
    chosen = ngrams.choose({language: ngrams.count(known) for language, known in lexicon().items()}, {}, 1200)
    return Small(chosen, tokenizer.build(chosen))


def test_the_vocabulary_holds_the_parts_of_what_it_holds(small: Small) -> None:
    known = set(small.grams)
    parts = {gram[start:end] for gram in known for start in range(len(gram)) for end in range(start + 1, len(gram) + 1)}
    assert parts - known <= {ngrams.BOUNDARY}
    assert {len(gram) for gram in known} == {1, 2, 3, 4, 5}


LETTERS = st.sampled_from("".join(ALPHABETS.values()) + "xفصዘ'’é-. ?!፡\u064b\u200f\n09")
WORDS = st.sampled_from([word for known in lexicon().values() for word in known])


@settings(max_examples=300)
@given(text=st.one_of(st.text(LETTERS), st.lists(WORDS, max_size=6).map(" ".join)))
def test_the_tokenizer_finds_the_longest_ngram_at_every_place(small: Small, text: str) -> None:
    assume("''" not in normalise(text))  # a run of apostrophes ends a word in `words` and is nothing to the tokenizer
    known = frozenset(small.grams)
    expected = Counter(gram for word in words(text) for gram in ngrams.longest_at_each_place(word, known))
    found = small.tokenizer.encode(text, add_special_tokens=False).ids
    assert Counter(small.grams[number] for number in found) == expected


def test_a_tokenizer_for_more_ngrams_than_codes_is_refused() -> None:
    many = [f"{chr(0x430 + a)}{b:04d}"[:5] for a in range(32) for b in range(10_000)]
    vocabulary = sorted({gram[:size] for gram in many for size in range(1, 6)} | set("0123456789"), key=len)
    with pytest.raises(ValueError, match="fewer rows"):
        tokenizer.build(vocabulary + [gram + "x" for gram in many])


def test_rules_rewrite_what_they_say_and_nothing_else() -> None:
    random_letters = random.Random(3)
    keys = {
        "".join(random_letters.choices("abcdёжሀሁ一丁", k=1)) + mark for mark in map(chr, range(0x300, 0x36F)) for _ in range(20)
    }
    rules = {key: f"<{number}>" for number, key in enumerate(sorted(keys))}
    rewrite = normalizers.Precompiled(compile_rules(rules))
    assert all(rewrite.normalize_str(key) == value for key, value in rules.items())
    assert rewrite.normalize_str("xyz 日") == "xyz 日"


def test_rows_are_the_sums_of_their_beginnings() -> None:
    vocabulary = ["a", "b", "ab", "abc", "abcd", "ሀ", "ሀለ", "ሀለመ"]
    parts = features.beginnings(vocabulary)
    weight = np.eye(len(vocabulary), dtype=np.float32)
    rows = export.summed(weight, parts)
    named = [{vocabulary[place] for place in np.flatnonzero(row)} for row in rows]
    assert named == [{"a"}, {"b"}, {"ab"}, {"abc"}, {"abc", "abcd"}, {"ሀ"}, {"ሀለ"}, {"ሀለ", "ሀለመ"}]


def test_eight_bits_lose_less_than_half_a_step() -> None:
    weight = np.random.default_rng(0).normal(size=(50, 16)).astype(np.float32)
    weight[7] = 0
    stored = export.quantised(weight)
    restored = stored["embeddings"].astype(np.float32) * stored["weights"][:, None]
    step = np.abs(weight).max(axis=1, keepdims=True) / 127
    assert (np.abs(restored - weight) <= step / 2 + 1e-6).all()


def test_bags_take_and_thin() -> None:
    bags = features.Bags(np.array([1, 2, 3, 4, 5], dtype=np.int32), np.array([0, 2, 2, 5]))
    taken = bags.take(np.array([2, 0, 1, 2]))
    assert taken.ids.tolist() == [3, 4, 5, 1, 2, 3, 4, 5]
    assert taken.starts.tolist() == [0, 3, 5, 5, 8]
    none = taken.thinned(1.0, np.random.default_rng(0))
    assert none.ids.tolist() == []
    assert none.starts.tolist() == [0, 0, 0, 0, 0]


def test_pairs_of_rows_are_translations_in_two_languages() -> None:
    rows = np.array([[0, 1, -1, -1, -1], [2, 3, 4, 5, 6], [7, -1, -1, -1, -1]], dtype=np.int32)
    drawn = pairs.of_rows(rows, np.random.default_rng(0))
    found = [{int(a), int(b)} for a, b in zip(drawn.left, drawn.right, strict=True)]
    assert len(found) == 3  # a row of one language gives none, a row of five gives two
    assert {0, 1} in found
    assert all(len(pair) == 2 and (pair == {0, 1} or pair <= {2, 3, 4, 5, 6}) for pair in found)


def test_pairs_of_an_entry_share_their_key_and_never_pair_a_text_with_itself() -> None:
    labelled = [
        ("a", "nl", "een"),
        ("a", "en", "one"),
        ("a", "ti", "ሓደ"),
        ("b", "nl", "twee"),
        ("b", "en", "two"),
        ("c", "nl", "alleen"),
    ]
    drawn = pairs.Entries(labelled, corpora.Texts()).pairs(5, np.random.default_rng(0))
    assert len(drawn) == 25
    assert all(left != right and (left < 3) == (right < 3) for left, right in zip(drawn.left, drawn.right, strict=True))
    assert {(int(left) < 3, int(key)) for left, key in zip(drawn.left, drawn.left_key, strict=True)} == {(True, -1), (False, -2)}


def test_kaart_texts_come_with_their_kind(world: Path) -> None:
    found = corpora.read_kaart(world / "kaart")
    assert Passage("fietsen", "nl", "name", lexicon()["nl"][30]) in found
    assert Counter(passage.kind for passage in found) == {"name": 10, "summary": 10, "question": 100}


@given(text=st.text(st.sampled_from("abcde ")), seed=st.integers(0, 1000))
def test_noise_keeps_a_text_a_text(text: str, seed: int) -> None:
    result = noisy(text, np.random.default_rng(seed))
    assert bool(result) == bool(text.split())
    assert len(result.split()) <= len(text.split())


def test_noise_mistypes_and_leaves_out() -> None:
    text = "waar kan ik gratis nederlands leren"
    heard = {noisy(text, np.random.default_rng(seed)) for seed in range(50)}
    assert len(heard) > 25
    assert any(set(result.split()) - set(text.split()) for result in heard)
    assert any(len(result.split()) < 6 for result in heard)


def test_figures_are_plain_json(figures: dict[str, object]) -> None:
    json.dumps({key: value for key, value in figures.items() if key != "folder"})
