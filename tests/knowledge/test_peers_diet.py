from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from knowledge.bench.peers_diet import Rasa, diet, ranked
from knowledge.bench.peers_kinds import PeerMissing
from knowledge.bench.peers_measure import Question
from knowledge.passages import Passage

TEXTS = [Passage(entry, "nl", "question", f"{entry}?") for entry in ("a", "b", "c", "d")] + [
    Passage("silent", "nl", "name", "Stil")
]
ASKED = [Question("nl", "a of b?")]


def interpreter(folder: Path, lines: str) -> Path:
    """A program in place of the bot's Python."""
    path = folder / "python"
    path.write_text(f"#!/bin/sh\n{lines}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_confidences_become_rankings_of_all_entries(tmp_path):
    answers = [
        {"milliseconds": 2.5, "confidences": {"c": 0.6, "a": 0.3, "b": 0.1, "d": 0.0}},
        {"milliseconds": 3.5, "confidences": {"b": 1.0}},
    ]
    (tmp_path / "answers.jsonl").write_text("".join(json.dumps(answer) + "\n" for answer in answers), encoding="utf-8")
    first, second = ranked(TEXTS, tmp_path / "answers.jsonl")
    assert first.entries == ("c", "a", "b", "d", "silent")
    assert first.features.row() == pytest.approx([0.6, 0.3, 0.1, 0.0, 0.0, 0.0])
    assert second.entries == ("b", "a", "c", "d", "silent")
    assert (first.milliseconds, second.milliseconds) == (2.5, 3.5)


def test_without_the_bots_environment_it_is_missed_in_words(tmp_path):
    with pytest.raises(PeerMissing, match="make setup"):
        diet(TEXTS, ASKED, Rasa(tmp_path / "python"))


def test_what_rasa_said_is_told_when_it_fails(tmp_path):
    with pytest.raises(PeerMissing, match="no such thing"):
        diet(TEXTS, ASKED, Rasa(interpreter(tmp_path, "echo no such thing >&2; exit 3")))


def test_it_learns_the_questions_and_is_asked_on_one_core(tmp_path):
    lines = f"""echo "$5 $7 $TF_INTRA_OP_PARALLELISM_THREADS" >> {tmp_path}/calls
    cp "$6/examples.json" {tmp_path}
    echo '{{"milliseconds": 1, "confidences": {{"b": 0.9}}}}' > "$6/answers.jsonl"
    tar -C {tmp_path} -czf "$6/diet.tar.gz" python"""
    answers = diet(TEXTS, ASKED, Rasa(interpreter(tmp_path, lines), epochs=7))
    learned = json.loads((tmp_path / "examples.json").read_text(encoding="utf-8"))
    assert learned == [{"text": f"{entry}?", "intent": entry} for entry in ("a", "b", "c", "d")]
    assert (tmp_path / "calls").read_text(encoding="utf-8").splitlines() == ["train 7 ", "ask  1"]
    assert [each.entries[0] for each in answers.ranked] == ["b"]
    assert answers.megabytes == pytest.approx((tmp_path / "python").stat().st_size / 1e6)
