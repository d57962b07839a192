"""The way of a message, top-down: store, language, danger, a person or the bot, words, store."""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary

import structlog

from api.answers.answer import Answer
from api.answers.compose import Composer
from api.answers.reply import Reply
from api.conversation.asked import DANGER, asked_of
from api.conversation.broadcast import QUEUE, Broadcast, topic
from api.conversation.commands import Command, without_bot
from api.conversation.danger import Danger
from api.conversation.handover import Handover
from api.conversation.hearing import Hearing, chosen
from api.conversation.model import Conversation, Reason, State, Step
from api.conversation.pending import pending
from api.conversation.retention import Retention
from api.conversation.status import STATUS_ASKED, differs, status_given, status_said
from api.conversation.store import Clock, ConversationStore
from api.conversation.turn import DEFAULT_LANGUAGE, SEEN_BY_PERSON, TO_PERSON, Heard, Incoming, Turn
from api.conversation.watch import Watch
from api.freshness.reports import Reports
from api.metrics import BOT_SILENT, timed
from api.rasa.client import BotClient, spoken
from api.towns import Town, Towns
from knowledge.detection import Detection
from knowledge.languages import language as language_named
from knowledge.languages import offered_codes

log = structlog.get_logger(__name__)
MAX_FAILURES = 2
DANGER_LANGUAGES = ["nl", "en"]
"""What is said without being asked for, such as about danger, when the language is not known."""


