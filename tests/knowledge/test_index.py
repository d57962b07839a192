"""The index on disk: round trip, refusals that say what to do, and a swap that no reader notices."""

from __future__ import annotations

import datetime as dt
import json
import os
from dataclasses import replace

import faiss
import numpy as np
import pytest

from knowledge import build
from knowledge.build import build_index
from knowledge.calibration import Calibration, Curve
from knowledge.errors import IndexMissing, IndexStale, TooFewQuestions
from knowledge.index import MEND, DenseIndex, Manifest, pack, read_index, write_index
from knowledge.passages import MOST_EXACT, checksum

CURVE = Curve(weights=(1.0, 1.0, 1.0), intercept=0.0)


@pytest.fixture
def built(tmp_path, pieces, encoder, monkeypatch):
    """A folder with an index of the small kaart, and what builds it again."""
    monkeypatch.setattr(build, "load_encoder", lambda _: encoder)
    folder = tmp_path / "index"

    def again(kaart=pieces):
        return build_index(kaart, tmp_path / "model", folder)

    again()
    return folder, again


def manifest_of(pieces, encoder, second: int = 0) -> Manifest:
    return Manifest(
        kaart=checksum(pieces),
        model=encoder.checksum,
        passages=len(pieces),
        built_at=dt.datetime(2026, 11, 22, 0, 0, second, tzinfo=dt.UTC),
        calibration=Calibration(first={"": CURVE}, in_three={"": CURVE}, examples={"": 0}),
    )


def versions(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != "current")


def test_round_trip(built, pieces, encoder):
    folder, _ = built
    index = read_index(folder, pieces, encoder)
    vectors = encoder.encode([piece.text for piece in pieces])
    query = encoder.encode(["waar is de dokter"])[0]
    assert np.allclose(index.scores_of(query[None])[0], vectors @ query, atol=1e-6)
    assert index.scores_of(query[None])[0].dtype == np.float32


def test_manifest_says_what_it_was_built_from(built, pieces, encoder):
    folder, again = built
    manifest = again()
    assert read_index(folder, pieces, encoder).manifest == manifest
    assert (manifest.kaart, manifest.model, manifest.passages) == (checksum(pieces), "fake-1", len(pieces))
    assert manifest.built_at.tzinfo is not None


def test_index_of_another_kaart_is_refused(built, pieces, encoder):
    changed = [replace(pieces[0], text="een andere naam"), *pieces[1:]]
    with pytest.raises(IndexStale, match="this kaart is") as refused:
        read_index(built[0], changed, encoder)
    assert MEND in str(refused.value)
    assert "kaart index" in MEND


def test_index_of_another_model_is_refused(built, pieces, another_encoder):
    with pytest.raises(IndexStale, match=r"model fake-1, but this model is fake-2: run `kaart index`"):
        read_index(built[0], pieces, another_encoder)


def test_missing_index(tmp_path, pieces, encoder):
    with pytest.raises(IndexMissing, match=r"no index in .*: run `kaart index`"):
        read_index(tmp_path / "nowhere", pieces, encoder)


@pytest.mark.parametrize(
    ("name", "content"),
    [("manifest.json", "{"), ("manifest.json", '{"kaart": "x"}'), ("dense.faiss", "no vectors"), ("dense.faiss", None)],
)
def test_damaged_index_is_refused(built, pieces, encoder, name, content):
    file = built[0] / "current" / name
    file.unlink() if content is None else file.write_text(content)
    with pytest.raises(IndexMissing, match="run `kaart index`"):
        read_index(built[0], pieces, encoder)


