"""Passages: what search compares with, and which questions are kept out of training."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from knowledge.ingest import passages
from knowledge.passages import Passage, checksum


def question(text: str) -> Passage:
    return Passage("fiets", "nl", "question", text)


def test_every_text_of_every_entry_and_language(small_kaart):
    found = passages(small_kaart)
    assert {(p.entry_id, p.language) for p in found} == {(entry.id, code) for entry in small_kaart for code in ("nl", "en")}
    dutch = small_kaart.entry("fiets").texts["nl"]
    mine = [(p.kind, p.text) for p in found if (p.entry_id, p.language) == ("fiets", "nl")]
    assert mine == [
        ("name", dutch.name),
        ("summary", dutch.summary),
        ("answer", dutch.answer[0]),
        ("fact", dutch.facts.where),
        *(("question", line) for line in dutch.questions),
    ]


def test_order_is_fixed(small_kaart):
    shuffled = replace(small_kaart)  # the same entries in the same order, loaded anew
    assert passages(shuffled) == passages(small_kaart)


def test_development_split_is_a_fixed_fifth():
    split = [question(f"vraag nummer {number}").development for number in range(5000)]
    assert 0.18 < sum(split) / len(split) < 0.23
    # Known members: the split must never move, or the encoder would be judged on what it was trained on.
    assert [number for number in range(20) if split[number]] == [0, 1, 7, 11, 14, 18]


@given(st.text(min_size=1, max_size=40))
def test_case_and_entry_do_not_move_a_question(text):
    here = question(text)
    assert here.development == Passage("school", "en", "question", text.casefold()).development


def test_only_questions_are_held_out():
    texts = [f"zin {number}" for number in range(200)]
    for kind in ("name", "summary", "answer", "fact"):
        assert not any(Passage("fiets", "nl", kind, text).development for text in texts)


def test_checksum_tells_every_change(pieces):
    changed = [
        pieces[1:],
        [*pieces[1:], pieces[0]],
        [*pieces, pieces[0]],
        *([replace(pieces[0], **{field: "x"}), *pieces[1:]] for field in ("entry_id", "language", "kind", "text", "style")),
    ]
    sums = [checksum(each) for each in (pieces, *changed)]
    assert len(set(sums)) == len(sums)
    assert checksum(iter(pieces)) == sums[0]
