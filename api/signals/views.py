"""What the pages show of a group. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from api.answers.answer import Ranked
from api.desk.kaart.words import why_in_words
from api.desk.words import THEMES, sentence
from api.errors import ApiError
from api.publishing.errors import KaartRefused
from api.signals.groups import Group
from api.signals.questions import Question
from api.signals.words import REFUSALS, WHYS
from api.towns import Town
from sociale_kaart.kaart import Kaart
from sociale_kaart.review import ORIGINAL


@dataclass(frozen=True)
class GroupView:
    """A group in a list or at the top of its page."""

    id: int
    people: int
    central: Question
    languages: tuple[str, ...]
    whys: tuple[str, ...]
    near: str | None
    """Name of the nearest entry."""
    theme: str | None
    percent: int | None
    """How sure it is that this entry answers."""
    answered: bool
    """Whether the assistant would answer it by now."""


def view_group(group: Group, town: Town) -> GroupView:
    """The group in words."""
    nearest = town.kaart.find(group.near[0].id) if group.near else None
    return GroupView(
        group.id,
        group.people,
        group.central,
        group.languages,
        tuple(WHYS[why] for why in group.whys),
        nearest.texts[ORIGINAL].name if nearest else None,
        THEMES[nearest.themes[0]] if nearest else None,
        round(group.probability * 100) if group.probability is not None else None,
        group.answered,
    )


def named(ranked: Iterable[Ranked], kaart: Kaart) -> list[tuple[str, str, bool]]:
    """Id and Dutch name of entries, and whether they are the town's own."""
    found = (kaart.find(each.id) for each in ranked)
    return [(entry.id, entry.texts[ORIGINAL].name, kaart.is_own(entry.id)) for entry in found if entry]


def refused_in_words(error: ApiError) -> Sequence[str]:
    """Why it was refused, one sentence each."""
    if isinstance(error, KaartRefused):
        return list(dict.fromkeys(why_in_words(problem.why) for problem in error.problems))
    words = REFUSALS.get(error.code)
    return [words.format(**error.values) if words else sentence(error)]
