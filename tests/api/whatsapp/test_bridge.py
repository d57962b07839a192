"""From a phone to the answer on that phone: through the webhook, the flow, the outbox and a strict Graph API."""

from __future__ import annotations

import asyncio
import json

import pytest
from graph_api import Plan, envelope, message_from, status_of, tap
from sqlalchemy import func, select
from whatsapp_house import SELAM, World

from api.conversation.broadcast import QUEUE, topic
from api.conversation.model import Reason, Speaker, State, Step
from api.conversation.tables import ConversationRow, MessageRow
from api.i18n.catalogue import load_catalogue
from api.whatsapp.bidi import bare
from api.whatsapp.bridge import Bridge
from api.whatsapp.tables import AttachmentRow, BubbleRow, ContactRow, InboxRow, SaidRow

OWN_TABLES = (ContactRow, BubbleRow, SaidRow, AttachmentRow)
QUESTION = "Waar kan ik leren zwemmen?"
words = load_catalogue().text


async def rows(world: World, table: type) -> list[object]:
    async with world.services.store._sessions() as session:
        return list((await session.execute(select(table))).scalars())


async def conversation_of(world: World, person: str = SELAM):  # type: ignore[no-untyped-def]
    async with world.services.store._sessions() as session:
        id = await session.scalar(
            select(ContactRow.conversation_id).where((ContactRow.wa_id == person) | (ContactRow.bsuid == person))
        )
    return await world.services.store.get(id)


async def test_the_first_answer_comes_with_who_answers_and_the_languages(running: World) -> None:
    introduction, answer = await running.says(QUESTION, bubbles=2)
    assert words("nl", "notice") in introduction
    assert answer.startswith("*Zwemlessen")
    assert '/language{"language":"ti"}' in running.graph.accepted[0].ids
    assert (await running.says(QUESTION))[0].startswith("*Zwemlessen"), "once is enough"


async def test_somebody_whose_number_we_do_not_get_is_answered_by_their_id(running: World) -> None:
    await running.says(QUESTION, "NL.9Zx81", bubbles=2)
    assert running.graph.accepted[-1].body["recipient"] == "NL.9Zx81"
    assert "to" not in running.graph.accepted[-1].body


async def test_a_number_and_an_id_of_one_person_are_one_conversation(running: World) -> None:
    await running.says(QUESTION, bubbles=2)
    both = message_from(SELAM, QUESTION, "wamid.both", running.clock()) | {"from_user_id": "NL.9Zx81"}
    await running.post(envelope(messages=[both]))
    await running.until(lambda graph: len(graph.accepted) == 3)
    await running.writes(QUESTION, "NL.9Zx81")
    await running.until(lambda graph: len(graph.accepted) == 4)
    assert running.graph.accepted[-1].to == SELAM, "the number is known, and goes before the id"
    assert len(await rows(running, ConversationRow)) == 1


@pytest.mark.parametrize("typed", ["{}", "{}.", "({})"])
async def test_typing_a_number_is_tapping(running: World, typed: str) -> None:
    _, answer = await running.says(QUESTION, bubbles=2)
    number = next(line.split(".")[0] for line in answer.splitlines() if line.endswith("Wat kost het?"))
    await running.says(typed.format(number))
    messages = await running.services.store.messages((await conversation_of(running)).id)
    assert "Wat kost het?" in [message.text for message in messages if message.speaker is Speaker.PERSON]


async def test_arabic_digits_choose_too(running: World) -> None:
    introduction, *_ = await running.says("أين يمكنني أن أتعلم السباحة؟", bubbles=2)
    assert "العربية" in introduction
    conversation = await conversation_of(running)
    assert conversation.language == "ar"
    await running.says("١")
    assert (await conversation_of(running)).language == "nl", "Dutch is the first language of the list"


async def test_a_number_is_only_a_number_to_a_person_of_the_desk(running: World) -> None:
    await running.says(QUESTION, bubbles=2)
    await running.says(tap("/person"))
    await running.services.store.step(await conversation_of(running), Step.CLAIM)
    await running.writes("1")
    await running.settled()
    messages = await running.services.store.messages((await conversation_of(running)).id)
    assert messages[-1].text == "1"


