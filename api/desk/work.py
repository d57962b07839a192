"""What a desk worker does with a conversation: take it, answer, give it back, close it."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from api.answers.reply import Reply
from api.conversation.broadcast import QUEUE, Broadcast, topic
from api.conversation.handover import Handover
from api.conversation.model import Conversation, NotPossible, State, Step
from api.conversation.store import Clock, ConversationStore
from api.conversation.turn import DEFAULT_LANGUAGE
from api.desk.accounts import Staff
from api.desk.errors import HeldByOther, NotHeld, ReasonMissing
from api.desk.presence import Coworker
from api.desk.words import CLOSINGS
from api.errors import AlreadyTaken, MessageEmpty, MessageTooLong, NotFound
from api.towns import Towns


class Work:
    """Each step checks who has the conversation, tells the newcomer in their language, and wakes open pages."""

    def __init__(
        self,
        store: ConversationStore,
        towns: Towns,
        broadcast: Broadcast,
        handover: Handover,
        clock: Clock,
        message_limit: int,
    ) -> None:
        self._store, self._towns, self._broadcast = store, towns, broadcast
        self._handover, self._clock, self._limit = handover, clock, message_limit

    async def claim(self, conversation: Conversation, staff: Staff) -> None:
        """Take a waiting conversation; taking one's own again changes nothing.

        Raises:
            HeldByOther: a colleague was first; the error names them.
            NotHeld: it does not wait any more and nobody has it.
        """
        if conversation.state is State.HUMAN and conversation.staff_id == staff.id:
            return
        try:
            await self._store.step(conversation, Step.CLAIM, staff_id=staff.id)
        except (AlreadyTaken, NotPossible):
            self.check_held(await self._store.get(conversation.id), staff)
            return
        taken = self._towns.of(conversation.town).composer.text(_language(conversation), "person.taken", name=staff.name)
        await self._say(conversation, taken.model_copy(update={"buttons": ()}))

    async def reply(self, conversation: Conversation, staff: Staff, said: str | Reply) -> None:
        """Send the worker's words, or what was made for them: a phrase, an entry, a translation.

        Raises:
            HeldByOther, NotHeld: the worker does not have the conversation.
            MessageEmpty, MessageTooLong: nothing was sent.
            NotFound: the newcomer had everything deleted just now.
        """
        self.check_held(conversation, staff)
        try:
            await self._store.add_staff(conversation.id, staff.name, said if isinstance(said, Reply) else self.checked(said))
        except IntegrityError:
            raise NotFound from None
        self._broadcast.publish(topic(conversation.id), QUEUE)

    def check_held(self, conversation: Conversation, staff: Staff) -> None:
        """NotHeld when nobody has the conversation, HeldByOther when a colleague has it."""
        if conversation.state is not State.HUMAN:
            raise NotHeld
        if conversation.staff_id != staff.id:
            raise HeldByOther(name=conversation.staff_name or "een collega")

    def checked(self, text: str) -> str:
        """An answer as it is stored. MessageEmpty or MessageTooLong when it cannot be sent."""
        words = text.replace("\r\n", "\n").strip()
        if not words:
            raise MessageEmpty
        if len(words) > self._limit:
            raise MessageTooLong(limit=self._limit)
        return words

    async def hand_back(self, conversation: Conversation, staff: Staff) -> None:
        """The chatbot answers again. Errors as in `reply`."""
        await self._end(conversation, staff, Step.HAND_BACK, "person.back")

    async def close(self, conversation: Conversation, staff: Staff, reason: str) -> None:
        """Done; a new message of the newcomer opens it again, with the chatbot.

        ReasonMissing when `reason` is none of `words.CLOSINGS`; else errors as in `reply`.
        """
        self.check_held(conversation, staff)
        if reason not in CLOSINGS:
            raise ReasonMissing
        await self._end(conversation, staff, Step.CLOSE, "person.closed", reason)

    async def release(self, conversation: Conversation, staff: Staff) -> None:
        """Put it back into the queue, in its old place; the newcomer is told. Errors as in `reply`."""
        self.check_held(conversation, staff)
        await self._store.step(conversation, Step.RELEASE, staff_id=staff.id)
        await self._say(
            conversation, self._handover.waiting(self._towns.of(conversation.town), _language(conversation), self._clock())
        )

    async def transfer(self, conversation: Conversation, staff: Staff, to: Coworker) -> None:
        """Give one's own conversation to a colleague, or take a colleague's over (`to` is then oneself); the newcomer is told.

        NotHeld when nobody has it; HeldByOther when it is neither one's own nor taken over oneself.
        """
        if conversation.state is not State.HUMAN:
            raise NotHeld
        if to.id != staff.id:
            self.check_held(conversation, staff)
        await self._store.step(conversation, Step.TRANSFER, staff_id=staff.id, holder_id=to.id, detail=str(to.id))
        taken = self._towns.of(conversation.town).composer.text(_language(conversation), "person.taken", name=to.name)
        await self._say(conversation, taken.model_copy(update={"buttons": ()}))

    async def _end(self, conversation: Conversation, staff: Staff, step: Step, key: str, detail: str | None = None) -> None:
        self.check_held(conversation, staff)
        await self._store.step(conversation, step, staff_id=staff.id, detail=detail)
        await self._say(conversation, self._towns.of(conversation.town).composer.text(_language(conversation), key))

    async def _say(self, conversation: Conversation, reply: Reply) -> None:
        try:
            await self._store.add_reply(conversation.id, reply, None)
        except IntegrityError:
            raise NotFound from None
        self._broadcast.publish(topic(conversation.id), QUEUE)


def _language(conversation: Conversation) -> str:
    return conversation.language or DEFAULT_LANGUAGE
