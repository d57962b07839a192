"""From what came of turns, and from steps of conversations, to the numbers of a week. Pure."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from api.conversation.asked import Outcome
from api.conversation.model import Step
from api.signals.suppression import protected

UNKNOWN = ""
"""The row of a table for whom it does not apply to, or is not known."""
_WEIGHT = {
    outcome: weight
    for weight, outcome in enumerate((Outcome.ANSWER, Outcome.ASK_BACK, Outcome.PERSON, Outcome.NONE, Outcome.DANGER))
}
_AS = {Outcome.GOOD: Outcome.ANSWER, Outcome.BAD: Outcome.ANSWER, Outcome.REJECTED: Outcome.NONE}
"""What other outcomes count as, when somebody's whole week is told in one."""


class Part(StrEnum):
    """What is counted: people, and for WAITING and HANDLING whole minutes."""

    TOTAL = "total"
    LANGUAGE = "language"
    CHANNEL = "channel"
    THEME = "theme"
    OUTCOME = "outcome"
    REASON = "reason"
    FEEDBACK = "feedback"
    WAITING = "waiting"
    HANDLING = "handling"


TABLES = (Part.LANGUAGE, Part.CHANNEL, Part.THEME, Part.OUTCOME, Part.REASON, Part.FEEDBACK)
"""What divides the people of a week; WAITING and HANDLING have the keys MEDIAN and P90."""
MEDIAN, P90 = "median", "p90"


@dataclass(frozen=True)
class Turn:
    """What came of one turn."""

    conversation_id: int
    language: str | None
    channel: str
    outcome: Outcome
    entry_id: str | None


@dataclass(frozen=True)
class Happened:
    """A step of a conversation: which, why, when."""

    conversation_id: int
    step: str
    detail: str | None
    at: dt.datetime


@dataclass(frozen=True)
class Number:
    """One number of a week; None: there were people, but too few to be shown."""

    part: Part
    key: str
    number: int | None


ThemeOf = Callable[[str], str | None]


def numbers(
    turns: Sequence[Turn],
    happened: Sequence[Happened],
    start: dt.datetime,
    end: dt.datetime,
    theme_of: ThemeOf,
    fewest: int,
) -> list[Number]:
    """Everything that is kept of a week, from `start` up to `end`: nothing without people. `happened` may begin before.

    `theme_of` gives the theme of an entry, None when the kaart does not have it any more.
    """
    people: dict[int, list[Turn]] = defaultdict(list)
    for turn in turns:
        people[turn.conversation_id].append(turn)
    if not people:
        return []
    if len(people) < fewest:
        return [Number(Part.TOTAL, "", None)]
    reasons = _reasons(happened, start, end)
    tables = {
        Part.LANGUAGE: Counter(turns[-1].language or UNKNOWN for turns in people.values()),
        Part.CHANNEL: Counter(turns[-1].channel for turns in people.values()),
        Part.THEME: Counter(_theme(turns, theme_of) for turns in people.values()),
        Part.OUTCOME: Counter(_outcome(turns) for turns in people.values()),
        Part.REASON: Counter(reasons.get(id, UNKNOWN) for id in people),
        Part.FEEDBACK: Counter(_feedback(turns) for turns in people.values()),
    }
    rows = [Number(part, key, count) for part, table in tables.items() for key, count in protected(table, fewest).items()]
    return [Number(Part.TOTAL, "", len(people)), *rows, *_times(happened, start, end, fewest)]


def _theme(turns: Iterable[Turn], theme_of: ThemeOf) -> str:
    """What somebody was told most about; of equals what came last."""
    told = [turn.entry_id for turn in turns if turn.outcome is Outcome.ANSWER and turn.entry_id]
    themes = [theme for id in told if (theme := theme_of(id))]
    counted = Counter(reversed(themes))
    return counted.most_common(1)[0][0] if counted else UNKNOWN


def _outcome(turns: Iterable[Turn]) -> str:
    """The heaviest of somebody's outcomes."""
    return max((_AS.get(turn.outcome, turn.outcome) for turn in turns), key=_WEIGHT.__getitem__)


def _feedback(turns: Iterable[Turn]) -> str:
    """What somebody said last of an answer: `good:entry` or `bad:entry`."""
    said = [turn for turn in turns if turn.outcome in (Outcome.GOOD, Outcome.BAD)]
    return f"{said[-1].outcome}:{said[-1].entry_id or ''}" if said else UNKNOWN


def _reasons(happened: Iterable[Happened], start: dt.datetime, end: dt.datetime) -> Mapping[int, str]:
    """Why each conversation was first put in the queue within the week."""
    asked = [step for step in happened if step.step == Step.ASK_PERSON and start <= step.at < end]
    return {step.conversation_id: step.detail or UNKNOWN for step in reversed(asked)}


def _times(happened: Iterable[Happened], start: dt.datetime, end: dt.datetime, fewest: int) -> list[Number]:
    """How long people waited, and how long they were helped, where that ended within the week."""
    waits, helps = _spans(happened, start, end)
    return [
        Number(part, key, minutes)
        for part, spans in ((Part.WAITING, waits), (Part.HANDLING, helps))
        for key, minutes in _typical(spans, fewest).items()
    ]


def _spans(happened: Iterable[Happened], start: dt.datetime, end: dt.datetime) -> tuple[list[float], list[float]]:
    """Minutes of waiting and of handling: one of each per conversation, the first that ended within the week."""
    begun: dict[tuple[int, str], dt.datetime] = {}
    waits: dict[int, float] = {}
    helps: dict[int, float] = {}
    for step in happened:
        if step.step in (Step.ASK_PERSON, Step.CLAIM):
            begun[step.conversation_id, step.step] = step.at
        since, spans = {
            str(Step.CLAIM): (Step.ASK_PERSON, waits),
            str(Step.HAND_BACK): (Step.CLAIM, helps),
            str(Step.CLOSE): (Step.CLAIM, helps),
        }.get(step.step, (None, waits))
        first = begun.pop((step.conversation_id, since), None) if since else None
        if first and start <= step.at < end:
            spans.setdefault(step.conversation_id, (step.at - first).total_seconds() / 60)
    return list(waits.values()), list(helps.values())


def _typical(spans: list[float], fewest: int) -> dict[str, int]:
    """The median of enough people; nine in ten only of twice as many, because among a few that is nearly the longest itself."""
    typical = {MEDIAN: round(median(spans))} if len(spans) >= fewest else {}
    if len(spans) >= 2 * fewest:
        typical[P90] = round(sorted(spans)[math.ceil(0.9 * len(spans)) - 1])
    return typical
