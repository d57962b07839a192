"""After a small change little is done again, and the outcome is what it would be from nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hash_encoder import HashEncoder
from hypothesis import given
from hypothesis import strategies as st

from knowledge import build as building
from knowledge.build import MOST_CHANGED, Built, build, outside, rebuild
from knowledge.calibration import Calibration
from knowledge.lexical import MOST_GONE, Letters, LexicalIndex
from knowledge.passages import checksum
from knowledge.search import Search

TEXTS = st.lists(st.sampled_from(["waar is de dokter", "zwemles", "ዶክተር ኣበይ ኣሎ", "fiets", "", "أين الطبيب", "aaaa"]), min_size=1)


@given(TEXTS.filter(any), TEXTS.filter(any), TEXTS)
def test_letters_are_the_same_with_and_without_what_was_counted_before(before, after, questions):
    fresh, grown = LexicalIndex(after), LexicalIndex(after, LexicalIndex(before))
    assert np.allclose(grown.scores_of(questions), fresh.scores_of(questions), atol=1e-6)


def test_letters_that_went_do_not_pile_up():
    letters = Letters()
    for number in range(50):
        index = letters.index("dorp", ["zwemles in het zwembad", f"een heel andere zin, nummer {number * 7919}"])
    assert len(index._columns) < 2 * len(LexicalIndex(["zwemles in het zwembad", "een heel andere zin, nummer 0"])._columns)
    assert MOST_GONE < 1


@pytest.fixture
def built(pieces, encoder) -> Built:
    return build(pieces, encoder)


@pytest.fixture
def folder(tmp_path, built) -> Path:
    built.write(tmp_path)
    return tmp_path


def test_only_new_texts_are_encoded(pieces, encoder, built, folder):
    changed = [*pieces[:3], replace(pieces[3], text="een nieuwe zin"), *pieces[4:]]
    counting = HashEncoder()
    again = rebuild(changed, counting, folder, pieces)
    assert counting.asked == ["een nieuwe zin"]
    assert np.array_equal(again.vectors, encoder.encode([piece.text for piece in changed]))
    assert (again.manifest.kaart, again.manifest.passages, again.manifest.changed) == (checksum(changed), len(changed), 2)
    assert again.manifest.calibration == built.manifest.calibration


def test_changes_add_up_until_the_calibration_is_fitted_anew(pieces, encoder, folder, monkeypatch):
    fitted = []
    monkeypatch.setattr(building, "calibrated", lambda pieces, *_: fitted.append(len(pieces)) or _any_calibration())
    now, seen = list(pieces), []
    for number in range(12):
        after = [*now[:number], replace(now[number], text=f"zin nummer {number}"), *now[number + 1 :]]
        again = rebuild(after, encoder, folder, now)
        again.write(folder)
        seen.append(again.manifest.changed)
        now = after
    assert seen[:3] == [2, 4, 6]
    assert max(seen) <= MOST_CHANGED * len(pieces)
    assert seen.count(0) == len(fitted) > 0


def _any_calibration() -> Calibration:
    curve = {"weights": (1.0,) * 6, "intercept": 0.0}
    return Calibration.model_validate({"first": {"": curve}, "in_three": {"": curve}, "examples": {"": 9}})


def test_without_an_index_everything_is_built(pieces, encoder, tmp_path):
    again = rebuild(pieces, encoder, tmp_path / "nowhere", pieces)
    assert (again.manifest.kaart, again.manifest.changed) == (checksum(pieces), 0)


def test_index_of_something_else_is_not_used(pieces, folder):
    counting = HashEncoder()
    rebuild(pieces, counting, folder, pieces[1:])
    assert {piece.text for piece in pieces} <= set(counting.asked)


def test_many_questions_find_what_each_finds_alone(pieces, encoder, built):
    search = Search(pieces, encoder, built.dense(), LexicalIndex([piece.text for piece in pieces]), outside(encoder))
    questions = [(piece.text, language) for piece in pieces for language in ("nl", "xx", None)]
    together = list(search.find_all(questions, limit=4))
    assert len(questions) > 64, "more than one batch"
    for (text, language), found in zip(questions, together, strict=True):
        alone = search.find(text, language, limit=4)
        assert (found.zone, len(found.hits)) == (alone.zone, len(alone.hits))
        assert found.probability == pytest.approx(alone.probability, abs=1e-5)
        assert [hit.score for hit in found.hits] == pytest.approx([hit.score for hit in alone.hits], abs=1e-5)