class Flow:
    """Takes one message at a time per conversation."""

    def __init__(
        self,
        store: ConversationStore,
        watch: Watch,
        bot: BotClient,
        towns: Towns,
        handover: Handover,
        retention: Retention,
        broadcast: Broadcast,
        clock: Clock,
        message_limit: int,
        reports: Reports,
    ) -> None:
        self._store, self._bot, self._towns = store, bot, towns
        self._hearing = Hearing(store, watch, towns, message_limit)
        self._handover, self._retention, self._reports = handover, retention, reports
        self._broadcast, self._clock = broadcast, clock
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def receive(self, conversation: Conversation, incoming: Incoming) -> Turn:
        """Handle one message; a redelivered one gives the answers that were stored for it.

        Raises:
            MessageEmpty, MessageTooLong: nothing was stored; danger is looked for all the same.
        """
        async with self._locks.setdefault(conversation.id, asyncio.Lock()):
            turn = await self._handle(await self._store.get(conversation.id), incoming)
        self._broadcast.publish(topic(conversation.id), QUEUE)
        return turn

    async def forget(self, conversation: Conversation) -> None:
        """Delete the conversation, after a message of it that is being handled."""
        async with self._locks.setdefault(conversation.id, asyncio.Lock()):
            await self._retention.forget(conversation.id)
        self._broadcast.publish(topic(conversation.id), QUEUE)

    def _town(self, conversation: Conversation) -> Town:
        return self._towns.of(conversation.town)

    def _composer(self, conversation: Conversation) -> Composer:
        return self._town(conversation).composer

    async def _handle(self, conversation: Conversation, incoming: Incoming) -> Turn:
        heard = await self._hearing.hear(conversation, incoming)
        message, new = await self._store.add_person(conversation.id, incoming.origin, heard.words, heard.detection.code)
        if not new:
            return Turn(message, tuple(await self._store.answers_to(message.id)))
        with pending(conversation.id):
            if heard.command and heard.command.intent == "forget_confirmed":
                await self._retention.forget(conversation.id)
                return Turn(None, (), forgotten=True)
            replies = await self._replies(conversation, incoming, heard)
            return Turn(message, tuple(await self._store.finish(message, replies)))

    async def _replies(self, conversation: Conversation, incoming: Incoming, heard: Heard) -> list[Reply]:
        conversation = await self._reopen(await self._learn_language(conversation, heard.detection))
        if heard.danger:
            return await self._alarm(conversation, heard.danger)
        if incoming.kind:
            replies = await self._sent(conversation, incoming.kind)
        else:
            replies = await self._reply(conversation, heard.text, heard.detection, heard.command)
        return [*self._introduction(conversation), *replies] if incoming.introduce else replies

    def _introduction(self, conversation: Conversation) -> list[Reply]:
        """Who answers here and who may read along, with the languages to choose from; in all of them when none is known."""
        languages = [conversation.language] if conversation.language else list(offered_codes())
        return [self._composer(conversation).languages(language, "notice") for language in languages]

    async def _learn_language(self, conversation: Conversation, detection: Detection) -> Conversation:
        code = detection.code
        if code is None or code == conversation.language or not language_named(code).offered:
            return conversation
        await self._store.change(conversation.id, language=code)
        return await self._store.get(conversation.id)

    async def _reopen(self, conversation: Conversation) -> Conversation:
        if conversation.state is not State.CLOSED:
            return conversation
        return await self._store.step(conversation, Step.REOPEN)

    async def _alarm(self, conversation: Conversation, danger: Danger) -> list[Reply]:
        """The fixed text at once; the conversation goes to the top of the queue."""
        await self._handover.request(conversation, Reason.DANGER)
        await self._store.change(conversation.id, danger=True)
        await self._store.note(conversation.id, "danger", danger)
        await self._store.asked(conversation, DANGER)
        return [self._composer(conversation).danger(language, danger) for language in _spoken(conversation)]

    async def _sent(self, conversation: Conversation, kind: str) -> list[Reply]:
        """The fixed answer to what is not words; a person looks at what only a person can."""
        if conversation.state is State.HUMAN and kind in SEEN_BY_PERSON:
            return []
        replies = [self._composer(conversation).text(language, f"sent.{kind}.answer") for language in _spoken(conversation)]
        if kind not in TO_PERSON:
            return replies
        waits = conversation.state is State.WAITING
        told = await (self._while_waiting(conversation) if waits else self._to_person(conversation, Reason.SENT))
        return [*(reply.model_copy(update={"buttons": ()}) for reply in replies), *told]

    async def _reply(self, conversation: Conversation, text: str, detection: Detection, command: Command | None) -> list[Reply]:
        if command and command.intent == "back_to_bot":
            return await self._back_to_bot(conversation)
        if command and command.intent == "forget":
            return [self._composer(conversation).forget(conversation.language or DEFAULT_LANGUAGE)]
        if command and command.intent == "language":
            return await self._set_language(conversation, command.value)
        if command and command.intent == "report":
            return [await self._reports.take(self._town(conversation), command, conversation.language or DEFAULT_LANGUAGE)]
        if conversation.state is State.HUMAN:
            return []
        if conversation.state is State.WAITING:
            return await self._while_waiting(conversation)
        status = status_said(conversation, self._town(conversation).kaart.status_question(), text, command)
        if status:
            return await self._set_status(conversation, status)
        if command and command.intent == "person":
            return await self._act(conversation, command, Answer(kind="person"))  # without Rasa: a person is one step away
        unspoken = self._unspoken(conversation, detection)
        if unspoken:
            return [unspoken]
        if command and command.intent == "about":
            town = self._town(conversation)
            return await self._act(conversation, command, town.asker.entry(chosen(town, command).id))
        answers = await self._answers(conversation, text, command)
        return [reply for answer in answers for reply in await self._act(conversation, command, answer)]

    def _unspoken(self, conversation: Conversation, detection: Detection) -> Reply | None:
        """What to say in a language that is not offered, or before any language is known."""
        language, code = conversation.language or DEFAULT_LANGUAGE, detection.code
        if code and not language_named(code).offered:
            return self._composer(conversation).languages(language, "language.close", name=language_named(code).own_name)
        if conversation.language is None:
            return self._composer(conversation).languages(language, "language.unknown")
        return None

    async def _answers(self, conversation: Conversation, text: str, command: Command | None) -> list[Answer]:
        """What Rasa says; when it is down or silent, what search says."""
        metadata = {
            "language": conversation.language,
            "entry_id": conversation.entry_id,
            "town": self._town(conversation).id,
            "status": conversation.status,
        }
        with timed("bot"):
            answers = await self._bot.ask(conversation.sender, text if command else spoken(text), metadata)
        if answers:
            return answers
        BOT_SILENT.inc()
        log.warning("bot_silent", conversation=conversation.id)
        if command:
            return [without_bot(command, self._town(conversation).asker, conversation.entry_id)]
        return [self._town(conversation).asker.ask(text, conversation.language)]

    async def _act(self, conversation: Conversation, command: Command | None, answer: Answer) -> list[Reply]:
        """Do what the answer asks for and put it into words."""
        await self._store.asked(conversation, asked_of(answer, command, conversation.entry_id))
        language = conversation.language or DEFAULT_LANGUAGE
        if answer.kind == "language":
            return await self._set_language(conversation, answer.value)
        if answer.kind == "forget":
            return [self._composer(conversation).forget(language)]
        if answer.kind == "feedback":
            await self._store.note(conversation.id, "feedback", answer.value)
            bad = answer.value == "bad"
            offer = self._reports.offer(self._town(conversation), conversation.entry_id, language) if bad else ()
            return [self._composer(conversation).text(language, f"feedback.thanks_{answer.value}", offer)]
        if answer.kind == "person":
            return await self._to_person(conversation, Reason.ASKED)
        if answer.kind == "none":
            none = self._composer(conversation).text(language, "answer.no_answer", [self._handover.back_button(language)])
            return [none.model_copy(update={"buttons": ()}), *await self._to_person(conversation, Reason.NO_ANSWER)]
        return await self._told(conversation, answer, language)

    async def _told(self, conversation: Conversation, answer: Answer, language: str) -> list[Reply]:
        failures = conversation.failures + 1 if answer.zone == "ask_back" else 0
        status = status_given(answer) or conversation.status
        asking = status is None and differs(answer, self._town(conversation).kaart)
        await self._store.change(
            conversation.id,
            failures=failures,
            entry_id=answer.subject or conversation.entry_id,
            status=STATUS_ASKED if asking else status,
        )
        reply = self._composer(conversation).answer(answer, language, self._clock(), status)
        if failures >= MAX_FAILURES:
            return [reply, *await self._to_person(conversation, Reason.FAILURES)]
        return [reply, self._composer(conversation).ask_status(language)] if asking else [reply]

    async def _set_status(self, conversation: Conversation, status: str) -> list[Reply]:
        """Remember the status, for this conversation only, and tell what it changes about the entry told last."""
        await self._store.change(conversation.id, status=status)
        entry = self._town(conversation).kaart.find(conversation.entry_id)
        return [self._composer(conversation).for_status(entry, status, conversation.language or DEFAULT_LANGUAGE)]

    async def _to_person(self, conversation: Conversation, reason: Reason) -> list[Reply]:
        await self._handover.request(conversation, reason)
        return [self._handover.waiting(self._town(conversation), conversation.language or DEFAULT_LANGUAGE, self._clock())]

    async def _while_waiting(self, conversation: Conversation) -> list[Reply]:
        """The bot is silent; only the way back to it is shown."""
        language = conversation.language or DEFAULT_LANGUAGE
        return [self._composer(conversation).text(language, "person.received", [self._handover.back_button(language)])]

    async def _back_to_bot(self, conversation: Conversation) -> list[Reply]:
        if conversation.state is State.WAITING:
            await self._store.step(conversation, Step.HAND_BACK)
        return [self._composer(conversation).text(conversation.language or DEFAULT_LANGUAGE, "person.back")]

    async def _set_language(self, conversation: Conversation, code: str | None) -> list[Reply]:
        current = conversation.language or DEFAULT_LANGUAGE
        if code is None:
            return [self._composer(conversation).languages(current, "language.choose")]
        known = language_named(code)
        if not known.offered:
            return [self._composer(conversation).languages(current, "language.close", name=known.own_name)]
        await self._store.change(conversation.id, language=code)
        return [self._composer(conversation).text(code, "language.changed")]


def _spoken(conversation: Conversation) -> list[str]:
    """What something fixed is said in."""
    return [conversation.language] if conversation.language else DANGER_LANGUAGES
