"""How far probabilities can be trusted: calibrated on four fifths of the questions and judged on the other, five times over."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.isotonic import IsotonicRegression

from knowledge.calibration import Calibration, Example, Zone, cheapest, fit

Numbers = npt.NDArray[np.float64]

FOLDS = 5
BINS = 10


@dataclass(frozen=True)
class Sureness:
    """Shares from 0 to 1. Of questions that the kaart answers: `answered`, `wrong` (answered with another entry), `asked` (asked
    back) and `held` (of those, the right one among three). Of others: `false` (answered). `brier`: mean squared distance
    between probability and outcome. `error`: their mean distance over ten bins (expected calibration error)."""

    questions: int
    answered: float
    wrong: float
    asked: float
    held: float
    false: float
    brier: float
    error: float


@dataclass(frozen=True)
class _Judged:
    example: Example
    probability: float
    zone: Zone


def judge(examples: Sequence[Example], *, isotonic: bool = False) -> dict[str, Sureness]:
    """Per language and over `all`. `isotonic`: steps over the score instead of a logistic curve over all features."""
    judged: dict[str, list[_Judged]] = defaultdict(list)
    for fold in range(FOLDS):
        learned = [example for example in examples if _fold(example) != fold]
        decide = _Steps(learned) if isotonic else _Curves(fit(learned))
        for example in (example for example in examples if _fold(example) == fold):
            one = decide.judge(example)
            judged[example.language].append(one)
            judged["all"].append(one)
    return {language: _measure(some) for language, some in judged.items()}


class _Curves:
    def __init__(self, calibration: Calibration) -> None:
        self._calibration = calibration

    def judge(self, example: Example) -> _Judged:
        zone, probability = self._calibration.zone(example.language, example.features)
        return _Judged(example, probability, zone)


class _Steps:
    """Isotonic regression over the lead and the best score together, per language."""

    def __init__(self, examples: Sequence[Example]) -> None:
        languages = {example.language for example in examples}
        self._first = {code: _isotonic([(_single(e), e.first) for e in examples if e.language == code]) for code in languages}
        self._three = {code: _isotonic([(_single(e), e.in_three) for e in examples if e.language == code]) for code in languages}

    def judge(self, example: Example) -> _Judged:
        score = [_single(example)]
        first = float(self._first[example.language].predict(score)[0])
        three = max(first, float(self._three[example.language].predict(score)[0]))
        return _Judged(example, first, cheapest(first, three))


def _single(example: Example) -> float:
    return example.features.top + 2 * example.features.lead


def _isotonic(pairs: Sequence[tuple[float, bool]]) -> IsotonicRegression:
    return IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(*zip(*pairs, strict=True))


def _fold(example: Example) -> int:
    """By entry, so that questions alike are not on both sides; questions without an entry by themselves."""
    return zlib.crc32(repr(example.entry_id or example.features).encode()) % FOLDS


def _measure(judged: Sequence[_Judged]) -> Sureness:
    inside = [each for each in judged if each.example.entry_id]
    outside = [each for each in judged if not each.example.entry_id]
    asked = [each for each in inside if each.zone == "ask_back"]
    outcome = np.array([each.example.first for each in judged], dtype=float)
    probability = np.array([each.probability for each in judged])
    return Sureness(
        questions=len(judged),
        answered=_share([each.zone == "answer" for each in inside]),
        wrong=_share([each.zone == "answer" and not each.example.first for each in inside]),
        asked=_share([each.zone == "ask_back" for each in inside]),
        held=_share([each.example.in_three for each in asked]),
        false=_share([each.zone == "answer" for each in outside]),
        brier=float(np.mean((probability - outcome) ** 2)),
        error=_calibration_error(probability, outcome),
    )


def _calibration_error(probability: Numbers, outcome: Numbers) -> float:
    bins = np.minimum((probability * BINS).astype(int), BINS - 1)
    gaps = [(bins == at).mean() * abs(probability[bins == at].mean() - outcome[bins == at].mean()) for at in set(bins.tolist())]
    return float(sum(gaps))


def _share(values: Sequence[bool]) -> float:
    return float(np.mean(values)) if values else 0.0
