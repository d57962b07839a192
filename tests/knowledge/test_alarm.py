"""The learned alarm: what it weighs, how it is learned, and that the shipped numbers are those of the shipped messages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from knowledge.alarm import KINDS, MODEL, Alarm, count, pieces, weigh
from knowledge.text import normalise
from knowledge.training.danger import MESSAGES, Message, learn, read_messages, read_ordinary

NIJMEGEN = Path(__file__).parents[2] / "sociale_kaart/nijmegen"
WORDS = {
    "emergency": "fire smoke burning",
    "suicide": "die alone tonight",
    "violence": "hits me husband",
    "child": "kid bruises locked",
}


def messages() -> list[Message]:
    """Twenty of each kind from its own words, and forty harmless ones."""
    harmless = [Message("en", "none", f"where is the school office number {number}") for number in range(40)]
    return harmless + [Message("en", kind, f"{text} {number}") for kind, text in WORDS.items() for number in range(20)]


def test_pieces_are_parts_of_words_and_runs_of_words() -> None:
    assert set(pieces("Is er?")) >= {" is", "is ", "er", " er ", "=is", "=er", "=is er"}
    assert not any("?" in piece for piece in pieces("Is er?"))


def test_rows_have_length_one() -> None:
    rows = weigh(count(["brand in huis", "brand"]), np.ones(2**16, dtype=np.float32))
    assert np.allclose(np.sqrt(rows.multiply(rows).sum(axis=1)), 1)


def test_it_learns_danger_and_its_kind() -> None:
    alarm = learn(messages())
    for kind, text in WORDS.items():
        reading = alarm.read(text)
        assert (reading.alarm, reading.kind) == (True, kind)
        assert reading.probability > 0.7
    assert alarm.read("where is the school").probability < 0.3
    assert alarm.read("").probability == 0


def test_the_same_messages_give_the_same_numbers(tmp_path: Path) -> None:
    first, second = learn(messages()), learn(messages())
    first.save(tmp_path / "first.npz")
    second.save(tmp_path / "second.npz")
    loaded, again = Alarm.load(tmp_path / "first.npz"), Alarm.load(tmp_path / "second.npz")
    assert loaded.read("smoke and fire").probability == again.read("smoke and fire").probability
    assert loaded.read("smoke and fire").probability == pytest.approx(first.read("smoke and fire").probability, abs=0.01)
    assert loaded.alarm_from == first.alarm_from


def test_messages_to_learn_from_are_of_known_kinds_and_no_two_alike() -> None:
    written = read_messages()
    assert {message.kind for message in written} == {*KINDS, "none"}
    assert {path.stem for path in MESSAGES.glob("*.tsv")} == {"nl", "en", "ar", "ti", "uk"}
    texts = [(message.language, normalise(message.text)) for message in written]
    assert len(texts) - len(set(texts)) < 10


def test_held_out_messages_are_not_learned_from() -> None:
    lines = (Path(__file__).parents[1] / "data/danger_held_out.tsv").read_text(encoding="utf-8").splitlines()[1:]
    held_out = {normalise(line.split("\t")[2]) for line in lines}
    assert not held_out & {normalise(message.text) for message in read_messages()}


def test_ordinary_questions_leave_out_development_and_what_is_near_danger() -> None:
    ordinary = read_ordinary(NIJMEGEN)
    assert len(ordinary) > 3000
    assert not any("spoed-112" in text for text in ordinary)


def test_the_shipped_numbers_are_small_and_readable() -> None:
    assert MODEL.stat().st_size < 1_000_000
    assert Alarm.load().read("my house is burning and the children are inside").alarm
