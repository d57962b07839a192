"""What goes out: every message of a conversation over WhatsApp, as bubbles, each until it is known to be sent.

A bubble is `queued`, `sending` (WhatsApp may have it), `sent`, `delivered`, `read`, `played`, or `failed`. There is no way to
ask WhatsApp whether it took a message whose answer we missed: so a bubble that is `sending` for long waits for a status that
names it, and only then goes again.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from api.answers.reply import Reply
from api.conversation.model import Speaker
from api.conversation.store import Clock
from api.conversation.tables import ConversationRow, MessageRow
from api.whatsapp.client import TIMEOUT
from api.whatsapp.errors import Remedy, remedy
from api.whatsapp.metrics import FAILED, SENT
from api.whatsapp.payloads import Status
from api.whatsapp.render import Renderer
from api.whatsapp.tables import BubbleRow, ContactRow, SaidRow

QUEUED, SENDING, FAILED_STATE = "queued", "sending", "failed"
RANKS: Final = {QUEUED: 0, SENDING: 1, "sent": 2, "delivered": 3, "read": 4, "played": 4, FAILED_STATE: 9}
OPEN: Final = (QUEUED, SENDING)
LOOK_BACK: Final = dt.timedelta(minutes=10)
HTTP_SECONDS: Final = sum(seconds or 0 for seconds in TIMEOUT.as_dict().values())
"""As long as a call can take: each step of it at its slowest."""
MAX_RETRIES: Final = 5
SLOWEST_SECONDS: Final = 3600.0
OPERATOR_SECONDS: Final = 600.0
BEGINNING: Final = dt.datetime.min.replace(tzinfo=dt.UTC)
CALLBACK: Final = re.compile(r"([0-9]{1,9})\.([0-9]{1,4})")
"""What we send along; another system on the same number may send along anything."""
RendererOf = Callable[[str], Renderer]
"""What puts the words of a town, by its name, into bubbles."""


@dataclass(frozen=True)
class Outgoing:
    """A bubble that is due. `callback` names this attempt to send it."""

    id: int
    conversation_id: int
    message_id: int
    part: int
    urgent: bool
    template: str | None
    attempts: int

    @property
    def callback(self) -> str:
        return f"{self.id}.{self.attempts}"


@dataclass(frozen=True)
class Failure:
    """What is to be done about a bubble that WhatsApp refused or did not deliver, and whose it is."""

    remedy: Remedy
    code: int
    conversation_id: int


class Outbox:
    """Plans, claims and settles bubbles. Every change names the state it starts from, so that nothing is overtaken."""

    def __init__(self, engine: AsyncEngine, clock: Clock, renderer: RendererOf, unsure_seconds: int) -> None:
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._clock, self._renderer, self._unsure = clock, renderer, unsure_seconds
        self._planned_to = BEGINNING

    async def plan(self) -> None:
        """Make bubbles of every message that was said and has none yet."""
        start = self._clock()
        for town, rows in await self._unsaid(self._planned_to):
            await self._queue(town, rows)
        self._planned_to = start - LOOK_BACK

    def look_everywhere(self) -> None:
        """Let the next plan look at all conversations, not only at those that changed lately."""
        self._planned_to = BEGINNING

    async def recover(self) -> None:
        """At a start: what was being sent waits for its status, not for the call that died with the process."""
        soon = self._clock() + dt.timedelta(seconds=self._unsure)
        await self._change((BubbleRow.state == SENDING, BubbleRow.next_at > soon), next_at=soon)

    async def due(self) -> Sequence[int]:
        """Conversations with something to send now."""
        query = select(BubbleRow.conversation_id).where(BubbleRow.state.in_(OPEN), BubbleRow.next_at <= self._clock()).distinct()
        async with self._sessions() as session:
            return (await session.execute(query)).scalars().all()

    async def next_of(self, conversation_id: int) -> Outgoing | None:
        """What is to be sent first in a conversation: the urgent, then the oldest. None when that has to wait."""
        waiting = select(BubbleRow).where(BubbleRow.conversation_id == conversation_id, BubbleRow.state.in_(OPEN))
        async with self._sessions() as session:
            row = await session.scalar(waiting.order_by(BubbleRow.urgent.desc(), BubbleRow.id).limit(1))
        if row is None or row.next_at > self._clock():
            return None
        return Outgoing(row.id, conversation_id, row.message_id, row.part, row.urgent, row.template, row.attempts)

    async def claim(self, bubble: Outgoing) -> Outgoing | None:
        """From now on this bubble may have been sent. None when its state changed in the meantime."""
        lease = self._clock() + dt.timedelta(seconds=HTTP_SECONDS + self._unsure)
        same = (BubbleRow.id == bubble.id, BubbleRow.state.in_(OPEN), BubbleRow.attempts == bubble.attempts)
        attempts = bubble.attempts + 1
        if not await self._change(same, state=SENDING, attempts=attempts, next_at=lease):
            return None
        return replace(bubble, attempts=attempts)

    async def sent(self, bubble: Outgoing, wamid: str) -> None:
        """WhatsApp accepted it."""
        SENT.inc()
        await self._change((BubbleRow.id == bubble.id, BubbleRow.state.in_(OPEN)), state="sent", wamid=wamid or None, error=None)

    async def unsure(self, bubble: Outgoing) -> None:
        """No answer came: wait for a status before it is sent again."""
        await self._change(_attempt(bubble), next_at=self._clock() + dt.timedelta(seconds=self._unsure))

    async def not_sent(self, bubble: Outgoing, code: int, status: int = 0) -> Remedy:
        """It was refused or never reached WhatsApp: try again later, or give up."""
        async with self._sessions() as session, session.begin():
            return await self._settle(session, _attempt(bubble), bubble.attempts, code, status)

    async def fail(self, bubble: Outgoing, code: int) -> None:
        """It cannot be sent."""
        FAILED.labels(code).inc()
        await self._change((BubbleRow.id == bubble.id, BubbleRow.state.in_(OPEN)), state=FAILED_STATE, error=code)

    async def apply(self, session: AsyncSession, status: Status) -> Failure | None:
        """Take over what became of a message, in the caller's transaction; never a step back. Gives the failure, if it is one."""
        rank = RANKS.get(status.status)
        known = _named(status)
        if rank is None or known is None:
            return None
        which, attempts = known
        if status.status == FAILED_STATE:
            row = await session.scalar(select(BubbleRow).where(which))
            if row is None or (attempts is not None and attempts != row.attempts):
                return None
            same = (BubbleRow.id == row.id, BubbleRow.attempts == row.attempts, BubbleRow.state.in_((SENDING, "sent")))
            code = status.error or -1
            return Failure(await self._settle(session, same, row.attempts, code, 400), code, row.conversation_id)
        below = [state for state, other in RANKS.items() if other < rank]
        values = {"state": status.status, "wamid": status.id, "error": None}
        await session.execute(update(BubbleRow).where(which, BubbleRow.state.in_(below)).values(**values))
        return None

    async def said_with(self, message_id: int) -> tuple[str, list[Reply]]:
        """The town and everything that is said in the bubbles of a message; nothing when it is gone."""
        query = select(MessageRow, ConversationRow.town).join(SaidRow, SaidRow.message_id == MessageRow.id)
        query = query.join(ConversationRow, ConversationRow.id == MessageRow.conversation_id)
        async with self._sessions() as session:
            rows = (await session.execute(query.where(SaidRow.first_id == message_id).order_by(MessageRow.id))).all()
        return (rows[0][1] if rows else "", [reply_of(row) for row, _ in rows])

    async def _settle(
        self, session: AsyncSession, where: tuple[ColumnElement[bool], ...], attempts: int, code: int, status: int
    ) -> Remedy:
        what = remedy(code, status) if status else Remedy.SLOWER
        if what is Remedy.FINAL or (what is Remedy.RETRY and attempts >= MAX_RETRIES):
            FAILED.labels(code).inc()
            await session.execute(update(BubbleRow).where(*where).values(state=FAILED_STATE, error=code))
            return Remedy.FINAL
        wait = OPERATOR_SECONDS if what is Remedy.OPERATOR else min(SLOWEST_SECONDS, 4.0 ** (attempts - 1))
        later = {"state": QUEUED, "error": code, "next_at": self._clock() + dt.timedelta(seconds=wait)}
        await session.execute(update(BubbleRow).where(*where).values(**later))
        return what

    async def _unsaid(self, since: dt.datetime) -> list[tuple[str, list[MessageRow]]]:
        """Messages that were given to no bubble, with those of the same turn, and the town they are said in."""
        query = (
            select(MessageRow, ConversationRow.town)
            .join(ContactRow, ContactRow.conversation_id == MessageRow.conversation_id)
            .join(ConversationRow, ConversationRow.id == MessageRow.conversation_id)
            .where(ConversationRow.updated_at >= since, MessageRow.speaker != Speaker.PERSON)
            .where(~exists().where(SaidRow.message_id == MessageRow.id))
        )
        async with self._sessions() as session:
            found = (await session.execute(query.order_by(MessageRow.conversation_id, MessageRow.id))).all()
        turns = groupby(found, key=lambda row: (row[0].conversation_id, row[0].answers_id or -row[0].id))
        return [(rows[0][1], [row for row, _ in rows]) for rows in (list(turn) for _, turn in turns)]

    async def _queue(self, town: str, rows: Sequence[MessageRow]) -> None:
        bubbles = self._renderer(town).turn([reply_of(row) for row in rows])
        first, now = rows[0], self._clock()
        try:
            async with self._sessions() as session, session.begin():
                session.add_all(SaidRow(message_id=row.id, first_id=first.id) for row in rows)
                for part, bubble in enumerate(bubbles):
                    session.add(bubble_row(first, part, now, urgent=bubble.urgent))
        except IntegrityError:
            return  # Another process was first, or the newcomer had everything deleted.

    async def _change(self, where: tuple[ColumnElement[bool], ...], **values: Any) -> bool:
        async with self._sessions() as session, session.begin():
            result: CursorResult[Any] = await session.execute(update(BubbleRow).where(*where).values(**values))  # type: ignore[assignment]
            return result.rowcount > 0


