"""How an encoder learns: a text comes nearer to its translation than to others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from knowledge.training.corpora import Texts
from knowledge.training.features import Bags, tokenise
from knowledge.training.noise import noisy
from knowledge.training.pairs import Pairs
from knowledge.training.romanisation import romanised
from knowledge.training.teacher import Lessons

Shape = Literal["ngrams", "pieces", "transformer"]
"""What a text is made of: rows of frequent character n-grams, rows of byte-pair pieces of words, or pieces with attention."""


@dataclass(frozen=True)
class Recipe:
    """The numbers of a training run; two runs with the same recipe and texts give the same table on one kind of processor."""

    shape: Shape = "ngrams"
    seed: int = 1
    epochs: int = 8
    rows: int = 110_000
    dimension: int = 256
    batch: int = 1024
    learning_rate: float = 0.003
    scale: float = 20.0  # inverse temperature of the softmax over the batch
    thinning: float = 0.15  # share of n-grams left out at random
    noise: float = 0.2  # share of texts mistyped
    romanised: float = 0.25  # share of those that is written in Latin letters instead, where the language has others
    kaart_rounds: int = 3  # times each text of the kaart is drawn in an epoch
    teaching: float = 3.0  # weight of the distance to the teacher's vectors, where there is a teacher


class Source:
    """Bags of n-grams for text numbers, with noise."""

    def __init__(self, texts: Texts, bags: Bags, parts: Bags, tokenizer: Tokenizer, recipe: Recipe) -> None:
        self._texts, self._bags, self._parts, self._tokenizer, self._recipe = texts, bags, parts, tokenizer, recipe

    def noisy(self, numbers: npt.NDArray[np.int64], random: np.random.Generator) -> Bags:
        """The bags of these texts; the last ones, a share, mistyped; n-grams thinned out in all."""
        count = int(len(numbers) * self._recipe.noise)
        kept = self._bags.take(numbers[: len(numbers) - count])
        typed = [self._typed(number, random) for number in numbers[len(numbers) - count :]]
        mistyped = tokenise(self._tokenizer, typed, self._parts)
        return kept.followed_by(mistyped).thinned(self._recipe.thinning, random)

    def _typed(self, number: np.int64, random: np.random.Generator) -> str:
        text = self._texts.texts[number]
        if random.random() < self._recipe.romanised:
            text = romanised(text, self._texts.languages[number], random)
        return noisy(text, random)


class Body(Protocol):
    """What makes vectors of bags, and learns; a torch module."""

    def __call__(self, bags: Bags) -> torch.Tensor:
        """[bags, dimension], of any length."""

    def optimiser(self, rate: float) -> torch.optim.Optimizer:
        """What changes the weights, at this rate at first."""

    def to(self, device: torch.device) -> object:
        """Moves the weights there."""

    def state_dict(self) -> Mapping[str, Any]:
        """The weights."""

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> object:
        """Takes over weights."""


class Learner:
    """A body with its optimiser."""

    def __init__(
        self, recipe: Recipe, body: Body, device: torch.device, learned_from: str, lessons: Lessons | None = None
    ) -> None:
        """`learned_from` tells one collection of texts from another: no run goes on with the checkpoint of another one."""
        self.recipe, self.device = recipe, device
        self._identity = {**recipe.__dict__, "learned_from": learned_from, "taught": lessons is not None}
        self._of = lessons.of if lessons else None
        self._taught = torch.from_numpy(lessons.vectors).to(device) if lessons else torch.zeros(0)
        self._body = body
        body.to(device)
        self._optimiser = body.optimiser(recipe.learning_rate)

    def encode(self, bags: Bags) -> torch.Tensor:
        """Unit rows [bags, dimension]."""
        return F.normalize(self._body(bags), dim=1)

    def step(self, left: Bags, right: Bags, pairs: Pairs) -> float:
        """One step of learning from one batch; the loss before it."""
        ours, others = self.encode(left), self.encode(right)
        scores = self.recipe.scale * ours @ others.T
        scores = scores.masked_fill(self._same(pairs), -torch.inf)
        target = torch.arange(len(pairs), device=self.device)
        loss = (F.cross_entropy(scores, target) + F.cross_entropy(scores.T, target)) / 2
        taught = self._astray(ours, pairs.left) + self._astray(others, pairs.right)
        self._optimiser.zero_grad()
        (loss + self.recipe.teaching * taught).backward()  # type: ignore[no-untyped-call]
        self._optimiser.step()
        return float(loss.detach())

    def _astray(self, vectors: torch.Tensor, numbers: npt.NDArray[np.int64]) -> torch.Tensor:
        """How far these texts are from what the teacher says of them: 1 - cosine, on average; 0 without a teacher."""
        known = self._of[numbers] if self._of is not None else np.zeros(0, np.int64)
        taught = np.flatnonzero(known >= 0)
        if not len(taught):
            return vectors.new_zeros(())
        wanted = self._taught[torch.from_numpy(known[taught]).to(self.device)]
        return (1 - (vectors[torch.from_numpy(taught).to(self.device)] * wanted).sum(dim=1)).mean()

    def _same(self, pairs: Pairs) -> torch.Tensor:
        """Which texts of a batch are no negatives of each other though they are no pair either."""
        left, right = (torch.from_numpy(key).to(self.device) for key in (pairs.left_key, pairs.right_key))
        return ((left[:, None] == left) | (right[:, None] == right)).fill_diagonal_(False)

    def epoch(self, pairs: Pairs, source: Source, random: np.random.Generator, done: float) -> Iterator[float]:
        """The losses of one pass over the pairs; `done`: epochs before this one."""
        steps = len(pairs) // self.recipe.batch
        for step in range(steps):
            left_to_do = 1 - (done + step / steps) / self.recipe.epochs
            for group in self._optimiser.param_groups:
                group["lr"] = self.recipe.learning_rate * max(0.02, left_to_do)
            batch = pairs.pick(slice(step * self.recipe.batch, (step + 1) * self.recipe.batch))
            yield self.step(source.noisy(batch.left, random), source.noisy(batch.right, random), batch)

    def save(self, path: Path, epoch: int) -> None:
        """Write everything that going on from here needs."""
        state = {
            "run": self._identity,
            "epoch": epoch,
            "body": self._body.state_dict(),
            "optimiser": self._optimiser.state_dict(),
        }
        torch.save(state, path.with_suffix(".part"))
        path.with_suffix(".part").replace(path)

    def resume(self, path: Path) -> int:
        """Take over a checkpoint of the same run, if there is one: the number of epochs done."""
        if not path.exists():
            return 0
        state = torch.load(path, map_location=self.device, weights_only=True)
        if state["run"] != self._identity:
            return 0
        self._body.load_state_dict(state["body"])
        self._optimiser.load_state_dict(state["optimiser"])
        return int(state["epoch"])
