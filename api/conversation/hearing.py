"""What a newcomer sent, heard before anything is done with it: danger, language, the wish behind a tap."""

from __future__ import annotations

from api.conversation.commands import STANDING, Command, read_command
from api.conversation.model import Conversation
from api.conversation.store import ConversationStore
from api.conversation.turn import DEFAULT_LANGUAGE, IN_WORDS, Heard, Incoming
from api.conversation.watch import Watch
from api.conversation.wishes import forget_said
from api.errors import MessageEmpty, MessageTooLong, NotOffered
from api.metrics import timed
from api.towns import Town, Towns
from knowledge.detection import detect
from knowledge.languages import language as language_named
from sociale_kaart.schema import Entry


class Hearing:
    """Reads messages; changes nothing."""

    def __init__(self, store: ConversationStore, watch: Watch, towns: Towns, message_limit: int) -> None:
        self._store, self._watch, self._towns, self._limit = store, watch, towns, message_limit

    async def hear(self, conversation: Conversation, incoming: Incoming) -> Heard:
        """What was said or tapped.

        Raises:
            MessageEmpty, MessageTooLong: it cannot be stored; danger is looked for all the same.
            NotOffered: a button that this conversation never showed.
        """
        text = incoming.text.strip()
        if incoming.tapped:
            command = read_command(text)
            return Heard(text, await self._title(conversation, text, command), command=command)
        named = self._named(conversation, incoming.kind)
        if named and not text:
            return Heard(text, named)
        with timed("danger"):
            danger = self._watch.find(text)
        if not danger:
            self._check_size(text)
        with timed("language"):
            detection = detect(text, conversation.language)
        words = "\n".join(filter(None, (named, text[: self._limit])))
        return Heard(text, words, detection, None if incoming.kind else forget_said(text), danger)

    def _named(self, conversation: Conversation, kind: str | None) -> str | None:
        """What the conversation calls a message that is not (only) words."""
        if kind is None or kind in IN_WORDS:
            return None
        return self._towns.of(conversation.town).catalogue.text(conversation.language or DEFAULT_LANGUAGE, f"sent.{kind}")

    async def _title(self, conversation: Conversation, payload: str, command: Command | None) -> str:
        """The words on the button that was tapped. NotOffered when this conversation never showed it."""
        for message in reversed(await self._store.messages(conversation.id)):
            for button in message.reply.buttons if message.reply else ():
                if button.payload == payload:
                    return button.title
        if command is None or command.intent not in STANDING:
            raise NotOffered
        if command.intent == "language":
            return language_named(command.value or "").own_name
        if command.intent == "about":
            return chosen(self._towns.of(conversation.town), command).text(conversation.language or DEFAULT_LANGUAGE).name
        language = conversation.language or DEFAULT_LANGUAGE
        return self._towns.of(conversation.town).composer.person(language).title if command.intent == "person" else payload

    def _check_size(self, text: str) -> None:
        if not text:
            raise MessageEmpty
        if len(text) > self._limit:
            raise MessageTooLong(limit=self._limit)


def chosen(town: Town, command: Command) -> Entry:
    """The entry whose public page somebody came from. NotOffered when the town does not have it."""
    entry = town.kaart.find(command.value)
    if entry is None:
        raise NotOffered
    return entry
