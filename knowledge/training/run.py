"""The way from corpora and kaart to a shipped folder, step by step."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from knowledge.encoder import Model, load_encoder
from knowledge.passages import Passage
from knowledge.training import evaluation, export, features, ngrams, pairs, pieces
from knowledge.training.corpora import Rows, Texts, read_kaart, read_rows, split
from knowledge.training.learner import Body, Learner, Recipe, Source
from knowledge.training.romanisation import SPELLINGS, romanised
from knowledge.training.table import Table
from knowledge.training.teacher import Lessons, lessons
from knowledge.training.tokenizer import build
from knowledge.training.transformer import Attention

_WEIGHTS = {"ti": 2.0}
"""Tigrinya has the least text: its n-grams count double when the vocabulary is chosen."""


@dataclass(frozen=True)
class Material:
    """All that is learned from and measured on."""

    texts: Texts
    rows: Rows
    development: Rows
    entries: pairs.Entries
    passages: Sequence[Passage]


def gather(corpora: Path, kaarten: Sequence[Path] = ()) -> Material:
    """Read the corpora and the texts of the kaarten; their development questions are measured on, never learned from."""
    texts = Texts()
    rows, development = split(read_rows(corpora), texts)
    passages = [passage for kaart in kaarten for passage in read_kaart(kaart)]
    labelled = ((piece.entry_id, piece.language, piece.text) for piece in passages if not piece.development)
    return Material(texts, rows, development, pairs.Entries(labelled, texts), passages)


def vocabulary(material: Material, rows: int) -> list[str]:
    """The n-grams that get a row."""
    return ngrams.choose({language: ngrams.count(texts) for language, texts in _spelled(material).items()}, _WEIGHTS, rows)


@dataclass(frozen=True)
class Shaped:
    """A body to learn, and how texts become bags for it: the tokenizer, and which numbers each of its tokens stands for."""

    body: Body
    parts: features.Bags
    tokenizer: Tokenizer
    write: Callable[[Path], None]
    """Writes what was learned as a folder that sentence-transformers loads."""


def shaped(material: Material, recipe: Recipe, begin: Path | None = None) -> Shaped:
    """In the shape of the recipe; a transformer begins with the table of pieces in the folder `begin`."""
    torch.manual_seed(recipe.seed)
    if recipe.shape == "transformer":
        if begin is None:
            raise ValueError("a transformer begins with a table of pieces: say where that is with --begin")
        body = Attention(begin)
        return Shaped(body, features.alone(body.pieces), body.tokenizer, body.write)
    parts, tokenizer = _tokens(material, recipe)
    table = Table(recipe.rows, recipe.dimension)
    return Shaped(table, parts, tokenizer, lambda folder: export.write(folder, table.weight, parts, tokenizer))


def _tokens(material: Material, recipe: Recipe) -> tuple[features.Bags, Tokenizer]:
    if recipe.shape == "ngrams":
        grams = vocabulary(material, recipe.rows)
        return features.beginnings(grams), build(grams)
    by_language = _spelled(material)
    texts = (text for name, texts in by_language.items() for text in texts * int(_WEIGHTS.get(name, 1)))
    tokenizer = pieces.build(texts, recipe.rows)
    return features.alone(tokenizer.get_vocab_size()), tokenizer


def learn(material: Material, source: Source, learner: Learner, checkpoint: Path) -> Iterator[tuple[int, float]]:
    """(epoch, mean loss) after every epoch, each with its checkpoint; goes on from the checkpoint that is there."""
    for epoch in range(learner.resume(checkpoint), learner.recipe.epochs):
        random = np.random.default_rng([learner.recipe.seed, epoch])
        drawn = pairs.shuffled(
            [pairs.of_rows(material.rows, random), material.entries.pairs(learner.recipe.kaart_rounds, random)], random
        )
        losses = list(learner.epoch(drawn, source, random, done=epoch))
        learner.save(checkpoint, epoch + 1)
        yield epoch + 1, float(np.mean(losses))


def measure(folder: Path, material: Material) -> dict[str, object]:
    """The figures of a shipped folder, loaded as everyone loads it."""
    encoder = load_encoder(Model(str(folder)))
    return {
        "development_sentences": len(material.development),
        "translation_first": evaluation.translations(encoder, material.development, material.texts.texts),
        "development_questions": sum(passage.development for passage in material.passages),
        "right_entry_first": evaluation.questions(encoder, material.passages),
    }


def train(
    material: Material,
    recipe: Recipe,
    device: torch.device,
    folder: Path,
    checkpoint: Path,
    tell: Callable[[str], None],
    teacher: Path | None = None,
    begin: Path | None = None,
) -> None:
    """Train and write the folder; `tell` hears how far it is. `teacher`: folder of an English encoder to learn from too.

    `begin`: folder of the table of pieces that a transformer begins with.
    """
    tell(f"shape: {recipe.shape}")
    shape = shaped(material, recipe, begin)
    tell(f"{shape.tokenizer.get_vocab_size()} tokens; taking the texts apart")
    source = _source(material, shape.parts, shape.tokenizer, recipe)
    lessons = _taught(material, recipe, checkpoint, tell, teacher)
    learner = Learner(recipe, shape.body, device, _checksum(material), lessons)
    tell(f"{len(material.rows)} rows and {len(material.passages)} texts of the kaart; learning on {device}")
    for epoch, loss in learn(material, source, learner, checkpoint):
        tell(f"epoch {epoch} of {recipe.epochs}: loss {loss:.3f}")
    shape.write(folder)


def _checksum(material: Material) -> str:
    """12 hex digits over everything that is learned from."""
    digest = hashlib.sha256("\n".join(material.texts.texts).encode())
    digest.update(material.rows.tobytes())
    digest.update("\n".join(passage.entry_id for passage in material.passages).encode())
    return digest.hexdigest()[:12]


def _spelled(material: Material) -> dict[str, list[str]]:
    """All texts but the development set by language, and in Latin letters those of languages with other ones."""
    random = np.random.default_rng(0)
    held_out = set(material.development.ravel().tolist())
    by_language: dict[str, list[str]] = defaultdict(list)
    for number, (language, text) in enumerate(zip(material.texts.languages, material.texts.texts, strict=True)):
        if number not in held_out:
            by_language[language].append(text)
            if language in SPELLINGS:
                by_language[f"{language} in Latin letters"].append(romanised(text, language, random))
    return by_language


def _taught(
    material: Material, recipe: Recipe, checkpoint: Path, tell: Callable[[str], None], teacher: Path | None
) -> Lessons | None:
    if teacher is None:
        return None
    kept = checkpoint.with_name("teacher.npz")
    return lessons(material.texts, material.rows, teacher, recipe.dimension, kept, tell)


def _source(material: Material, parts: features.Bags, tokenizer: Tokenizer, recipe: Recipe) -> Source:
    bags = features.tokenise(tokenizer, material.texts.texts, parts)
    return Source(material.texts, bags, parts, tokenizer, recipe)
