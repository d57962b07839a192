"""The bot's actions: each takes Rasa's call and gives events and an answer object. Names are the domain's."""

from __future__ import annotations

from collections.abc import Callable

from api.answers.answer import Answer
from api.answers.ask import Asker
from api.rasa.form import FORM, RuleForm
from api.rasa.protocol import ActionCall, ActionResult, say, slot
from knowledge.languages import name_to_code
from sociale_kaart.schema import Facet

Action = Callable[[ActionCall], ActionResult]


class Actions:
    """All actions by name."""

    def __init__(self, asker: Asker, form: RuleForm) -> None:
        self._asker, self._form = asker, form
        self._by_name: dict[str, Action] = {
            "action_answer": self.answer,
            "action_facet": self.facet,
            "action_request_person": self.request_person,
            "action_set_language": self.set_language,
            "action_forget": self.forget,
            "action_feedback": self.feedback,
            f"validate_{FORM}": self.validate,
            "action_krediet_outcome": form.outcome,
        }
        for question in form.questions:
            self._by_name[f"action_ask_{FORM}_{form.slot_of(question)}"] = form.asking(question)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._by_name)

    def run(self, call: ActionCall) -> ActionResult:
        """Run the action that Rasa asks for. KeyError for a name that is not ours."""
        return self._by_name[call.next_action](call)

    def answer(self, call: ActionCall) -> ActionResult:
        """A question about anything: a chosen entry, 'none of these', or a search."""
        chosen = call.tracker.latest_message.entity("entry_id")
        if chosen:
            answer = self._asker.entry(chosen)
        elif call.text:
            answer = self._asker.ask(call.text, call.language)
        else:
            # A tapped button without an entry, such as 'none of these': nothing to search with.
            answer = Answer(kind="text", key="answer.not_understood", zone="ask_back")
        return self._told(answer, call)

    def facet(self, call: ActionCall) -> ActionResult:
        """A follow-up about the entry that the conversation is about."""
        facet = Facet((call.intent or "").removeprefix("facet_"))
        answer = self._asker.facet(facet, call.text or None, call.entry_id, call.language)
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

    def validate(self, call: ActionCall) -> ActionResult:
        """The answer to the form's question; a question of the newcomer's own is answered first, then the form asks again."""
        result = self._form.validate(call)
        if any(event["value"] is None for event in result.events) and call.intent in ("ask", "nlu_fallback"):
            aside = self._asker.ask(call.text, call.language)
            if aside.kind == "entry":
                return say(aside.model_copy(update={"intent": call.intent}), *result.events)
        return result

    def _told(self, answer: Answer, call: ActionCall, *events: dict[str, object]) -> ActionResult:
        remembered = [slot("entry_id", answer.subject)] if answer.subject else []
        return say(answer.model_copy(update={"intent": call.intent}), *remembered, *events)
