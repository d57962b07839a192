"""Learns how messages of danger are worded: `python -m knowledge.training.danger KAART ...`.

Reads `danger/<language>.tsv` beside this file (header `kind text`; kind `none` is harmless): messages that were written to learn
from. Ordinary questions of the kaarten are harmless too, but for those about entries where danger may be near; so are questions
that no kaart answers, and what people say to the bot. Writes
knowledge/alarm.npz. From which probability on there is an alarm is read off written messages, each judged by what was learned
from the others (five-fold): 96 % of the harmless ones are left in peace.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import yaml
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from knowledge.alarm import KINDS, MODEL, SIZE, Alarm, Weights, count, weigh
from knowledge.build import read_unanswerable
from knowledge.training.corpora import read_kaart

MESSAGES: Final = Path(__file__).parent / "danger"
SMALL_TALK: Final = Path(__file__).parents[2] / "bot/data/nlu"
NEAR: Final = frozenset({"emergency", "home_relations", "health"})
"""Themes of entries whose questions may tell of danger."""
FOLDS: Final = 5
ORDINARY: Final = 0.15
"""Weight of an ordinary question beside a written message: there are many, and they are easily told apart."""
QUIET: Final = 0.96
_STRENGTH: Final = 4.0  # inverse of the regularisation


@dataclass(frozen=True)
class Message:
    """One written message; `kind` is one of KINDS or `none`."""

    language: str
    kind: str
    text: str


def read_messages(folder: Path = MESSAGES) -> list[Message]:
    """All messages, in a fixed order."""
    rows = ((path.stem, line) for path in sorted(folder.glob("*.tsv")) for line in path.read_text("utf-8").splitlines()[1:])
    return [Message(language, *line.split("\t")) for language, line in rows]


def read_ordinary(kaart: Path) -> list[str]:
    """Questions of a kaart that are not kept for development, without those of entries near to danger."""
    near = {path.stem for path in (kaart / "entries").glob("*.yaml") if NEAR & set(yaml.safe_load(path.read_bytes())["themes"])}
    asked = (passage for passage in read_kaart(kaart) if passage.kind == "question" and not passage.development)
    return [passage.text for passage in asked if passage.entry_id not in near]


def read_small_talk(folder: Path = SMALL_TALK) -> list[str]:
    """What people say to the bot itself (the examples that it learns from), and questions that no kaart answers."""
    files = [yaml.safe_load(path.read_bytes())["nlu"] for path in sorted(folder.glob("*.yml"))]
    said = [line.removeprefix("- ") for intents in files for intent in intents for line in intent["examples"].splitlines()]
    return [*said, *(text for _, text in read_unanswerable())]


def learn(messages: Sequence[Message], ordinary: Sequence[str] = ()) -> Alarm:
    """The numbers for these messages and ordinary questions; the same ones give the same numbers."""
    counts = count([*(message.text for message in messages), *ordinary])
    rarity = _rarity(counts)
    rows = weigh(counts, rarity)
    kinds = np.array([*(message.kind for message in messages), *["none"] * len(ordinary)])
    dangerous, written = kinds != "none", np.arange(len(kinds)) < len(messages)
    weights = np.where(written, 1.0, ORDINARY)
    model = _model().fit(rows, dangerous, sample_weight=weights)
    which = _model().fit(rows[dangerous], kinds[dangerous])
    order = [list(which.classes_).index(kind) for kind in KINDS]
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=1)
    by_others = {"cv": folds, "method": "predict_proba", "params": {"sample_weight": weights}}
    seen_by_others = cross_val_predict(_model(), rows, dangerous, **by_others)[:, 1]
    intercepts = np.concatenate([model.intercept_, which.intercept_[order]]).astype(np.float32)
    return Alarm(
        rarity,
        model.coef_[0].astype(np.float32),
        which.coef_[order].astype(np.float32),
        intercepts,
        alarm_from=float(np.quantile(seen_by_others[written & ~dangerous], QUIET)),
    )


def _model() -> LogisticRegression:
    return LogisticRegression(C=_STRENGTH, max_iter=3000)


def _rarity(counts: csr_matrix) -> Weights:
    """How rare each place is [SIZE]; a place that one message hits, or none, tells nothing."""
    hit: npt.NDArray[np.int64] = np.bincount(counts.indices, minlength=SIZE)
    rarity: Weights = np.where(hit > 1, np.log((1 + counts.shape[0]) / (1 + hit)) + 1, 0).astype(np.float32)
    return rarity


def main() -> None:
    """Read, learn, write, and tell."""
    messages = read_messages()
    ordinary = [*read_small_talk(), *(text for folder in sys.argv[1:] for text in read_ordinary(Path(folder)))]
    alarm = learn(messages, ordinary)
    alarm.save(MODEL)
    sys.stdout.write(
        f"{len(messages)} messages, {len(ordinary)} questions; {MODEL.stat().st_size} bytes in {MODEL.name}; "
        f"alarm from {alarm.alarm_from:.2f}\n"
    )


if __name__ == "__main__":
    main()
