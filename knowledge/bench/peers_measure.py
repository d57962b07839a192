"""What is measured of each peer, in the same way for all: see `knowledge/peers.py`.

A peer is asked once with all questions: the ones to measure on, and the ones that its calibration is fitted on. The zones come
from our own calibration, fitted on the peer's own scores, so that all pay the same two costs for the same mistakes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from threadpoolctl import threadpool_limits

from knowledge.calibration import Calibration, Example, Features, fit
from knowledge.evaluation import Metrics, Outcome, Row, evaluate
from knowledge.passages import Passage

Scores = npt.NDArray[np.float32]

ALL: Final = "all"
"""The column of all languages together."""
KINDS: Final = ("in", "ood")
"""The rows of an evaluation file that every peer can be asked."""


@dataclass(frozen=True)
class Question:
    """A text and its language, which is told, not detected, so that no peer is charged for another's mistake."""

    language: str
    text: str


@dataclass(frozen=True)
class Ranked:
    """All entries, best first, how sure that is, and how many milliseconds of the processor's time it took."""

    entries: tuple[str, ...]
    features: Features
    milliseconds: float


@dataclass(frozen=True)
class Answers:
    """What a peer makes of all questions, in their order, and how many megabytes (10^6 bytes) its model and index take."""

    ranked: Sequence[Ranked]
    megabytes: float


@dataclass(frozen=True)
class Peer:
    """A way of searching; `learned` says what it was trained on."""

    name: str
    learned: str
    ask: Callable[[Sequence[Question]], Answers]


@dataclass(frozen=True)
class Trial:
    """What all peers are given: the texts to search in, the rows to measure on, the questions to calibrate on."""

    texts: Sequence[Passage]
    rows: Sequence[Row]
    practice: Sequence[tuple[Question, str | None]]
    """Each with its entry, None where the kaart has no answer."""

    @property
    def questions(self) -> list[Question]:
        """The rows to measure on, then the questions to calibrate on."""
        return [Question(row.lang, row.text) for row in self.rows] + [question for question, _ in self.practice]


@dataclass(frozen=True)
class Standing:
    """The measures of one peer: shares per language and of `all`, median milliseconds per measured question, megabytes."""

    name: str
    learned: str
    metrics: Mapping[str, Metrics]
    milliseconds: float
    megabytes: float

    def as_plain(self) -> dict[str, object]:
        """As JSON values."""
        return {**asdict(self), "metrics": {language: asdict(metrics) for language, metrics in self.metrics.items()}}


def trial(passages: Sequence[Passage], rows: Iterable[Row], unanswerable: Iterable[tuple[str, str]]) -> Trial:
    """The passages that are not development ones; the rows of the kinds that count; and the development questions, without those
    whose very words stand among the texts, with the `unanswerable` (language, question) pairs."""
    texts = [passage for passage in passages if not passage.development]
    known = {passage.text.casefold() for passage in texts}
    asked = [passage for passage in passages if passage.development and passage.text.casefold() not in known]
    practice: list[tuple[Question, str | None]] = [(Question(each.language, each.text), each.entry_id) for each in asked]
    practice += [(Question(language, text), None) for language, text in unanswerable]
    return Trial(texts, [row for row in rows if row.kind in KINDS], practice)


def stand(peer: Peer, given: Trial) -> Standing:
    """Ask the peer all questions and measure it."""
    answers = peer.ask(given.questions)
    measured, practised = answers.ranked[: len(given.rows)], answers.ranked[len(given.rows) :]
    curves = calibrated(given.practice, practised)
    outcomes = {row.qid: _outcome(row, ranked, curves) for row, ranked in zip(given.rows, measured, strict=True)}
    known = {passage.entry_id for passage in given.texts}
    together = [replace(row, lang=ALL) for row in given.rows]
    metrics = evaluate([*given.rows, *together], lambda row, _: outcomes[row.qid], known)
    milliseconds = float(np.median([ranked.milliseconds for ranked in measured])) if measured else 0.0
    return Standing(peer.name, peer.learned, metrics, milliseconds, answers.megabytes)


def calibrated(practice: Sequence[tuple[Question, str | None]], answers: Sequence[Ranked]) -> Calibration:
    """Our calibration, fitted on a peer's answers to these questions and their entries."""
    return fit(
        [
            Example(question.language, ranked.features, ranked.entries[0] == entry, entry in ranked.entries[:3])
            for (question, entry), ranked in zip(practice, answers, strict=True)
        ]
    )


def best_first(entries: Sequence[str], scores: Scores) -> tuple[tuple[str, ...], Features]:
    """The entries of these scores [entries], best first, and how sure that is: by the scores alone, with nothing of letters.
    Equal scores keep the order of the kaart."""
    order = np.argsort(-scores, kind="stable")
    first, second, third = [*(float(scores[at]) for at in order[:3]), 0.0, 0.0, 0.0][:3]
    return tuple(entries[at] for at in order), Features(first, first - second, third, lexical=0.0, lexical_lead=0.0, outside=0.0)


def one_by_one(questions: Sequence[Question], rank: Callable[[Question], tuple[tuple[str, ...], Features]]) -> list[Ranked]:
    """Each question ranked by itself on one core, with the processor's time that it took: others may be at work beside it."""
    ranked = []
    with one_core():
        for question in questions:
            started = time.process_time()
            entries, features = rank(question)
            ranked.append(Ranked(entries, features, (time.process_time() - started) * 1000))
    return ranked


@contextmanager
def one_core() -> Iterator[None]:
    """Inside it, torch and the matrices of numpy use one core."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with threadpool_limits(limits=1):
            yield
    finally:
        torch.set_num_threads(before)


def _outcome(row: Row, ranked: Ranked, curves: Calibration) -> Outcome:
    zone, _ = curves.zone(row.lang, ranked.features)
    return Outcome(language=row.lang, zone=zone, entries=ranked.entries)
