"""Calibration: probabilities from scores, and the zone that costs least."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.calibration import ASK_BACK, PERSON, WRONG_ANSWER, Calibration, Curve, Example, Features, cheapest, fit

probability = st.floats(0, 1)
BEST_FIRST = ("answer", "ask_back", "person")


def seen(top: float, lead: float, third: float) -> Features:
    """What a ranking tells whose letters bear out its meaning by half."""
    return Features(top, lead, third, lexical=top / 2, lexical_lead=lead / 2, outside=(1 - top) / 2)


def examples(language: str = "nl", count: int = 300, seed: int = 1) -> list[Example]:
    """High, clear scores are right; low ones are wrong; in between it depends."""
    random = np.random.default_rng(seed)
    made = []
    for top in random.uniform(0, 1, count):
        lead = float(random.uniform(0, top / 2))
        in_three = bool(random.uniform() < 1 / (1 + np.exp(-14 * (top - 0.35))))
        first = in_three and bool(random.uniform() < 1 / (1 + np.exp(-14 * (top - 0.5))))
        made.append(Example(language, seen(float(top), lead, float(top) - lead), first, in_three))
    return made


@pytest.mark.parametrize(
    ("first", "in_three", "zone"),
    [
        (1, 1, "answer"),
        (0.95, 0.95, "answer"),
        (0.5, 0.9, "ask_back"),
        (0.2, 0.8, "ask_back"),
        (0.1, 0.3, "person"),
        (0, 0, "person"),
    ],
)
def test_cheapest_zone(first, in_three, zone):
    assert cheapest(first, in_three) == zone


@given(probability, probability)
def test_no_other_zone_costs_less(first, in_three):
    """Expected cost: a wrong answer; a question back, and a person after it if nothing fitted; a person."""
    costs = {"answer": WRONG_ANSWER * (1 - first), "ask_back": ASK_BACK + PERSON * (1 - in_three), "person": PERSON}
    assert costs[cheapest(first, in_three)] == min(costs.values())


@given(probability, probability, probability)
def test_surer_is_never_worse(one, other, in_three):
    low, high = sorted([one, other])
    zones = [cheapest(p, max(p, in_three)) for p in (low, high)]
    assert BEST_FIRST.index(zones[1]) <= BEST_FIRST.index(zones[0])


@given(probability, probability, probability)
def test_surer_of_the_first_three_never_sends_to_a_person(first, one, other):
    low, high = sorted([one, other])
    if cheapest(first, low) != "person":
        assert cheapest(first, high) != "person"


def test_fitted_curves_find_the_zones():
    calibration = fit(examples())
    assert calibration.zone("nl", seen(0.95, 0.4, 0.5))[0] == "answer"
    assert calibration.zone("nl", seen(0.47, 0.05, 0.42))[0] == "ask_back"
    assert calibration.zone("nl", seen(0.05, 0.01, 0.04))[0] == "person"


def test_probabilities_are_about_right():
    """Fitted on one half, the mean probability meets the share of right answers in the other."""
    calibration, others = fit(examples(count=2000, seed=2)), examples(count=2000, seed=3)
    told = [calibration.zone("nl", example.features)[1] for example in others]
    for low, high in ((0, 0.2), (0.2, 0.5), (0.5, 0.8), (0.8, 1.01)):
        inside = [(p, example.first) for p, example in zip(told, others, strict=True) if low <= p < high]
        assert abs(np.mean([p for p, _ in inside]) - np.mean([right for _, right in inside])) < 0.12


def test_each_language_has_its_curve_and_others_the_common_one():
    hard = [Example("ti", e.features, e.first and e.features.top > 0.8, e.in_three) for e in examples(seed=4)]
    calibration = fit([*examples(), *hard])
    clear = seen(0.75, 0.3, 0.4)
    dutch, tigrinya, common = (calibration.zone(code, clear)[1] for code in ("nl", "ti", None))
    assert tigrinya < common < dutch
    assert calibration.zone("so", clear)[1] == common
    assert calibration.examples == {"": 600, "nl": 300, "ti": 300}


def test_language_with_few_right_examples_uses_the_common_curve():
    """One lucky question must not bend a curve."""
    few = [Example("uk", seen(0.1, 0, 0.1), False, False)] * 40 + [Example("uk", seen(0.2, 0, 0.2), True, True)]
    calibration = fit([*examples(), *few])
    assert "uk" not in calibration.first
    assert calibration.zone("uk", seen(0.9, 0.3, 0.5)) == calibration.zone(None, seen(0.9, 0.3, 0.5))


@pytest.mark.parametrize("chosen", [[], [e for e in examples() if e.first], [e for e in examples() if not e.in_three]])
def test_nothing_to_compare_means_that_nothing_is_answered(chosen):
    calibration = fit(chosen)
    assert calibration.cautious
    assert calibration.examples == {"": len(chosen)}
    assert {calibration.zone(code, seen(top, top, 0))[0] for code in ("nl", None) for top in (0.0, 0.5, 1.0)} == {"ask_back"}


@pytest.mark.parametrize(("right", "wrong", "cautious"), [(5, 5, False), (4, 50, True), (50, 4, True)])
def test_few_examples_bend_no_curve(right, wrong, cautious):
    chosen = [Example("nl", seen(0.9, 0.4, 0.5), True, True)] * right + [Example("en", seen(0.1, 0, 0.1), False, False)] * wrong
    assert fit(chosen).cautious == cautious


def test_json_round_trip():
    assert Calibration.model_validate_json(fit([]).model_dump_json()).cautious
    calibration = fit(examples())
    again = Calibration.model_validate_json(calibration.model_dump_json())
    assert again == calibration
    assert again.zone("nl", seen(0.6, 0.1, 0.4)) == calibration.zone("nl", seen(0.6, 0.1, 0.4))


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_probability_is_one(top, lead, third):
    assert 0 <= Curve(weights=(5.0, -3.0, 2.0, 1.0, -1.0, -2.0), intercept=-1.0).probability(seen(top, lead, third)) <= 1
