"""Hybrid search: ranks entries, says why, keeps to the limit, and knows when it does not know."""

from __future__ import annotations

import numpy as np
import pytest
from hash_encoder import HashEncoder

from knowledge.build import read_unanswerable
from knowledge.calibration import Calibration, Curve, Features, fit
from knowledge.index import DenseIndex, Manifest, pack
from knowledge.lexical import LexicalIndex, LexicalSample
from knowledge.passages import Passage, checksum
from knowledge.search import (
    BEST_SHARE,
    CANDIDATES,
    DENSE_SHARE,
    Candidates,
    Everything,
    Hit,
    Ranking,
    Search,
    calibration_examples,
    features,
)

UNANSWERABLE = [
    *(("nl", "raket naar mars"), ("en", "rocket to mars"), ("nl", "recept voor soep"), ("en", "recipe of soup")),
    *(("nl", "uitslag van de voetbalwedstrijd"), ("en", "score of the football match")),
]
NOTHING_OUTSIDE = np.zeros((0, HashEncoder.dimension), dtype=np.float32)


@pytest.fixture
def search(pieces, encoder) -> Search:
    texts = [piece.text for piece in pieces]
    vectors = encoder.encode(texts)
    manifest = Manifest(
        kaart=checksum(pieces),
        model=encoder.checksum,
        passages=len(pieces),
        built_at="2026-11-22T00:00:00Z",
        calibration=fit(list(calibration_examples(pieces, vectors, encoder, UNANSWERABLE))),
    )
    # The stand-in for the encoder knows nothing of meaning: letters count for half here.
    return Search(pieces, encoder, DenseIndex(pack(vectors), manifest), LexicalIndex(texts), NOTHING_OUTSIDE, dense_share=0.5)


@pytest.mark.parametrize(
    ("question", "language", "entry"),
    [
        ("mijn wiel en mijn zadel zijn weg", "nl", "fiets"),
        ("I have a fever and a cough", "en", "huisarts"),
        ("wie kan deze rekening betalen, ik heb een schuld", "nl", "geld"),
        ("where do I learn to dive in a pool", "en", "zwemles"),
        ("vertaalen met een tolkk", "nl", "tolk"),  # misspelt: only the letters of the words tell
    ],
)
def test_the_right_entry_comes_first(search, question, language, entry):
    assert search.find(question, language).hits[0].entry_id == entry


def test_hits_are_entries_in_order_each_once(search):
    hits = search.find("dokter", "nl").hits
    assert len({hit.entry_id for hit in hits}) == len(hits) == 6
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_hit_says_why(search, pieces):
    hit = search.find("ik zoek zadel of wiel", "nl").hits[0]
    assert hit.passage in pieces
    assert hit.passage.entry_id == hit.entry_id == "fiets"
    assert {"zadel", "wiel", "zoek"} & set(hit.passage.text.split())
    assert hit.dense > 0
    assert hit.lexical > 0


def test_limit(search):
    everything = search.find("dokter", "nl")
    assert search.find("dokter", "nl", limit=2).hits == everything.hits[:2]
    assert search.find("dokter", "nl", limit=2).zone == everything.zone


def test_zone_follows_how_sure_it_is(search):
    sure, lost = search.find("dokter ziek koorts hoesten pijn", "nl"), search.find("xyzzy", "nl")
    assert sure.zone == "answer"
    assert lost.zone == "person"
    assert sure.probability > 0.7 > lost.probability


@pytest.mark.parametrize("text", ["", " ", "🙂🙂", "\u200f", "a" * 10_000])
def test_odd_messages_find_nothing_sure(search, text):
    assert search.find(text, None).zone != "answer"


PIECES = [Passage(id, "nl", "question", f"{id}{number}") for id in ("a", "b", "c") for number in range(4)]


def row(*scores: float) -> np.ndarray:
    return np.array(scores, dtype=np.float32)


def test_score_of_an_entry_is_its_best_and_its_few_best():
    dense = row(0.9, 0.3, 0.3, 0.0, 0.8, 0.8, 0.8, 0.8, 0, 0, 0, 0)
    hits = {hit.entry_id: hit for hit in Ranking(PIECES).rank(dense, 0 * dense, dense_share=1.0)}
    assert hits["a"].score == pytest.approx(BEST_SHARE * 0.9 + (1 - BEST_SHARE) * 0.375)
    assert hits["b"].score == pytest.approx(0.8)
    assert hits["a"].passage.text == "a0"


def test_mixture_of_dense_and_lexical():
    dense, lexical = row(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), row(0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0)
    ranking = Ranking(PIECES)
    assert ranking.rank(dense, lexical, 0.9)[0].entry_id == "a"
    best = ranking.rank(dense, lexical, 0.1)[0]
    assert (best.entry_id, best.dense, best.passage.text) == ("b", 0.0, "b3")
    assert best.lexical == pytest.approx(BEST_SHARE + (1 - BEST_SHARE) / 4)
    assert 0 < DENSE_SHARE < 1


def test_entry_with_one_passage():
    [hit] = Ranking(PIECES[:1]).rank(row(0.4), row(0.4))
    assert hit.score == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [((), (0, 0, 0)), ((0.5,), (0.5, 0.5, 0)), ((0.5, 0.4), (0.5, 0.1, 0)), ((0.9, 0.4, 0.3, 0.2), (0.9, 0.5, 0.3))],
)
def test_features_of_a_ranking(scores, expected):
    found = features([Hit("a", score, 0, 0, PIECES[0]) for score in scores], 0.25)
    assert (found.top, found.lead, found.third) == pytest.approx(expected)


