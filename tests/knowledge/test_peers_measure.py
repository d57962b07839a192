from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from knowledge.bench.peers_measure import (
    ALL,
    Answers,
    Peer,
    Question,
    Ranked,
    Trial,
    best_first,
    calibrated,
    one_by_one,
    one_core,
    stand,
    trial,
)
from knowledge.calibration import fit
from knowledge.evaluation import Row
from knowledge.passages import Passage

ENTRIES = ("zwemles", "fiets", "tolk", "geld")
SURE, UNSURE = (9.0, 1.0, 0.5, 0.2), (2.0, 1.9, 1.8, 1.7)


def scored(entry: str, scores: tuple[float, ...], milliseconds: float = 1.0) -> Ranked:
    """A ranking with this entry first, the others in their order."""
    entries = (entry, *(other for other in ENTRIES if other != entry))
    return Ranked(*best_first(entries, np.array(scores, dtype=np.float32)), milliseconds)


def row(qid: str, lang: str, ids: tuple[str, ...] = (), kind: str = "in") -> Row:
    return Row(qid, lang, kind, "", "", f"text of {qid}", ids)


PRACTICE = [(Question(lang, f"{lang} {n}"), "tolk" if n % 2 else None) for lang in ("nl", "ti") for n in range(40)]
PRACTISED = [scored("tolk", SURE if entry else UNSURE) for _, entry in PRACTICE]
"""A sure ranking is always right, an unsure one never."""


def standing(answers: dict[str, Ranked], rows: list[Row]):
    texts = [Passage(entry, "nl", "name", entry) for entry in ENTRIES]
    asked: list[Question] = []

    def ask(questions):
        asked.extend(questions)
        return Answers([answers[row.qid] for row in rows] + PRACTISED, 12.5)

    found = stand(Peer("hand", "nothing", ask), Trial(texts, rows, PRACTICE))
    assert asked == [Question(row.lang, row.text) for row in rows] + [question for question, _ in PRACTICE]
    return found


def test_the_measures_are_those_of_hand_made_rankings():
    rows = [row("a", "nl", ("fiets",)), row("b", "nl", ("geld",)), row("c", "ti", ("tolk",)), row("d", "ti", kind="ood")]
    found = standing(
        {
            "a": scored("fiets", SURE, 3.0),  # answered, rightly
            "b": scored("tolk", SURE, 5.0),  # answered, wrongly: geld comes fourth
            "c": scored("fiets", UNSURE, 7.0),  # not answered; tolk comes third
            "d": scored("tolk", SURE, 9.0),  # should not be answered, is
        },
        rows,
    )
    dutch, tigrinya, together = (found.metrics[code] for code in ("nl", "ti", ALL))
    assert (dutch.recall_at_1, dutch.recall_at_3, dutch.wrong_answers, dutch.answered) == (0.5, 0.5, 0.5, 1.0)
    assert dutch.false_answers is None
    assert (tigrinya.recall_at_1, tigrinya.recall_at_3, tigrinya.wrong_answers, tigrinya.answered) == (0.0, 1.0, 0.0, 0.0)
    assert tigrinya.false_answers == 1.0
    assert together.recall_at_1 == pytest.approx(1 / 3)
    assert together.recall_at_3 == pytest.approx(2 / 3)
    assert together.false_answers == 1.0


def test_milliseconds_are_of_the_measured_questions_only():
    found = standing(
        {"a": scored("fiets", SURE, 4.0), "b": scored("geld", SURE, 6.0)}, [row("a", "nl", ("fiets",)), row("b", "nl", ("geld",))]
    )
    assert (found.milliseconds, found.megabytes) == (5.0, 12.5)


def test_a_row_whose_entries_the_texts_lack_counts_for_nobody():
    found = standing(
        {"a": scored("fiets", SURE), "b": scored("geld", SURE)}, [row("a", "nl", ("fiets",)), row("b", "nl", ("gone",))]
    )
    assert found.metrics["nl"].recall_at_1 == 1.0
    assert found.metrics["nl"].skipped == 1


def test_scores_of_any_scale_give_the_same_zones():
    small = [replace(ranked, features=best_first(ENTRIES, np.array(UNSURE, np.float32) / 100)[1]) for ranked in PRACTISED]
    large = [replace(ranked, features=best_first(ENTRIES, np.array(SURE, np.float32) * 100)[1]) for ranked in PRACTISED]
    mixed = [one if entry is None else other for (_, entry), one, other in zip(PRACTICE, small, large, strict=True)]
    curves = calibrated(PRACTICE, mixed)
    assert curves.zone("nl", large[0].features)[0] == "answer"
    assert curves.zone("nl", small[0].features)[0] != "answer"


def test_practice_without_answer_teaches_that_no_entry_is_right():
    curves = calibrated(PRACTICE, PRACTISED)
    assert curves != fit([])
    assert not curves.cautious
    assert curves.examples == {"": 80, "nl": 40, "ti": 40}


def test_equal_scores_keep_the_order_of_the_kaart():
    entries, features = best_first(ENTRIES, np.array([0.1, 0.7, 0.7, 0.2], np.float32))
    assert entries == ("fiets", "tolk", "geld", "zwemles")
    assert features.row() == pytest.approx([0.7, 0.0, 0.2, 0.0, 0.0, 0.0])


def test_a_missing_third_entry_scores_nothing():
    assert best_first(("one", "two"), np.array([0.5, 0.25], np.float32))[1].row() == [0.5, 0.25, 0.0, 0.0, 0.0, 0.0]


def test_nobody_searches_in_development_questions(pieces):
    given = trial(pieces, [row("a", "nl", ("fiets",)), row("b", "nl", kind="chat"), row("c", "nl", kind="ood")], [("nl", "Wie?")])
    assert given.texts == [piece for piece in pieces if not piece.development]
    assert [each.qid for each in given.rows] == ["a", "c"]
    asked = {question.text for question, _ in given.practice}
    assert asked == {piece.text for piece in pieces if piece.development} | {"Wie?"}
    assert dict(given.practice)[Question("nl", "Wie?")] is None


def test_practice_holds_no_words_that_stand_among_the_texts(pieces):
    taken = next(piece for piece in pieces if piece.development)
    given = trial([*pieces, Passage("tolk", "nl", "name", taken.text.upper())], [], [])
    assert taken.text not in {question.text for question, _ in given.practice}
    assert len(given.practice) == sum(piece.development for piece in pieces) - 1


def test_questions_are_ranked_one_by_one_on_one_core():
    cores = []

    def rank(question):
        cores.append(torch.get_num_threads())
        return best_first(ENTRIES, np.array([len(question.text), 0, 0, 0], np.float32))

    before = torch.get_num_threads()
    ranked = one_by_one([Question("nl", "een"), Question("nl", "twaalf")], rank)
    assert [each.features.top for each in ranked] == [3.0, 6.0]
    assert cores == [1, 1]
    assert torch.get_num_threads() == before


def test_the_cores_come_back_after_a_mistake():
    before = torch.get_num_threads()
    with pytest.raises(ZeroDivisionError), one_core():
        raise ZeroDivisionError
    assert torch.get_num_threads() == before
