"""From scores to probabilities, and from probabilities to one of three zones.

Per language two logistic curves are fitted on held-out questions of the kaart and on questions it cannot answer:
how sure it is that the first entry is right, and that one of the first three is. The zone is the one that costs least.

A language with few examples uses the curves of all languages together. A kaart with few examples, such as a new one, has no
curves: it is cautious, so it asks back and answers nothing by itself. The manifest of an index says which of these holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict
from sklearn.linear_model import LogisticRegression

Zone = Literal["answer", "ask_back", "person"]

WRONG_ANSWER, ASK_BACK, PERSON = 5.0, 1.0, 2.5
"""Costs, relative: a wrong answer sends someone to the wrong desk; asking back costs a tap; a person costs a wait."""

FEWEST = 5
"""A language, and all of them together, have curves from so many right and so many wrong examples on."""


@dataclass(frozen=True)
class Features:
    """What a ranking tells about how sure it is: the best score, its lead over the next, the score of the third; how far the
    letters bear out the meaning: the lexical score of the first entry and its lead over that of any other; and how close in
    meaning the nearest question is that no kaart answers."""

    top: float
    lead: float
    third: float
    lexical: float
    lexical_lead: float
    outside: float

    def row(self) -> list[float]:
        return [self.top, self.lead, self.third, self.lexical, self.lexical_lead, self.outside]


@dataclass(frozen=True)
class Example:
    """One calibration question: its features and whether the right entry came first, or in the first three. `entry_id` is empty
    for a question that the kaart cannot answer."""

    language: str
    features: Features
    first: bool
    in_three: bool
    entry_id: str = ""


class Curve(BaseModel):
    """A logistic curve: weights for the features and an intercept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    weights: tuple[float, ...]
    intercept: float

    def probability(self, features: Features) -> float:
        """Between 0 and 1."""
        logit = self.intercept + float(np.dot(self.weights, features.row()))
        return float(1 / (1 + np.exp(-np.clip(logit, -30, 30))))


class Calibration(BaseModel):
    """The curves per language, and on how many examples each was fitted; `""` serves a language that has none of its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    first: dict[str, Curve]
    in_three: dict[str, Curve]
    examples: dict[str, int]
    cautious: bool = False
    """There were too few examples for any curve: nobody knows how sure a ranking is, so nothing is answered."""

    def zone(self, language: str | None, features: Features) -> tuple[Zone, float]:
        """The cheapest zone, and the probability that the first entry is right; 0 as long as nobody knows it."""
        if self.cautious:
            return "ask_back", 0.0
        code = language if language in self.first else ""
        first = self.first[code].probability(features)
        in_three = max(first, self.in_three[code].probability(features))
        return cheapest(first, in_three), first


def cheapest(first: float, in_three: float) -> Zone:
    """The zone with the lowest expected cost for these probabilities."""
    costs: dict[Zone, float] = {
        "answer": WRONG_ANSWER * (1 - first),
        "ask_back": ASK_BACK + PERSON * (1 - in_three),
        "person": PERSON,
    }
    return min(costs, key=lambda zone: costs[zone])


def fit(examples: Sequence[Example]) -> Calibration:
    """Fit the curves; `""` is fitted on all languages together.

    A language with too few right or wrong examples gets no curve of its own; when all together are too few, there are none.
    """
    languages = sorted({example.language for example in examples})
    per_language = {"": list(examples)} | {code: [e for e in examples if e.language == code] for code in languages}
    per_language = {code: chosen for code, chosen in per_language.items() if _tell(chosen)}
    if "" not in per_language:
        return no_curves(len(examples))
    return Calibration(
        first={code: _curve([(e.features, e.first) for e in chosen]) for code, chosen in per_language.items()},
        in_three={code: _curve([(e.features, e.in_three) for e in chosen]) for code, chosen in per_language.items()},
        examples={code: len(chosen) for code, chosen in per_language.items()},
    )


def no_curves(examples: int) -> Calibration:
    """For a kaart of which nobody can tell how sure a ranking is: it asks back, always. `examples` is how many there were."""
    return Calibration(first={}, in_three={}, examples={"": examples}, cautious=True)


def _tell(examples: Sequence[Example]) -> bool:
    right, right_in_three = sum(e.first for e in examples), sum(e.in_three for e in examples)
    return right >= FEWEST and len(examples) - right_in_three >= FEWEST


def _curve(examples: Sequence[tuple[Features, bool]]) -> Curve:
    model = LogisticRegression(C=10.0, max_iter=1000)
    model.fit([features.row() for features, _ in examples], [right for _, right in examples])
    return Curve(weights=tuple(float(w) for w in model.coef_[0]), intercept=float(model.intercept_[0]))
