from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import knowledge
from knowledge.bench.peers_kinds import Encoded, Owners, PeerMissing, bm25, letters, minilm, optional, package_folder
from knowledge.bench.peers_measure import Question
from knowledge.lexical import LexicalIndex
from knowledge.passages import Passage
from knowledge.search import Ranking, features

SWIM = Question("nl", "waar zwemmen duiken badpak")


@pytest.fixture
def texts(pieces) -> list[Passage]:
    return [piece for piece in pieces if not piece.development]


def test_an_entry_scores_as_its_best_passage():
    owners = Owners([Passage(entry, "nl", "name", "") for entry in ("a", "b", "a", "b")])
    assert owners.entries == ("a", "b")
    assert owners.best(np.array([0.1, -0.5, 0.4, -0.2], np.float32)).tolist() == pytest.approx([0.4, -0.2])
    assert owners.ranked(np.array([0.1, 0.6, 0.4, 0.2], np.float32))[0] == ("b", "a")


def test_bm25_searches_in_the_language_of_the_question(texts):
    pytest.importorskip("bm25s")
    dutch, as_english, without, unknown = bm25(
        texts, [SWIM, Question("en", SWIM.text), Question("nl", "qqq"), Question("ti", SWIM.text)]
    ).ranked
    assert dutch.entries[0] == "zwemles"
    assert dutch.features.top > 0
    assert as_english.features.top == without.features.top == unknown.features.top == 0


@pytest.mark.parametrize("look", [optional, package_folder])
def test_a_package_that_is_not_installed_is_missed_in_words(look):
    with pytest.raises(PeerMissing, match="the package no_such_peer is not installed"):
        look("no_such_peer")


def test_an_optional_package_is_found_where_it_stands():
    assert package_folder("knowledge") == Path(knowledge.__file__).parent
    assert optional("knowledge") is knowledge


def test_letters_rank_as_the_lexical_index_does(texts):
    answers = letters(texts, [SWIM])
    scores = LexicalIndex([piece.text for piece in texts]).scores(SWIM.text)
    assert answers.ranked[0].entries[0] == "zwemles"
    assert answers.ranked[0].features.top == pytest.approx(float(scores.max()))
    assert answers.megabytes > 0


def test_an_encoder_alone_ranks_by_its_best_passage(texts, encoder):
    answers = Encoded(texts, encoder, 3.0).dense([SWIM])
    vectors = encoder.encode([piece.text for piece in texts])
    assert answers.ranked[0].entries[0] == "zwemles"
    assert answers.ranked[0].features.top == pytest.approx(float((vectors @ encoder.encode([SWIM.text])[0]).max()))
    assert answers.ranked[0].features.lexical == 0
    assert answers.megabytes == pytest.approx(3.0 + vectors.nbytes / 1e6)


def test_the_whole_search_ranks_in_its_own_way(texts, encoder):
    found = Encoded(texts, encoder, 0.0).search([SWIM]).ranked[0]
    lexical = LexicalIndex([piece.text for piece in texts])
    vectors = encoder.encode([piece.text for piece in texts])
    hits = Ranking(texts).rank(vectors @ encoder.encode([SWIM.text])[0], lexical.scores(SWIM.text))
    assert found.entries == tuple(hit.entry_id for hit in hits)
    assert found.features.row() == pytest.approx(features(hits, found.features.outside).row(), rel=1e-5)
    assert found.features.lexical > 0
    assert 0 < found.features.outside < 1


def test_other_weights_than_the_published_ones_are_refused(texts, tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(PeerMissing, match="as they were published"):
        minilm(texts, [SWIM], tmp_path)
