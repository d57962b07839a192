from __future__ import annotations

import json

import numpy as np
import pytest
from rich.console import Console

from knowledge.bench.peers import Comparison, as_table, ask_all, notes
from knowledge.bench.peers_kinds import PeerMissing
from knowledge.bench.peers_measure import Answers, Peer, Ranked, best_first, trial
from knowledge.evaluation import Row

ROWS = [
    Row("a", "nl", "in", "", "", "waar kan ik zwemmen", ("zwemles",)),
    Row("b", "en", "in", "", "", "where is the doctor", ("huisarts",)),
    Row("c", "en", "ood", "", "", "where is the moon"),
]


@pytest.fixture
def given(pieces):
    return trial(pieces, ROWS, [("nl", "wie wint"), ("en", "who wins")])


def always(given, entry: str) -> Peer:
    entries = (entry, *(other for other in dict.fromkeys(text.entry_id for text in given.texts) if other != entry))
    scores = np.linspace(1, 0, len(entries), dtype=np.float32)

    def ask(questions):
        return Answers([Ranked(*best_first(entries, scores), 1.25) for _ in questions], 41.6)

    return Peer(f"always {entry}", "one entry", ask)


def never(_):
    raise PeerMissing("it is on holiday")


@pytest.fixture
def comparison(given) -> Comparison:
    return ask_all([always(given, "zwemles"), Peer("absent", "nothing", never), always(given, "huisarts")], given, lambda _: None)


def shown(comparison: Comparison) -> list[str]:
    console = Console(width=120)
    with console.capture() as capture:
        console.print(as_table(comparison))
    return capture.get().splitlines()


def cells(lines: list[str], part: str, peer: str) -> list[str]:
    """What the line of the peer says below the title of the part."""
    start = next(at for at, line in enumerate(lines) if part in line)
    return [cell.strip() for cell in next(line for line in lines[start:] if peer in line).split("│")[2:-1]]


def test_a_line_per_measure_and_peer_a_column_per_language(comparison):
    lines = shown(comparison)
    assert cells(lines, "right entry first", "always zwemles") == ["100", "0", "50"]
    assert cells(lines, "right entry first", "always huisarts") == ["0", "100", "50"]
    assert cells(lines, "false answers", "always zwemles")[0] == "–"
    assert cells(lines, "milliseconds", "always zwemles") == ["", "", "1.2"]
    assert cells(lines, "megabytes", "always huisarts") == ["", "", "42"]


def test_a_peer_that_is_missing_is_told_and_stands_in_no_line(comparison):
    assert not [line for line in shown(comparison) if "absent" in line]
    assert "absent is left out: it is on holiday." in notes(comparison)
    assert "always zwemles was trained on one entry." in notes(comparison)


def test_every_peer_is_told_before_it_is_asked(given):
    told: list[str] = []
    ask_all([always(given, "fiets"), Peer("absent", "nothing", never)], given, told.append)
    assert told == ["always fiets", "absent"]


def test_plain_data_says_it_all(comparison):
    plain = json.loads(json.dumps(comparison.as_plain()))
    first, second = plain["peers"]
    assert (first["name"], first["milliseconds"], first["megabytes"]) == ("always zwemles", 1.25, 41.6)
    assert second["metrics"]["en"]["recall_at_1"] == 1.0
    assert plain["missing"] == {"absent": "it is on holiday"}