def test_two_builds_in_a_row(built, pieces, encoder):
    folder, again = built
    [first] = versions(folder)
    again(pieces[: len(pieces) // 2])
    assert len(versions(folder)) == 2
    assert os.readlink(folder / "current") != first
    with pytest.raises(IndexStale):
        read_index(folder, pieces, encoder)
    again()
    assert read_index(folder, pieces, encoder).manifest.passages == len(pieces)


def test_old_versions_are_removed(tmp_path, pieces, encoder):
    vectors = pack(encoder.encode(["een", "twee"]))
    for second in range(5):
        write_index(tmp_path, vectors, manifest_of(pieces, encoder, second))
    assert versions(tmp_path) == ["20261122T000003000000", "20261122T000004000000"]
    assert os.readlink(tmp_path / "current") == "20261122T000004000000"


def test_version_just_written_stays_when_the_clock_went_back(tmp_path, pieces, encoder):
    vectors = pack(encoder.encode(["een", "twee"]))
    for second in (7, 8, 9, 1):
        write_index(tmp_path, vectors, manifest_of(pieces, encoder, second))
    assert read_index(tmp_path, pieces, encoder).manifest.built_at.second == 1


def test_current_is_readable_at_every_moment(built, pieces, encoder, monkeypatch):
    """At each step on disk of a new build, a reader gets a whole index: the old one before the swap, the new one after."""
    folder, again = built
    old, seen = read_index(folder, pieces, encoder).manifest, []

    def watched(step):
        def run(*arguments, **named):
            seen.append(read_index(folder, pieces, encoder).manifest)
            result = step(*arguments, **named)
            seen.append(read_index(folder, pieces, encoder).manifest)
            return result

        return run

    for owner, name in ((faiss, "write_index"), (os, "replace"), (os, "symlink")):
        monkeypatch.setattr(owner, name, watched(getattr(owner, name)))
    new = again()
    assert seen == [old] * 5 + [new]


def test_build_that_fails_leaves_the_old_index(built, pieces, encoder, monkeypatch):
    folder, again = built
    old = read_index(folder, pieces, encoder).manifest
    monkeypatch.setattr(faiss, "write_index", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        again()
    assert read_index(folder, pieces, encoder).manifest == old


def test_index_that_is_open_survives_two_more_builds(built, pieces, encoder):
    folder, again = built
    index, query = read_index(folder, pieces, encoder), encoder.encode(["dokter"])[0]
    before = index.scores_of(query[None])[0]
    again()
    again()
    assert (index.scores_of(query[None])[0] == before).all()


def test_kaart_without_questions_to_calibrate_on_answers_nothing_and_says_so(built, pieces):
    folder, again = built
    assert not again().calibration.cautious
    assert again([piece for piece in pieces if not piece.development]).calibration.cautious
    assert json.loads((folder / "current/manifest.json").read_text())["calibration"]["cautious"] is True


def test_kaart_without_entries(built):
    _, again = built
    with pytest.raises(TooFewQuestions, match="no entries"):
        again([])


def near_each_other(count: int, seed: int = 0) -> np.ndarray:
    """Unit rows [count, 32] around forty centres, as passages about the same things are."""
    random = np.random.default_rng(seed)
    rows = random.normal(size=(40, 32))[np.arange(count) % 40] + random.normal(size=(count, 32))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def opened(vectors, pieces, encoder, most_exact: int) -> DenseIndex:
    return DenseIndex(pack(vectors, most_exact), manifest_of(pieces, encoder))


@pytest.mark.parametrize(("most_exact", "kind"), [(400, faiss.IndexFlat), (399, faiss.IndexIVF)])
def test_type_of_index_follows_the_number_of_vectors(most_exact, kind):
    assert isinstance(pack(near_each_other(400), most_exact), kind)


def test_kaart_of_a_municipality_is_compared_as_a_whole():
    assert MOST_EXACT > 20_000
    assert pack(near_each_other(4000), 100).nlist == round(4 * 4000**0.5)


def test_inverted_file_finds_nearly_what_the_exact_index_finds(pieces, encoder):
    vectors, queries = near_each_other(4000), near_each_other(50, seed=1)
    exact, inverted = (opened(vectors, pieces, encoder, most) for most in (4000, 3999))
    scores, right = exact.nearest(queries, 10)
    assert np.array_equal(right, np.argsort(-exact.scores_of(queries), axis=1)[:, :10])
    found_scores, found = inverted.nearest(queries, 10)
    shares = [len({*some} & {*every}) / 10 for some, every in zip(found, right, strict=True)]
    assert 0.6 < np.mean(shares) < 1, "it reads a tenth of the lists, so something is missed among vectors without much order"
    assert np.mean(found[:, 0] == right[:, 0]) > 0.7
    assert (found_scores <= scores + 1e-3).all()


def test_inverted_file_reads_single_passages_and_all(pieces, encoder):
    vectors, places = near_each_other(2000), np.array([1999, 0, 7])
    inverted = opened(vectors, pieces, encoder, 100)
    assert np.allclose(inverted.scores_at(vectors[5], places), vectors[places] @ vectors[5], atol=1e-3)
    assert np.allclose(inverted.rows(), vectors, atol=1e-3)
    assert np.allclose(inverted.scores_of(vectors[:2]), vectors[:2] @ vectors.T, atol=1e-3)


def test_inverted_file_is_the_same_for_equal_vectors_and_does_not_wear_out(pieces, encoder):
    vectors = near_each_other(2000)
    once, twice = (opened(vectors, pieces, encoder, 100) for _ in range(2))
    queries = near_each_other(20, seed=1)
    assert all(map(np.array_equal, once.nearest(queries, 50), twice.nearest(queries, 50)))
    again = opened(once.rows(), pieces, encoder, 100)
    assert np.array_equal(again.rows(), once.rows())


def test_inverted_file_on_disk(tmp_path, pieces, encoder):
    vectors, queries = near_each_other(2000), near_each_other(5, seed=1)
    packed = pack(vectors, 100)
    write_index(tmp_path, packed, manifest_of(pieces, encoder))
    read = read_index(tmp_path, pieces, encoder)
    assert all(map(np.array_equal, read.nearest(queries, 20), packed.search(queries, 20)))
    assert np.allclose(read.scores_at(queries[0], np.array([3, 2])), vectors[[3, 2]] @ queries[0], atol=1e-3)
    with pytest.raises(IndexStale):
        read_index(tmp_path, pieces[1:], encoder)


def test_there_are_not_always_as_many_as_asked_for(pieces, encoder):
    _, places = opened(near_each_other(3), pieces, encoder, 100).nearest(near_each_other(1), 5)
    assert sorted(places[0]) == [-1, -1, 0, 1, 2]
