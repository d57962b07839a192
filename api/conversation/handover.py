"""Handing a conversation to a person, and telling the newcomer honestly what happens and when."""

from __future__ import annotations

import datetime as dt

from api.answers.compose import Composer
from api.answers.moments import clock, day_name
from api.answers.reply import Button, Reply
from api.conversation.model import Conversation, Reason, State, Step
from api.conversation.store import ConversationStore
from api.i18n.catalogue import Catalogue
from sociale_kaart.hours import Hours, closes_at, next_open
from sociale_kaart.schema import DeskHours


class Handover:
    """The way to a person and back."""

    def __init__(self, store: ConversationStore, composer: Composer, catalogue: Catalogue, desk: DeskHours) -> None:
        self._store, self._composer, self._catalogue = store, composer, catalogue
        self._hours = Hours(desk.schedules, desk.closed_on)

    async def request(self, conversation: Conversation, reason: Reason) -> Conversation:
        """Put the conversation in the queue; one that waits already or is with a person stays as it is."""
        if conversation.state is not State.BOT:
            return conversation
        return await self._store.step(conversation, Step.ASK_PERSON, reason)

    def waiting(self, language: str, now: dt.datetime) -> Reply:
        """What happens next, and when, as far as the desk's hours are known."""
        back = self.back_button(language)
        end, start = closes_at(self._hours, now), next_open(self._hours, now)
        if end:
            return self._composer.text(language, "person.waiting.open", [back], time=clock(end))
        if start:
            day = day_name(self._catalogue, language, start)
            return self._composer.text(language, "person.waiting.closed", [back], day=day, time=clock(start))
        return self._composer.text(language, "person.waiting.unknown", [back])

    def back_button(self, language: str) -> Button:
        """Lets someone who waits go back to the chatbot."""
        return Button(title=self._catalogue.text(language, "button.back_to_bot"), payload="/back_to_bot")
