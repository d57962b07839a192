"""Conversations and their messages in the database."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, delete, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from api.answers.reply import Reply, as_text
from api.conversation.asked import Asked
from api.conversation.model import Conversation, Message, Reason, Speaker, State, Step, after
from api.conversation.pending import Write, current
from api.conversation.rows import asked_row, conversation_from, event_row, message_from
from api.conversation.tables import ConversationRow, EventRow, InvitationRow, MessageRow, StaffRow
from api.errors import AlreadyTaken, NotFound

Clock = Callable[[], dt.datetime]


def hashed(secret: str) -> str:
    """What is stored instead of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


class ConversationStore:
    """Reads and writes conversations. Every write also moves `updated_at`, which retention counts from."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._clock = clock

    async def open(self, channel: str, secret: str, town: str) -> Conversation:
        """The conversation behind `secret`, made when there is none."""
        found = await self.find(secret)
        if found:
            return found
        now = self._clock()
        row = ConversationRow(
            channel=channel,
            town=town,
            key=hashed(secret),
            sender=secrets.token_urlsafe(24),
            state=State.BOT,
            danger=False,
            failures=0,
            created_at=now,
            updated_at=now,
        )
        try:
            async with self._transaction() as session:
                session.add(row)
        except IntegrityError:
            # Two first messages at once: the other one made it.
            return await self.open(channel, secret, town)
        return await self.get(row.id)

    async def find(self, secret: str) -> Conversation | None:
        """The conversation behind `secret`, or None."""
        return await self._one(_conversations().where(ConversationRow.key == hashed(secret)))

    async def get(self, id: int) -> Conversation:
        """The conversation with this id. NotFound when there is none (any more)."""
        found = await self._one(_conversations().where(ConversationRow.id == id))
        if found is None:
            raise NotFound
        return found

    async def by_sender(self, sender: str) -> Conversation | None:
        """The conversation that Rasa knows under this name, or None."""
        return await self._one(_conversations().where(ConversationRow.sender == sender))

    async def waiting(self, town: str) -> list[Conversation]:
        """Conversations of a town, waiting for or with a person: danger first, then longest waiting."""
        query = _conversations().where(ConversationRow.town == town, ConversationRow.state.in_([State.WAITING, State.HUMAN]))
        async with self._sessions() as session:
            rows = [conversation_from(row, name) for row, name in (await session.execute(query)).all()]
        return sorted(rows, key=lambda conversation: conversation.urgency)

    async def messages(self, id: int, after_id: int = 0) -> list[Message]:
        """Messages of a conversation with an id above `after_id`, oldest first."""
        query = select(MessageRow).where(MessageRow.conversation_id == id, MessageRow.id > after_id).order_by(MessageRow.id)
        async with self._sessions() as session:
            return [message_from(row) for row in (await session.execute(query)).scalars()]

    async def answers_to(self, message_id: int) -> list[Message]:
        """What was answered to one message."""
        query = select(MessageRow).where(MessageRow.answers_id == message_id).order_by(MessageRow.id)
        async with self._sessions() as session:
            return [message_from(row) for row in (await session.execute(query)).scalars()]

    async def adopt(self, town: str) -> None:
        """Give `town` everything that was stored before there were more towns."""
        async with self._transaction() as session:
            for table in (ConversationRow, StaffRow, InvitationRow):
                await session.execute(update(table).where(table.town == "").values(town=town))

    async def add_person(self, id: int, origin: str, text: str, language: str | None) -> tuple[Message, bool]:
        """Store what the newcomer wrote; False when `origin` was stored and answered before (then the stored one comes back).

        True until `finish`: a message whose turn was cut off is handled anew when it comes again.
        """
        row = MessageRow(
            conversation_id=id,
            origin=origin,
            speaker=Speaker.PERSON,
            language=language,
            text=text,
            handled=False,
            at=self._clock(),
        )
        try:
            return await self._add(row), True
        except IntegrityError:
            query = select(MessageRow).where(MessageRow.conversation_id == id, MessageRow.origin == origin)
            async with self._sessions() as session:
                found = (await session.execute(query)).scalar_one()
            return message_from(found), not found.handled

    async def finish(self, message: Message, replies: Iterable[Reply]) -> list[Message]:
        """Store the answers to a message and everything else its turn wrote (see `pending`), and mark it handled: all or nothing.

        Gives the stored answers; also when another process was first, or when the conversation is gone (then none).
        """
        id, turn = message.conversation_id, current(message.conversation_id)
        rows = [self._reply_row(id, reply, message.id) for reply in replies]
        mark = update(MessageRow).where(MessageRow.id == message.id, MessageRow.handled.is_(False)).values(handled=True)
        async with self._transaction() as session:
            result: CursorResult[Any] = await session.execute(mark)  # type: ignore[assignment]
            if result.rowcount == 1:
                if turn:
                    await turn.write(session)
                session.add_all(rows)
                await session.execute(update(ConversationRow).where(ConversationRow.id == id).values(updated_at=self._clock()))
        return await self.answers_to(message.id)

    async def add_reply(self, id: int, reply: Reply, answers_id: int | None) -> Message:
        """Store what the bot says."""
        return await self._add(self._reply_row(id, reply, answers_id))

    async def add_staff(self, id: int, name: str, said: str | Reply) -> Message:
        """Store what a desk worker says: own words, or a reply that was made for them (a phrase, an entry, a translation)."""
        row = MessageRow(conversation_id=id, speaker=Speaker.STAFF, name=name, at=self._clock())
        if isinstance(said, Reply):
            row.text, row.language, row.reply = as_text(said), said.language, said.model_dump(mode="json")
        else:
            row.text = said
        return await self._add(row)

    async def change(self, id: int, **values: Any) -> None:
        """Set columns of a conversation: language, failures, entry_id, status, danger, sender."""
        now = self._clock()

        async def write(session: AsyncSession) -> None:
            await session.execute(update(ConversationRow).where(ConversationRow.id == id).values(**values, updated_at=now))

        await self._write(id, values, write)

    async def step(
        self,
        conversation: Conversation,
        step: Step,
        reason: Reason | None = None,
        staff_id: int | None = None,
        *,
        holder_id: int | None = None,
        detail: str | None = None,
    ) -> Conversation:
        """Take a step from the state that the caller saw, and record who, when and `detail`.

        `holder_id` has the conversation afterwards, where that is not who took the step.

        Raises:
            NotPossible: there is no such step from that state.
            AlreadyTaken: someone else changed the state first.
        """
        state, now = after(conversation.state, step), self._clock()
        values: dict[str, Any] = {"state": state, "updated_at": now, "staff_id": None}
        if state is State.HUMAN:
            values["staff_id"] = holder_id or staff_id
        if step is Step.ASK_PERSON:
            values |= {"reason": reason, "waiting_since": now}
        elif state in (State.BOT, State.CLOSED):
            values |= {"reason": None, "waiting_since": None, "danger": False, "failures": 0}

        async def write(session: AsyncSession) -> None:
            holder = ConversationRow.staff_id == conversation.staff_id
            unchanged = (ConversationRow.id == conversation.id, ConversationRow.state == conversation.state, holder)
            result: CursorResult[Any] = await session.execute(update(ConversationRow).where(*unchanged).values(**values))  # type: ignore[assignment]
            if result.rowcount != 1:
                raise AlreadyTaken
            session.add(event_row(conversation.id, step, detail or reason, staff_id, now))

        await self._write(conversation.id, values, write)
        return await self.get(conversation.id)

    async def note(self, id: int, step: str, detail: str | None = None) -> None:
        """Record something that happened without a change of state, such as feedback."""
        now = self._clock()

        async def write(session: AsyncSession) -> None:
            session.add(EventRow(conversation_id=id, step=step, detail=detail, actor="person", at=now))

        await self._write(id, {}, write)

    async def asked(self, conversation: Conversation, asked: Asked | None) -> None:
        """Record what came of the newest message of the newcomer; None when that is nothing to count."""
        if asked is None:
            return
        now, told = self._clock(), asked

        async def write(session: AsyncSession) -> None:
            session.add(asked_row(conversation, told, now))

        await self._write(conversation.id, {}, write)

    async def forget(self, id: int) -> None:
        """Delete a conversation with all its messages and events. NotFound when there is none (any more)."""
        await self.get(id)
        async with self._transaction() as session:
            await session.execute(delete(ConversationRow).where(ConversationRow.id == id))

    async def older_than(self, moment: dt.datetime) -> Sequence[int]:
        """Ids of conversations without a message since `moment`."""
        async with self._sessions() as session:
            query = select(ConversationRow.id).where(ConversationRow.updated_at < moment)
            return (await session.execute(query)).scalars().all()

    async def _write(self, id: int, values: Mapping[str, Any], write: Write) -> None:
        """Write at once, or with the rest of the turn that is going on."""
        turn = current(id)
        if turn:
            turn.add(values, write)
            return
        async with self._transaction() as session:
            await write(session)

    def _reply_row(self, id: int, reply: Reply, answers_id: int | None) -> MessageRow:
        return MessageRow(
            conversation_id=id,
            answers_id=answers_id,
            speaker=Speaker.BOT,
            language=reply.language,
            text=as_text(reply),
            reply=reply.model_dump(mode="json"),
            at=self._clock(),
        )

    async def _add(self, row: MessageRow) -> Message:
        async with self._transaction() as session:
            session.add(row)
            await session.execute(
                update(ConversationRow).where(ConversationRow.id == row.conversation_id).values(updated_at=self._clock())
            )
        return message_from(row)

    async def _one(self, query: Select[ConversationRow, str | None]) -> Conversation | None:
        async with self._sessions() as session:
            found = (await session.execute(query)).first()
        if found is None:
            return None
        conversation, turn = conversation_from(found[0], found[1]), current(found[0].id)
        return turn.seen(conversation) if turn else conversation

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncSession]:
        async with self._sessions() as session, session.begin():
            yield session


def _conversations() -> Select[ConversationRow, str | None]:
    name = cast("ColumnElement[str | None]", StaffRow.name)
    return select(ConversationRow, name).outerjoin(StaffRow, StaffRow.id == ConversationRow.staff_id)
