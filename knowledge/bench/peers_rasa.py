"""Rasa's own intent classifier, DIET, for `knowledge.peers`: run as a script by the bot's environment, and imported by nobody.

    bot/.venv/bin/python -P knowledge/peers_rasa.py train FOLDER EPOCHS   # FOLDER/examples.json -> FOLDER/diet.tar.gz
    bot/.venv/bin/python -P knowledge/peers_rasa.py ask FOLDER            # FOLDER/questions.json -> FOLDER/answers.jsonl

`examples.json` is a list of objects with `text` and `intent`, `questions.json` a list of texts. A line of `answers.jsonl` is
one answer: `milliseconds` of the processor's time, and `confidences` from intent to a number between 0 and 1. Asking is a
process of its own, because TensorFlow takes its number of cores once: training may use all of them, asking uses one.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.model_training import train_nlu
from rasa.utils.log_utils import configure_structlog
from rasa.utils.tensorflow.environment import setup_tf_environment

SEED = 42
PIPELINE: tuple[dict[str, Any], ...] = (
    {"name": "WhitespaceTokenizer"},
    {"name": "CountVectorsFeaturizer", "min_df": 2},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4, "min_df": 2},
)
"""Rasa's default featurizers, but for patterns and the shapes of words, which serve entities. A piece that is seen once says
nothing, as in `bot/config.yml`: without it the model is almost twice as large and slow."""


def train(folder: Path, epochs: int) -> None:
    """Train on `examples.json`; writes `diet.tar.gz`."""
    diet = {
        "name": "DIETClassifier",
        "epochs": epochs,
        "random_seed": SEED,
        "entity_recognition": False,
        "constrain_similarities": True,  # as Rasa advises for `cross_entropy`
        "ranking_length": 0,  # every intent's confidence, not the ten best
    }
    config = {"recipe": "default.v1", "assistant_id": "peer", "language": "nl", "pipeline": [*PIPELINE, diet]}
    (folder / "config.yml").write_text(json.dumps(config), encoding="utf-8")  # JSON is YAML
    examples = {"rasa_nlu_data": {"common_examples": _read(folder / "examples.json")}}
    (folder / "nlu.json").write_text(json.dumps(examples), encoding="utf-8")  # in its YAML, brackets would be mark-up
    train_nlu(str(folder / "config.yml"), str(folder / "nlu.json"), str(folder), fixed_model_name="diet")


async def ask(folder: Path) -> None:
    """Ask `questions.json` one by one; writes `answers.jsonl`."""
    agent = Agent.load(str(folder / "diet.tar.gz"))
    with (folder / "answers.jsonl").open("w", encoding="utf-8") as file:
        async for answer in _answers(agent, _read(folder / "questions.json")):
            file.write(json.dumps(answer) + "\n")


async def _answers(agent: Any, questions: Sequence[str]) -> AsyncIterator[dict[str, object]]:
    for question in questions:
        started = time.process_time()
        parsed = await agent.parse_message(question.lstrip("/"))  # with a slash it would be a command
        milliseconds = (time.process_time() - started) * 1000
        confidences = {each["name"]: each["confidence"] for each in parsed["intent_ranking"]}
        yield {"milliseconds": milliseconds, "confidences": confidences}


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    configure_structlog(logging.ERROR)  # it would print every question
    setup_tf_environment()
    command, given, *rest = sys.argv[1:]
    if command == "train":
        train(Path(given), int(rest[0]))
    else:
        asyncio.run(ask(Path(given)))
