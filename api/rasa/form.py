"""The rules of the kaart as one Rasa form: it asks what still matters, maps typed answers to options, and ends in the outcome.

Rasa holds three slots: which rule, what was given so far, and the answer to the open question.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.answers.answer import Answer, Ranked
from api.rasa.protocol import ActionCall, ActionResult, say, slot
from knowledge.text import normalise, words
from sociale_kaart.kaart import Kaart
from sociale_kaart.rules import UNKNOWN, Question, Rule, decide

FORM = "rule_form"
RULE, GIVEN, ANSWER = "rule", "rule_given", "rule_answer"
DEFAULT_RULE = "inrichtingskrediet"
"""The rule that an intent of its own starts."""
STATUS = "status"
"""Id of the question about residence status, the same in every rule: told once, it is not asked again."""
DONE = "done"
Event = dict[str, Any]
EMPTIED: list[Event] = [slot(name, None) for name in (RULE, GIVEN, ANSWER)]
LEAVE: list[Event] = [{"event": "active_loop", "name": None}, slot("requested_slot", None)]


class RuleForm:
    """Asks the questions of the rules of one kaart and hands over what was given."""

    def __init__(self, kaart: Kaart) -> None:
        self._kaart = kaart

    def start(self, rule: Rule, call: ActionCall) -> ActionResult:
        """Begin the questions of `rule`, without those that the conversation answered before; none left: the outcome."""
        told = known_status(rule, call.status)
        if next_question(rule, told) is None:
            return _outcome(rule, told, call)
        begun = [slot(RULE, rule.id), slot(GIVEN, told), slot(ANSWER, None)]
        return ActionResult(events=[*begun, {"event": "followup", "name": FORM}])

    def ask(self, call: ActionCall) -> ActionResult:
        """The next question that still matters; leaves the form when there is none, or no such rule in this kaart."""
        rule = self._rule(call)
        if rule is None:
            return say(Answer(kind="none", zone="person", intent=call.intent), *LEAVE)
        given = self._given(rule, call)
        question = next_question(rule, given)
        if question is None:
            return _outcome(rule, given, call, *LEAVE)
        about = (Ranked(id=rule.entry, score=1.0),)
        asked = Answer(kind="question", zone="answer", entries=about, rule=rule.id, question=question.id, intent=call.intent)
        return say(asked, slot(RULE, rule.id), slot(GIVEN, given))

    def validate(self, call: ActionCall) -> ActionResult:
        """Slot events for the answer just given; one that fits no option is asked again (null)."""
        said, rule = call.tracker.slots.get(ANSWER), self._rule(call)
        if said is None or rule is None:
            return ActionResult()
        given = self._given(rule, call)
        question = next_question(rule, given)
        if question is None:
            return ActionResult(events=[slot(ANSWER, DONE)])
        option = option_of(question, str(said))
        if option is None:
            return ActionResult(events=[slot(ANSWER, None)])
        given = given | {question.id: option}
        return ActionResult(events=[slot(GIVEN, given), slot(ANSWER, None if next_question(rule, given) else DONE)])

    def outcome(self, call: ActionCall) -> ActionResult:
        """The outcome for what was given; the slots are emptied for a next time."""
        rule = self._rule(call)
        return _outcome(rule, self._given(rule, call), call) if rule else ActionResult(events=EMPTIED)

    def _rule(self, call: ActionCall) -> Rule | None:
        wanted = call.tracker.slots.get(RULE) or DEFAULT_RULE
        return next((rule for rule in self._kaart.rules if rule.id == wanted), None)

    def _given(self, rule: Rule, call: ActionCall) -> dict[str, str]:
        """What was given so far; a value that someone filled by another road and no question offers is left out."""
        given = call.tracker.slots.get(GIVEN)
        if not isinstance(given, Mapping):
            return known_status(rule, call.status)
        return {str(name): str(value) for name, value in given.items() if value in rule.values(str(name))}


def _outcome(rule: Rule, given: dict[str, str], call: ActionCall, *events: Event) -> ActionResult:
    answer = Answer(kind="outcome", rule=rule.id, given=given, intent=call.intent)
    return say(answer, *EMPTIED, slot("entry_id", rule.entry), *events)


def next_question(rule: Rule, given: Mapping[str, str]) -> Question | None:
    """The first question that was not asked and could still change the outcome, or None."""
    return next((question for question in decide(rule, given).missing if question.id not in given), None)


def known_status(rule: Rule, status: str | None) -> dict[str, str]:
    """The answer to the question about residence status that the conversation gave before, if the rule asks for it."""
    offered = rule.values(STATUS)
    if not status or status == UNKNOWN or not offered:
        return {}
    return {STATUS: status} if status in offered else {STATUS: "other"} if "other" in offered else {}


def option_of(question: Question, given: str) -> str | None:
    """The option that a tapped or typed answer means, or None.

    An option gives way to one that wins over it. Then the longest hint wins ('not yet signed' holds 'signed'); two options with
    equally long hints mean neither.
    """
    values = {option.value for option in question.options}
    if given in values:
        return given
    said = f" {' '.join(words(given))} "
    lengths: dict[str, int] = {}
    for option in question.options:
        phrases = [*option.label.values(), *(hint for hints in option.hints.values() for hint in hints)]
        fitting = [len(normalise(p)) for p in phrases if f" {' '.join(words(p))} " in said]
        if fitting:
            lengths[option.value] = max(fitting)
    beaten = {loser for option in question.options if option.value in lengths for loser in option.wins_over}
    lengths = {value: length for value, length in lengths.items() if value not in beaten}
    best = [value for value, length in lengths.items() if length == max(lengths.values())]
    return best[0] if len(best) == 1 else None
