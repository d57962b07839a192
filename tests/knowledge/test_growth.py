"""Invented kaarten are the same every time and hold no question; measuring them says what it measured."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from io import StringIO
from xml.etree import ElementTree

import numpy as np
import pytest
from rich.console import Console

from knowledge.bench.growth import Row, Task, build, of_ten, plot, serve, table
from knowledge.bench.synthetic import invented, questions
from knowledge.index import DenseIndex, Manifest, pack
from knowledge.ingest import passages
from knowledge.passages import Passage


@pytest.fixture(scope="module")
def real(kaart) -> list[Passage]:
    return passages(kaart)


def test_invented_kaart_is_the_same_every_time_and_a_small_one_begins_a_large_one(real):
    large = list(invented(real, 40))
    assert list(invented(real, 40)) == large
    assert list(invented(real, 10)) == [passage for passage in large if int(passage.entry_id[1:]) < 10]
    assert list(invented(real, 40, seed=1)) != large


def test_invented_passages_are_like_real_ones(real):
    made = list(invented(real, 300))
    assert {passage.language for passage in made} == {passage.language for passage in real}
    lengths = [np.mean([len(passage.text.split()) for passage in some]) for some in (made, real)]
    assert lengths[0] == pytest.approx(lengths[1], rel=0.4)
    by_entry = defaultdict(list)
    for passage in made:
        by_entry[passage.entry_id].append(passage)
    assert len(by_entry) == 300
    assert all(8 <= len(some) <= 10 for some in by_entry.values())
    known = {word for passage in real for word in passage.text.split()}
    for some in by_entry.values():
        names = {passage.text.split()[0] for passage in some if passage.kind in ("name", "summary")}
        assert len(names) == 1, "one name in both languages"
    words = [word for passage in made if passage.kind in ("answer", "question") for word in passage.text.split()]
    assert known.issuperset(words)


def test_questions_are_about_their_entry_and_in_no_passage(real):
    made = list(invented(real, 200))
    asked = questions(made, 150)
    assert asked == questions(made, 150) != questions(made, 150, seed=1)
    assert len(asked) == 150
    assert not {question.text for question in asked} & {passage.text for passage in made}
    words = defaultdict(set)
    for passage in made:
        words[passage.entry_id].update(passage.text.split())
    shared = [len(words[question.entry_id] & {*question.text.split()}) / len(question.text.split()) for question in asked]
    assert np.mean(shared) > 0.7, "mistyped, but not beyond recognition"


def test_asking_for_more_questions_than_there_are(real):
    made = list(invented(real, 3))
    assert 0 < len(questions(made, 1000)) <= len(made)


def test_measuring_a_small_kaart(real, tmp_path):
    task = Task(real, 30, 20, tmp_path)
    row = Row(task.entries, build(task), serve(task))
    assert row.served.passages == len(task.passages())
    assert row.served.of_ten == 1, "a small kaart has an exact index"
    assert 0.8 <= row.served.first <= row.served.in_three <= 1
    assert 0 < row.served.median <= row.served.p95
    assert row.built.disk_megabytes * 2**20 > row.served.passages * 4
    console = Console(width=100, file=StringIO())
    console.print(table([row, row]))
    assert console.file.getvalue().count(f" {row.served.passages:,} ") == 2
    drawn = ElementTree.fromstring(plot([row, replace(row, entries=300)]))
    assert len(drawn.findall(".//{*}polyline")) == 4


def test_share_of_the_ten_nearest():
    random = np.random.default_rng(0)
    vectors = random.normal(size=(500, 8)).astype(np.float32)
    manifest = Manifest.model_construct()
    assert of_ten(DenseIndex(pack(vectors), manifest), vectors, vectors[:9]) == 1
    assert of_ten(DenseIndex(pack(-vectors), manifest), vectors, vectors[:9]) == 0
