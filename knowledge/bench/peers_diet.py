"""DIET, Rasa's own intent classifier, as a peer: one intent per entry, trained and asked in the bot's environment."""

from __future__ import annotations

import json
import os
import subprocess
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np

from knowledge.bench.peers_kinds import MEGABYTE, PeerMissing
from knowledge.bench.peers_measure import Answers, Question, Ranked, best_first
from knowledge.passages import Passage

SCRIPT: Final = Path(__file__).with_name("peers_rasa.py")
PYTHON: Final = Path("bot/.venv/bin/python")
EPOCHS: Final = 4
QUIET: Final = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
ONE_CORE: Final = {"TF_INTRA_OP_PARALLELISM_THREADS": "1", "TF_INTER_OP_PARALLELISM_THREADS": "1", "OMP_NUM_THREADS": "1"}
TOLD: Final = 2000
"""So many characters of the end of what Rasa said are told when it fails."""


@dataclass(frozen=True)
class Rasa:
    """The bot's environment, and how often DIET sees every question."""

    python: Path = PYTHON
    epochs: int = EPOCHS


def diet(texts: Sequence[Passage], questions: Sequence[Question], rasa: Rasa) -> Answers:
    """DIET, trained on the questions among the texts. Its scores are its confidences, 0 for an entry without a question.

    Raises:
        PeerMissing: the bot's environment is not there, or Rasa fails.
    """
    if not rasa.python.is_file():
        raise PeerMissing(f"{rasa.python} is not there; `make setup` makes the bot's environment")
    with TemporaryDirectory() as name:
        folder = Path(name)
        examples = [{"text": passage.text, "intent": passage.entry_id} for passage in texts if passage.kind == "question"]
        (folder / "examples.json").write_text(json.dumps(examples), encoding="utf-8")
        (folder / "questions.json").write_text(json.dumps([question.text for question in questions]), encoding="utf-8")
        # Rasa would keep its cache in the folder that this runs in.
        cache = {"RASA_CACHE_DIRECTORY": str(folder / "cache")}
        _run(rasa.python, cache, "train", str(folder), str(rasa.epochs))
        _run(rasa.python, ONE_CORE, "ask", str(folder))
        return Answers(ranked(texts, folder / "answers.jsonl"), _unpacked(folder / "diet.tar.gz"))


def ranked(texts: Sequence[Passage], answers: Path) -> list[Ranked]:
    """The answers that the script wrote, as rankings of all entries of the texts."""
    entries = list(dict.fromkeys(passage.entry_id for passage in texts))
    rankings = []
    for line in answers.read_text(encoding="utf-8").splitlines():
        answer = json.loads(line)
        scores = np.array([answer["confidences"].get(entry, 0.0) for entry in entries], dtype=np.float32)
        rankings.append(Ranked(*best_first(entries, scores), answer["milliseconds"]))
    return rankings


def _run(python: Path, variables: dict[str, str], *arguments: str) -> None:
    # Without -P the modules beside the script would hide others of the same name.
    command = [str(python), "-P", "-W", "ignore", str(SCRIPT), *arguments]
    done = subprocess.run(command, env=os.environ | QUIET | variables, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PeerMissing(f"Rasa failed: {(done.stdout + done.stderr)[-TOLD:]}")


def _unpacked(archive: Path) -> float:
    with tarfile.open(archive) as packed:
        return sum(member.size for member in packed) / MEGABYTE