def test_calibration_searches_each_question_without_itself(pieces, encoder):
    """With itself in the index a question of words that nobody else uses would be found for certain."""
    odd = next(p for p in (Passage("geld", "nl", "question", f"qwerty{n} azerty{n}") for n in range(50)) if p.development)
    pieces = [odd, *pieces]
    vectors = encoder.encode([piece.text for piece in pieces])
    found = list(calibration_examples(pieces, vectors, encoder, UNANSWERABLE))
    asked = [piece for piece in pieces if piece.development]
    assert len(found) == len(asked) + len(UNANSWERABLE)
    meanings = encoder.encode([odd.text])[0] @ vectors.T
    assert found[0].features.top < Ranking(pieces).rank(meanings, 0 * meanings, dense_share=1.0)[0].score - 0.1
    assert any(example.first for example in found)
    assert not any(example.first or example.in_three for example in found[len(asked) :])
    assert all(example.in_three for example in found if example.first)
    assert (vectors == encoder.encode([piece.text for piece in pieces])).all(), "the vectors themselves stay as they are"


def test_calibration_of_the_language_is_used(pieces, encoder):
    texts = [piece.text for piece in pieces]
    sure, unsure = (Curve(weights=(0.0,) * 6, intercept=intercept) for intercept in (9.0, -9.0))
    calibration = Calibration(first={"": unsure, "nl": sure}, in_three={"": unsure, "nl": sure}, examples={})
    manifest = Manifest(kaart="", model="", passages=0, built_at="2026-11-22T00:00:00Z", calibration=calibration)
    search = Search(pieces, encoder, DenseIndex(pack(encoder.encode(texts)), manifest), LexicalIndex(texts), NOTHING_OUTSIDE)
    assert [search.find("fiets", code).zone for code in ("nl", "uk", None)] == ["answer", "person", "person"]


def test_unanswerable_questions_are_there_in_every_language():
    pairs = read_unanswerable()
    assert {language for language, _ in pairs} == {"nl", "en", "ar", "ti", "uk"}
    assert all(text.strip() for _, text in pairs)
    assert len(set(pairs)) == len(pairs)


def test_zone_features_are_what_the_ranking_gives(search):
    hits = search.find("dokter", "nl").hits
    first, second, third = hits[:3]
    lexical_lead = first.lexical - max(hit.lexical for hit in hits[1:])
    assert features(hits, 0.4) == Features(first.score, first.score - second.score, third.score, first.lexical, lexical_lead, 0.4)


MANY = [Passage(f"e{number // 3}", "nl", "question", f"waar is {number // 3} of {number % 50}") for number in range(90)]
ASKED = ["waar is 7 of 21", "is 28 waar", "iets heel anders"]


@pytest.fixture
def dense(encoder) -> DenseIndex:
    calibration = Calibration(first={}, in_three={}, examples={}, cautious=True)
    manifest = Manifest(kaart="", model="", passages=0, built_at="2026-11-22T00:00:00Z", calibration=calibration)
    return DenseIndex(pack(encoder.encode([passage.text for passage in MANY])), manifest)


@pytest.fixture
def sample() -> LexicalSample:
    return LexicalSample([passage.text for passage in MANY])


def test_ranking_of_candidates_is_that_of_everything_when_all_are_candidates(dense, sample, encoder):
    few = Candidates(MANY, dense, sample, nearest=len(MANY), candidates=len(MANY), lettered=len(MANY))
    every = Everything(MANY, dense, LexicalIndex([passage.text for passage in MANY]))
    meanings = encoder.encode(ASKED)
    for one, other in zip(few.rank(ASKED, meanings, 0.5), every.rank(ASKED, meanings, 0.5), strict=True):
        assert len(one) == len(other) == 30
        for part in ("score", "dense", "lexical"):
            assert [getattr(hit, part) for hit in one] == pytest.approx([getattr(hit, part) for hit in other], abs=1e-5)
        assert [(hit.entry_id, hit.passage) for hit in one] == [(hit.entry_id, hit.passage) for hit in other]


def test_candidates_are_ranked_as_among_all_although_few_of_their_passages_are_near(dense, sample, encoder):
    meanings = encoder.encode(ASKED)
    few = Candidates(MANY, dense, sample, nearest=6, candidates=2)
    every = Everything(MANY, dense, LexicalIndex([passage.text for passage in MANY]))
    for one, other in zip(few.rank(ASKED, meanings, 1.0), every.rank(ASKED, meanings, 1.0), strict=True):
        assert len(one) == 2
        scores = {hit.entry_id: hit.score for hit in other}
        assert [hit.score for hit in one] == pytest.approx([scores[hit.entry_id] for hit in one], abs=1e-5)


def test_letters_count_only_for_the_nearest_passages(dense, sample, encoder):
    few = Candidates(MANY, dense, sample, lettered=1)
    [hits] = few.rank(ASKED[:1], encoder.encode(ASKED[:1]), 0.5)
    assert sum(hit.lexical > 0 for hit in hits) == 1


def test_search_with_letters_of_a_sample_ranks_candidates(dense, sample, encoder):
    search = Search(MANY, encoder, dense, sample, NOTHING_OUTSIDE)
    alone = search.find(ASKED[0], "nl", limit=100)
    assert len(alone.hits) == CANDIDATES < 30
    assert alone.hits[0].passage.text == ASKED[0]
    assert next(search.find_all([(ASKED[0], "nl")], limit=100)) == alone
