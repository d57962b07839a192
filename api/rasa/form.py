"""A rule of the kaart as a Rasa form: one slot per question, typed answers mapped to options, the outcome at the end."""

from __future__ import annotations

from collections.abc import Callable

from api.answers.answer import Answer, Ranked
from api.rasa.protocol import ActionCall, ActionResult, say, slot
from knowledge.text import normalise, words
from sociale_kaart.rules import UNKNOWN, Question, Rule

FORM = "krediet_form"
PREFIX = "krediet_"


class RuleForm:
    """Asks the questions of one rule and hands over what was given."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule

    @property
    def questions(self) -> tuple[str, ...]:
        return tuple(question.id for question in self._rule.questions)

    def slot_of(self, question: str) -> str:
        """Name of the slot that holds the answer to `question`."""
        return f"{PREFIX}{question}"

    def asking(self, question: str) -> Callable[[ActionCall], ActionResult]:
        """The action that asks `question`."""

        def ask(call: ActionCall) -> ActionResult:
            about = (Ranked(id=self._rule.entry, score=1.0),)
            answer = Answer(
                kind="question", zone="answer", entries=about, rule=self._rule.id, question=question, intent=call.intent
            )
            return say(answer)

        return ask

    def validate(self, call: ActionCall) -> ActionResult:
        """Slot events for the answers just given; an answer that fits no option is asked again (null)."""
        asked = call.tracker.slots.get("requested_slot")
        events = []
        for question in self._rule.questions:
            name = self.slot_of(question.id)
            given = call.tracker.slots.get(name)
            if given is not None and name == asked:
                events.append(slot(name, option_of(question, str(given))))
        return ActionResult(events=events)

    def outcome(self, call: ActionCall) -> ActionResult:
        """The outcome for the answers in the slots, which are emptied for a next time."""
        names = {question: self.slot_of(question) for question in self.questions}
        given = {question: self._known(question, call.tracker.slots.get(name)) for question, name in names.items()}
        answer = Answer(kind="outcome", rule=self._rule.id, given=given, intent=call.intent)
        return say(answer, *(slot(name, None) for name in names.values()), slot("entry_id", self._rule.entry))

    def _known(self, question: str, value: object) -> str:
        """The value when the question offers it; a slot that someone filled by another road counts as unknown."""
        return str(value) if value in {option.value for option in self._rule.question(question).options} else UNKNOWN


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