async def test_duplicates_in_one_call_and_in_many_are_one_message(running: World) -> None:
    message = message_from(SELAM, QUESTION, "wamid.same", running.clock())
    running.graph.heard(SELAM)
    answers = await asyncio.gather(*(running.post(envelope(messages=[message, message])) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    await running.until(lambda graph: len(graph.accepted) >= 2)
    await running.settled()
    assert len(running.graph.accepted) == 2


async def test_what_was_stored_before_a_crash_is_answered_after_it(world: World, bridge: Bridge) -> None:
    await world.writes(QUESTION)
    assert world.graph.accepted == []
    task = asyncio.create_task(bridge.run())
    await world.until(lambda graph: len(graph.accepted) == 2)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_handled_letters_are_emptied(running: World) -> None:
    await running.says(QUESTION, bubbles=2)
    await running.settled()
    (row,) = await rows(running, InboxRow)
    assert isinstance(row, InboxRow)
    assert (row.done, row.letter, row.sender) == (True, None, None)
    assert SELAM not in row.key


async def test_danger_is_plain_text_and_overtakes_what_waits(world: World, bridge: Bridge) -> None:
    await world.writes(QUESTION)
    await world.writes("ik wil niet meer leven, ik maak er een einde aan")
    receiver = bridge._parts.receiver
    for sender in await bridge._parts.inbox.senders():
        await receiver.handle_all(sender, "nijmegen")
    task = asyncio.create_task(bridge.run())
    await world.until(lambda graph: len(graph.accepted) == 3)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    first = world.graph.accepted[0]
    assert first.body["type"] == "text"
    assert "113" in first.words
    assert (await conversation_of(world)).reason is Reason.DANGER


async def test_words_of_the_desk_go_out_with_a_name(running: World) -> None:
    await running.says(QUESTION, bubbles=2)
    conversation = await conversation_of(running)
    await running.services.store.add_staff(conversation.id, "Noor", "Kom morgen langs.")
    running.services.broadcast.publish("queue")
    await running.until(lambda graph: len(graph.accepted) == 3)
    assert running.graph.accepted[-1].words == "*Noor*\n\nKom morgen langs."


@pytest.mark.parametrize("kind", ["audio", "image", "video", "document"])
async def test_what_cannot_be_read_goes_to_the_desk(running: World, kind: str) -> None:
    await running.says(QUESTION, bubbles=2)
    media = {"id": "3000001", "mime_type": "audio/ogg; codecs=opus"}
    said = await running.says({"type": kind, kind: media})
    assert words("nl", f"sent.{kind}.answer", desk="x")[:30] in said[0]
    conversation = await conversation_of(running)
    assert (conversation.state, conversation.reason) == (State.WAITING, Reason.SENT)
    await running.settled()
    (attachment,) = await rows(running, AttachmentRow)
    assert isinstance(attachment, AttachmentRow)
    assert (attachment.kind, attachment.media_id) == (kind, "3000001")


@pytest.mark.parametrize(
    "body", [{"type": "reaction", "reaction": {"message_id": "x", "emoji": "👍"}}, {"type": "edit", "edit": {}}]
)
async def test_a_reaction_needs_no_answer(running: World, body: dict[str, object]) -> None:
    await running.writes(body)
    await running.settled()
    assert running.graph.accepted == []
    assert await rows(running, ConversationRow) == []


async def test_a_button_of_a_conversation_that_is_gone_gets_a_kind_answer(running: World) -> None:
    await running.says(QUESTION, bubbles=2)
    assert words("nl", "sent.button.answer") in (await running.says(tap('/ask{"entry_id":"schulden"}')))[0]


async def test_a_message_that_is_too_long_gets_a_kind_answer(running: World) -> None:
    await running.says(QUESTION, bubbles=2)
    assert words("nl", "sent.long.answer") in (await running.says("waarom " * 200))[0]


async def test_an_old_message_is_not_answered_as_if_it_were_new(running: World) -> None:
    await running.says(QUESTION, bubbles=2)
    at = running.clock.now
    running.clock.move(hours=13)
    said = await running.says(QUESTION, at=at)
    assert words("nl", "sent.late.answer") in said[0]


@pytest.mark.parametrize("stop", ["STOP", "توقف", "ኣቋርጽ", "Стоп!", "unsubscribe"])
async def test_stop_stops_until_the_person_writes_again(running: World, stop: str) -> None:
    await running.says(QUESTION, bubbles=2)
    answers = [words(code, "sent.stop.answer") for code in ("nl", "en", "ar", "ti", "uk")]
    said = bare((await running.says(stop))[0])
    assert any(answer in said for answer in answers)
    await running.settled()
    conversation = await conversation_of(running)
    await running.services.store.add_staff(conversation.id, "Noor", "Nog iets.")
    running.services.broadcast.publish("queue")
    await running.settled()
    assert "Nog iets." not in "".join(running.graph.words_to(SELAM))
    assert (await running.says(tap('/language{"language":"nl"}')))[0]


async def test_forget_me_leaves_no_row_and_says_so(running: World) -> None:
    await running.says(QUESTION, bubbles=2)
    await running.says({"type": "image", "image": {"id": "3000001", "mime_type": "image/jpeg"}})
    assert words("nl", "forget.ask") in (await running.says("Vergeet mij"))[0]
    assert (await running.says("1"))[0] == words("nl", "forget.done")
    await running.settled()
    for table in (*OWN_TABLES, ConversationRow, MessageRow):
        assert await rows(running, table) == [], table
    left = json.dumps([{"key": row.key, "letter": row.letter, "sender": row.sender} for row in await rows(running, InboxRow)])  # type: ignore[attr-defined]
    assert SELAM not in left
    assert QUESTION not in left


async def test_a_tap_that_forgot_and_comes_again_after_a_crash_makes_no_conversation(running: World) -> None:
    assert (await running.says(tap("/forget_confirmed")))[0] == words("nl", "forget.done")
    assert await rows(running, ConversationRow) == []


async def test_retention_takes_everything_along(running: World) -> None:
    await running.says(QUESTION, bubbles=2)
    await running.settled()
    running.clock.move(days=29)
    assert await running.services.retention.run() == 1
    for table in OWN_TABLES:
        assert await rows(running, table) == []


async def test_a_new_number_is_followed(running: World) -> None:
    await running.says(QUESTION, bubbles=2)
    await running.writes({"type": "system", "system": {"type": "user_changed_number", "wa_id": "31600000002"}})
    await running.settled()
    await running.says(QUESTION, "31600000002")
    assert len(await rows(running, ConversationRow)) == 1


async def test_after_a_refusal_that_passes_it_is_sent_again(running: World) -> None:
    running.graph.plans += [Plan(code=131000, status=500), Plan(code=130429)]
    await running.writes(QUESTION)
    await running.until(lambda graph: len(graph.refused) == 1)
    await running.not_busy()
    running.clock.move(seconds=30)
    running.services.broadcast.publish("queue")
    await running.until(lambda graph: len(graph.refused) == 2)
    await running.not_busy()
    running.clock.move(seconds=30)
    running.services.broadcast.publish("queue")
    await running.until(lambda graph: len(graph.accepted) == 2)
    assert words("nl", "notice") in running.graph.accepted[0].words, "still in order"


async def test_a_final_refusal_is_final(running: World) -> None:
    running.graph.plans.append(Plan(code=131026))
    await running.writes(QUESTION)
    await running.until(lambda graph: len(graph.accepted) == 1)
    await running.settled()
    states = sorted((row.state, row.error) for row in await rows(running, BubbleRow))  # type: ignore[attr-defined]
    assert states == [("failed", 131026), ("sent", None)]


async def test_an_expired_token_stops_the_sender_keeps_the_queue_and_shows(running: World) -> None:
    running.graph.plans.append(Plan(code=190, status=401))
    await running.writes(QUESTION)
    await running.until(lambda graph: graph.refused == [(190, "as planned")])
    await running.settled_or_halted()
    health = (await running.client.get("/health")).json()
    assert (health["status"], health["whatsapp"], health["whatsapp_error"]) == ("degraded", "down", 190)
    assert running.graph.accepted == []
    running.clock.move(minutes=11)
    running.services.broadcast.publish("queue")
    await running.until(lambda graph: len(graph.accepted) == 2)
    await running.settled()
    assert (await running.client.get("/health")).json()["whatsapp"] == "up"


async def test_after_24_hours_nothing_but_a_template_is_sent(running: World) -> None:
    await running.says(QUESTION, bubbles=2)
    conversation = await conversation_of(running)
    running.clock.move(hours=25)
    await running.services.store.add_staff(conversation.id, "Noor", "Te laat.")
    running.services.broadcast.publish("queue")
    await running.settled()
    assert len(running.graph.accepted) == 2
    assert running.graph.refused == [], "it was not even tried"
    assert ("failed", 131047) in [(row.state, row.error) for row in await rows(running, BubbleRow)]  # type: ignore[attr-defined]


async def test_statuses_go_forward_only_and_a_failure_after_the_200_is_kept(running: World) -> None:
    await running.says(QUESTION, bubbles=2)
    await running.settled()
    first, second = running.graph.accepted
    for status in ("read", "delivered", "sent"):
        await running.post(envelope(statuses=[status_of(first, status)]))
    await running.post(envelope(statuses=[status_of(second, "failed", 131026), status_of(second, "delivered")]))
    assert sorted(row.state for row in await rows(running, BubbleRow)) == ["failed", "read"]  # type: ignore[attr-defined]


async def test_open_pages_hear_of_what_was_not_delivered_and_the_queue_does_not(running: World) -> None:
    await running.says(QUESTION, bubbles=2)
    await running.settled()
    first, second = running.graph.accepted
    listen, id = running.services.broadcast.listen, (await conversation_of(running)).id
    async with listen(topic(id)) as page, listen(QUEUE) as queue:
        await running.post(envelope(statuses=[status_of(first, "delivered")]))
        assert not page.is_set()
        await running.post(envelope(statuses=[status_of(second, "failed", 131026)]))
        assert page.is_set()
        assert not queue.is_set()


@pytest.mark.parametrize("hours", [0, 25])
async def test_open_pages_hear_of_what_could_not_be_sent(running: World, hours: int) -> None:
    await running.says(QUESTION, bubbles=2)
    await running.settled()
    id = (await conversation_of(running)).id
    running.clock.move(hours=hours)
    running.graph.plans.append(Plan(code=131026))
    async with running.services.broadcast.listen(topic(id)) as page:
        await running.services.store.add_staff(id, "Noor", "Kom morgen langs.")
        running.services.broadcast.publish(QUEUE)
        async with asyncio.timeout(10):
            await page.wait()
    assert "failed" in [row.state for row in await rows(running, BubbleRow)]  # type: ignore[attr-defined]


async def test_open_pages_hear_of_a_photo_and_of_a_wish_for_silence(running: World, bridge: Bridge) -> None:
    await running.says(QUESTION, bubbles=2)
    id = (await conversation_of(running)).id

    async def silent() -> bool:
        contact = await bridge.contacts.of(id)
        return contact is not None and contact.stopped_after is not None

    async with running.services.broadcast.listen(topic(id)) as page, asyncio.timeout(20):
        await running.writes({"type": "image", "image": {"id": "3000001", "mime_type": "image/jpeg"}})
        while not await bridge.attachments.of(id):
            await page.wait()
            page.clear()
        await running.writes("STOP")
        while not await silent():
            await page.wait()
            page.clear()


async def test_a_passing_failure_told_twice_after_the_200_is_sent_again_once(running: World) -> None:
    await running.says(QUESTION, bubbles=2)
    await running.settled()
    failed = envelope(statuses=[status_of(running.graph.accepted[1], "failed", 131000)])
    await running.post(failed)
    running.clock.move(seconds=10)
    await running.post(failed)
    await running.until(lambda graph: len(graph.accepted) == 3)
    await running.post(failed)
    running.clock.move(seconds=100)
    await running.settled()
    assert len(running.graph.accepted) == 3


async def test_other_numbers_lead_to_other_towns_and_unknown_ones_to_the_first(bridge: Bridge) -> None:
    bridge._towns["1000002"] = "vught"
    assert bridge._town("1000002:31600000001") == "vught"
    assert bridge._town("1000003:31600000001") == "nijmegen"


async def test_counting_rows_of_one_turn(running: World) -> None:
    """Every message of the bot is in exactly one bubble."""
    await running.says(QUESTION, bubbles=2)
    await running.settled()
    async with running.services.store._sessions() as session:
        said = await session.scalar(select(func.count()).select_from(SaidRow))
        spoken = await session.scalar(select(func.count()).select_from(MessageRow).where(MessageRow.speaker == Speaker.BOT))
    assert said == spoken == 2
