"""What is written in Dutch, and what an account may be called."""

from __future__ import annotations

import re

import pytest

from api.conversation.model import Reason, State, Step
from api.desk import errors as desk_errors
from api.desk.errors import HeldByOther
from api.desk.words import ERRORS, LANGUAGES, REASONS, STATES, STEPS, THEMES, duration, sentence
from api.errors import ApiError
from knowledge.languages import LANGUAGES as KNOWN
from sociale_kaart.schema import Theme


def kinds(base: type[ApiError]) -> set[type[ApiError]]:
    return {base} | {below for kind in base.__subclasses__() for below in kinds(kind)}


def test_every_error_has_a_sentence_and_a_line_in_the_tree() -> None:
    shown = {kind for kind in kinds(ApiError) if kind.__module__ in ("api.errors", "api.desk.errors")}
    assert {kind.code for kind in shown} <= set(ERRORS)
    names = {kind.__name__ for kind in shown if kind.__module__ == "api.desk.errors"}
    assert names <= set(re.findall(r"\w+", desk_errors.__doc__ or ""))


def test_every_value_that_a_page_shows_has_words() -> None:
    assert set(LANGUAGES) == set(KNOWN)
    assert set(REASONS) == set(Reason)
    assert set(STATES) == set(State)
    assert set(STEPS) == set(Step)
    assert set(THEMES) == set(Theme)


def test_a_name_in_an_error_is_filled_in() -> None:
    assert sentence(HeldByOther(name="Sanne")).count("Sanne") == 2


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "nu"), (59, "59 min"), (60, "1 u 0 min"), (1439, "23 u 59 min"), (1500, "1 d 1 u")]
)
def test_durations(minutes: int, words: str) -> None:
    assert duration(minutes) == words
