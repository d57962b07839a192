"""The bot's actions: each takes Rasa's call and gives events and an answer object. Names are the domain's."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from api.answers.answer import Answer
from api.answers.ask import Asker
from api.rasa.form import ANSWER, FORM, GIVEN, RuleForm
from api.rasa.protocol import ActionCall, ActionResult, say, slot
from api.towns import Towns
from knowledge.naming import name_to_code
from sociale_kaart.kaart import Kaart
from sociale_kaart.schema import Facet

SURE = 0.85
"""From this confidence on, a `facet_` intent is taken at its word: nothing is named. Tried on 29 phrases in five languages: those
that name something stayed below 0.82."""


class Actions:
    """All actions by name, each for the town that the conversation is with."""

    def __init__(self, towns: Towns) -> None:
        self._towns = towns

    @property
    def names(self) -> frozenset[str]:
        return frozenset(ACTIONS)

    def run(self, call: ActionCall) -> ActionResult:
        """Run the action that Rasa asks for. KeyError for a name that is not ours."""
        town = self._towns.of(call.town)
        return ACTIONS[call.next_action](TownActions(town.asker, town.kaart), call)


class TownActions:
    """The actions in one town."""

    def __init__(self, asker: Asker, kaart: Kaart) -> None:
        self._asker, self._kaart, self._form = asker, kaart, RuleForm(kaart)

    def answer(self, call: ActionCall) -> ActionResult:
        """A question about anything: a chosen entry, 'none of these', or a search."""
        chosen, rule = (call.tracker.latest_message.entity(name) for name in ("entry_id", "rule"))
        if rule and (known := self._kaart.find_rule(rule)):
            return self._form.start(known, call)
        if chosen:
            answer = self._asker.entry(chosen)
        elif call.text:
            answer = self._asker.ask(call.text, call.language)
        else:
            # A tapped button without an entry, such as 'none of these': nothing to search with.
            answer = Answer(kind="text", key="answer.not_understood", zone="ask_back")
        return self._told(answer, call)

    def facet(self, call: ActionCall) -> ActionResult:
        """A follow-up about the entry that the conversation is about; when the bot is less than sure, it may name another one."""
        facet = Facet((call.intent or "").removeprefix("facet_"))
        follows = call.entry_id in self._kaart and call.tracker.latest_message.intent.confidence >= SURE
        answer = self._asker.facet(facet, None if follows else call.text or None, call.entry_id, call.language)
        return self._told(answer, call, slot("facet", facet))

    def request_person(self, call: ActionCall) -> ActionResult:
        return say(Answer(kind="person", intent=call.intent))

    def set_language(self, call: ActionCall) -> ActionResult:
        """The named language, or the choice of all when none is named."""
        code = call.tracker.latest_message.entity("language") or name_to_code(call.text)
        return say(Answer(kind="language", intent=call.intent, value=code))

    def forget(self, call: ActionCall) -> ActionResult:
        return say(Answer(kind="forget", intent=call.intent))

    def feedback(self, call: ActionCall) -> ActionResult:
        good = call.intent == "feedback_good"
        return say(Answer(kind="feedback", intent=call.intent, value="good" if good else "bad"))

    def ask_rule(self, call: ActionCall) -> ActionResult:
        """The form's next question."""
        return self._form.ask(call)

    def rule_outcome(self, call: ActionCall) -> ActionResult:
        """What the answers to the form lead to."""
        return self._form.outcome(call)

    def validate(self, call: ActionCall) -> ActionResult:
        """The answer to the form's question; a question of the newcomer's own is answered first, then the form asks again."""
        result = self._form.validate(call)
        refused = not any(event["name"] == GIVEN for event in result.events)
        if refused and call.intent in ("ask", "nlu_fallback"):
            aside = self._asker.ask(call.text, call.language)
            if aside.kind == "entry":
                return say(aside.model_copy(update={"intent": call.intent}), *result.events)
        return result

    def _told(self, answer: Answer, call: ActionCall, *events: dict[str, object]) -> ActionResult:
        remembered = [slot("entry_id", answer.subject)] if answer.subject else []
        return say(answer.model_copy(update={"intent": call.intent}), *remembered, *events)


ACTIONS: Mapping[str, Callable[[TownActions, ActionCall], ActionResult]] = {
    "action_answer": TownActions.answer,
    "action_facet": TownActions.facet,
    "action_request_person": TownActions.request_person,
    "action_set_language": TownActions.set_language,
    "action_forget": TownActions.forget,
    "action_feedback": TownActions.feedback,
    f"validate_{FORM}": TownActions.validate,
    f"action_ask_{FORM}_{ANSWER}": TownActions.ask_rule,
    "action_rule_outcome": TownActions.rule_outcome,
}
