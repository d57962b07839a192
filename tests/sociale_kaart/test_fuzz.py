"""A damaged file of the kaart is refused with its place, or read whole: never an error of Python, never half a kaart."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from unittest import mock

import pytest
from fuzz_loader import ACCEPTED, CHANGES, FAULTS, PARTIAL, REFUSED, TRACEBACK, Fuzz

from sociale_kaart import loader
from sociale_kaart.kaart import Kaart

CASES, SEED = 300, 20261122


@pytest.fixture(scope="module")
def fuzz(tmp_path_factory) -> Fuzz:
    return Fuzz(tmp_path_factory.mktemp("fuzz"), SEED)


def test_a_damaged_file_is_refused_with_its_place_or_read_whole(fuzz):
    cases = [fuzz.case(number) for number in range(CASES)]
    assert not [case for case in cases if case.verdict in FAULTS]
    counts = Counter(case.verdict for case in cases)
    assert min(counts[REFUSED], counts[ACCEPTED]) > CASES / 20, "both must happen, or the damage is of one kind"
    assert {name for case in cases for name in case.changes} == {change.__name__ for change in CHANGES}
    assert max(case.seconds for case in cases) < 10


def test_a_file_is_whole_again_after_a_case(fuzz):
    before = {path: path.read_bytes() for path in fuzz.root.rglob("*.yaml")}
    fuzz.case(0)
    assert {path: path.read_bytes() for path in fuzz.root.rglob("*.yaml")} == before


def test_faults_would_be_seen(fuzz):
    """A loader that breaks, and one that leaves the last entry or a line of a text out."""
    accepted = next(number for number in range(CASES) if fuzz.case(number).verdict == ACCEPTED)

    def half(folder: Path) -> Kaart:
        kaart = load(folder)
        return Kaart(kaart.municipality, kaart.entries[:-1], kaart.rules, kaart.own)

    load = loader.load_kaart
    with mock.patch.object(loader, "load_kaart", half):
        assert fuzz.case(accepted).verdict == PARTIAL
    with mock.patch.object(loader, "load_kaart", side_effect=RecursionError):
        assert fuzz.case(accepted).verdict == TRACEBACK