def reply_of(row: MessageRow) -> Reply:
    """What a message says; the words of a desk worker come with their name."""
    if row.speaker == Speaker.STAFF:
        said = Reply.model_validate(row.reply) if row.reply else Reply(language=row.language or "nl", paragraphs=(row.text,))
        paragraphs = (said.title, *said.paragraphs) if said.title else said.paragraphs
        return said.model_copy(update={"title": row.name, "paragraphs": paragraphs, "buttons": ()})
    return Reply.model_validate(row.reply)


def bubble_row(first: MessageRow, part: int, at: dt.datetime, *, urgent: bool = False, template: str | None = None) -> BubbleRow:
    """A bubble that is to be sent."""
    return BubbleRow(
        conversation_id=first.conversation_id,
        message_id=first.id,
        part=part,
        urgent=urgent,
        template=template,
        state=QUEUED,
        attempts=0,
        next_at=at,
    )


def _attempt(bubble: Outgoing) -> tuple[ColumnElement[bool], ...]:
    """The bubble, as long as this attempt is the newest and nothing else is known about it."""
    return BubbleRow.id == bubble.id, BubbleRow.state == SENDING, BubbleRow.attempts == bubble.attempts


def _named(status: Status) -> tuple[ColumnElement[bool], int | None] | None:
    """Which bubble a status is about, and which attempt: by what we sent along, else by WhatsApp's id."""
    if status.callback is None:
        return BubbleRow.wamid == status.id, None
    named = CALLBACK.fullmatch(status.callback)
    return (BubbleRow.id == int(named[1]), int(named[2])) if named else None
