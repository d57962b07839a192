"""What the bench measures: on the small kaart, with an encoder that knows only words."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.bench.ablation import KAART, ablation, confusions
from knowledge.bench.speed import times
from knowledge.bench.sureness import judge
from knowledge.bench.untrained import Untrained
from knowledge.calibration import Example, Features
from knowledge.passages import Passage


def test_every_variant_of_search_is_compared_in_every_column(pieces, encoder):
    variants = [
        Passage("fiets", "nl", "question", f"{word} lenen", style) for word in ("fiets", "wiel") for style in ("short", "full")
    ]
    table = ablation([*pieces, *variants], encoder)
    assert {"lexical only", "dense only", "without variants", "own language only", "one vector each", "untrained, dense"} <= set(
        table
    )
    for columns in table.values():
        assert {"nl", "en", KAART, "all"} <= set(columns)
        assert all(0 <= share <= 1 for share in columns.values())
    assert table["dense only"]["all"] > 0.5


def test_confusions_are_told_by_language(pieces, encoder):
    odd = next(p for p in (Passage("geld", "nl", "question", f"dokter ziek koorts {n}") for n in range(50)) if p.development)
    found = confusions([odd, *pieces], encoder)
    assert ("geld", "huisarts", 1) in found["nl"]
    assert all(asked != got for mistakes in found.values() for asked, got, _ in mistakes)


def test_without_variants_only_the_kaart_itself_is_searched(pieces, encoder):
    lost = [Passage("tolk", "nl", "question", piece.text, "short") for piece in pieces if piece.development]
    table = ablation([*pieces, *lost], encoder)
    assert table["without variants"][KAART] > table["dense only"][KAART] - 0.01


def test_an_untrained_encoder_sees_letters_alone():
    rows = Untrained(64).encode(["fietsen", "fiets", "zwembad", "..."])
    assert np.allclose(np.linalg.norm(rows[:3], axis=1), 1)
    assert rows[0] @ rows[1] > 0.5 > rows[0] @ rows[2]
    assert not rows[3].any()
    assert np.array_equal(rows, Untrained(64).encode(["fietsen", "fiets", "zwembad", "..."]))


def examples(count: int = 600) -> list[Example]:
    """A high score is right, a low one is wrong; a fifth of the questions has no entry and low scores."""
    random = np.random.default_rng(1)
    made = []
    for number in range(count):
        inside = number % 5 > 0
        top = float(random.uniform(0.3, 1) if inside else random.uniform(0, 0.4))
        right = inside and bool(random.uniform() < top)
        made.append(
            Example(
                "nl", Features(top, top / 2, top / 3, top, top / 2, 0.2), right, inside, f"entry-{number % 50}" if inside else ""
            )
        )
    return made


@pytest.mark.parametrize("isotonic", [False, True])
def test_sureness_is_judged_on_questions_that_were_not_learned_from(isotonic):
    judged = judge(examples(), isotonic=isotonic)
    assert set(judged) == {"nl", "all"}
    sure = judged["all"]
    assert sure.questions == 600
    assert sure.wrong <= sure.answered
    assert sure.false < 0.1
    assert 0 < sure.brier < 0.25
    assert sure.error < 0.15


def test_sureness_without_a_signal_is_no_better_than_chance():
    random = np.random.default_rng(2)
    blind = [
        Example("nl", Features(*random.uniform(0, 1, 6)), bool(random.integers(2)), True, f"entry-{number}")
        for number in range(400)
    ]
    assert judge(blind)["all"].brier > 0.23


def test_times_are_of_every_text():
    seen = []
    taken = times(seen.append, ["a", "b", "c"])
    assert seen == ["a", "b", "c"]
    assert 0 <= taken.median <= taken.p95
