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
from knowledge.index import MEND, Manifest, pack, read_index, write_index
from knowledge.passages import checksum

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
    assert np.allclose(index.scores(query), vectors @ query, atol=1e-6)
    assert index.scores(query).dtype == np.float32


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
    before = index.scores(query)
    again()
    again()
    assert (index.scores(query) == before).all()


def test_kaart_without_questions_to_calibrate_on_answers_nothing_and_says_so(built, pieces):
    folder, again = built
    assert not again().calibration.cautious
    assert again([piece for piece in pieces if not piece.development]).calibration.cautious
    assert json.loads((folder / "current/manifest.json").read_text())["calibration"]["cautious"] is True


def test_kaart_without_entries(built):
    _, again = built
    with pytest.raises(TooFewQuestions, match="no entries"):
        again([])
