"""Handing a conversation to a person, and telling the newcomer honestly what happens and when."""

from __future__ import annotations

import datetime as dt

from api.answers.moments import clock, day_name
from api.answers.reply import Button, Reply
from api.conversation.model import Conversation, Reason, State, Step
from api.conversation.store import ConversationStore
from api.i18n.catalogue import Catalogue
from api.towns import Town
from sociale_kaart.hours import Hours, closes_at, next_open


class Handover:
    """The way to a person and back."""

    def __init__(self, store: ConversationStore, catalogue: Catalogue) -> None:
        self._store, self._catalogue = store, catalogue

    async def request(self, conversation: Conversation, reason: Reason) -> Conversation:
        """Put the conversation in the queue; one that waits already or is with a person stays as it is."""
        if conversation.state is not State.BOT:
            return conversation
        return await self._store.step(conversation, Step.ASK_PERSON, reason)

    def waiting(self, town: Town, language: str, now: dt.datetime) -> Reply:
        """What happens next, and when, as far as the desk's hours are known."""
        back, desk = self.back_button(language), town.kaart.municipality.desk
        hours = Hours(desk.schedules, desk.closed_on)
        end, start = closes_at(hours, now), next_open(hours, now)
        if end:
            return town.composer.text(language, "person.waiting.open", [back], time=clock(end))
        if start:
            day = day_name(self._catalogue, language, start)
            closed = town.composer.text(language, "person.waiting.closed", [back], day=day, time=clock(start))
            own = [desk.away[language]] if language in desk.away else []
            return closed.model_copy(update={"paragraphs": (*closed.paragraphs, *own)})
        return town.composer.text(language, "person.waiting.unknown", [back])

    def back_button(self, language: str) -> Button:
        """Lets someone who waits go back to the chatbot."""
        return Button(title=self._catalogue.text(language, "button.back_to_bot"), payload="/back_to_bot")
