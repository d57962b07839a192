"""'I went there, it was closed': from the chat to the desk, without a way back to who said it."""

from __future__ import annotations

import pytest
from desk_house import Clock
from sqlalchemy import text
from stand_ins import CannedBot, watch_once

from api.answers.answer import Answer
from api.conversation.flow import Flow
from api.conversation.model import Conversation
from api.conversation.turn import Incoming, Turn
from api.errors import NotOffered
from api.freshness.reports import What
from api.freshness.upkeep import Upkeep
from api.services import Services

TITLES = {
    "nl": ["Het was gesloten", "Het is verhuisd", "Er klopt iets niet"],
    "en": ["It was closed", "It has moved", "Something is wrong"],
}


class Newcomer:
    """Someone in a conversation."""

    def __init__(self, flow: Flow, conversation: Conversation) -> None:
        self._flow, self._conversation, self._count = flow, conversation, 0

    async def write(self, words: str) -> Turn:
        return await self._send(words, tapped=False)

    async def tap(self, payload: str) -> Turn:
        return await self._send(payload, tapped=True)

    async def _send(self, words: str, *, tapped: bool) -> Turn:
        self._count += 1
        return await self._flow.receive(self._conversation, Incoming(str(self._count), words, tapped))


@pytest.fixture
async def newcomer(services: Services, upkeep: Upkeep, clock: Clock) -> Newcomer:
    bot = CannedBot()
    bot.answers["/feedback_bad"] = [Answer(kind="feedback", value="bad")]
    bot.answers["/feedback_good"] = [Answer(kind="feedback", value="good")]
    parts = (services.store, watch_once(), bot, services.towns, services.handover, services.retention, services.broadcast)
    flow = Flow(*parts, clock, 2000, upkeep.reports)
    return Newcomer(flow, await services.store.open("web", "geheim", "dorp"))


def buttons(turn: Turn) -> dict[str, str]:
    reply = turn.answers[-1].reply
    assert reply
    return {button.title: button.payload for button in reply.buttons}


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_this_does_not_help_asks_what_is_wrong(newcomer: Newcomer, language: str) -> None:
    await newcomer.tap(f'/language{{"language":"{language}"}}')
    await newcomer.write(
        "waar kan ik leren zwemmen, ik wil graag zwemmen" if language == "nl" else "where can I learn to swim please"
    )
    offered = buttons(await newcomer.tap("/feedback_bad"))
    assert list(offered)[:3] == TITLES[language]
    assert list(offered.values())[3] == "/person"


async def test_this_helps_asks_nothing(newcomer: Newcomer) -> None:
    await newcomer.write("waar kan ik leren zwemmen, ik wil graag zwemmen")
    assert list(buttons(await newcomer.tap("/feedback_good")).values()) == ["/person"]


async def test_a_tapped_report_reaches_the_desk_and_is_thanked(newcomer: Newcomer, upkeep: Upkeep, clock: Clock) -> None:
    await newcomer.write("waar kan ik leren zwemmen, ik wil graag zwemmen")
    offered = buttons(await newcomer.tap("/feedback_bad"))
    turn = await newcomer.tap(offered["Het was gesloten"])
    assert turn.message
    assert turn.message.text == "Het was gesloten"
    assert "het loket" in turn.answers[0].text
    [report] = await upkeep.reports.open("dorp")
    assert (report.entry_id, report.what, report.text, report.at) == ("zwemles", What.CLOSED, None, clock.now)


async def test_a_report_is_about_the_entry_that_it_stood_under(newcomer: Newcomer, services: Services, upkeep: Upkeep) -> None:
    await newcomer.write("waar kan ik leren zwemmen, ik wil graag zwemmen")
    offered = buttons(await newcomer.tap("/feedback_bad"))
    conversation = await services.store.find("geheim")
    assert conversation
    assert conversation.entry_id == "zwemles"
    await services.store.change(conversation.id, entry_id="fiets")  # the conversation moves on
    await newcomer.tap(offered["Het is verhuisd"])
    assert [report.entry_id for report in await upkeep.reports.open("dorp")] == ["zwemles"]


async def test_nobody_can_report_what_was_never_offered(newcomer: Newcomer, upkeep: Upkeep) -> None:
    await newcomer.write("waar kan ik leren zwemmen, ik wil graag zwemmen")
    with pytest.raises(NotOffered):
        await newcomer.tap('/report{"what":"closed","entry_id":"huisarts"}')
    assert await upkeep.reports.open("dorp") == []


async def test_what_is_stored_does_not_lead_to_a_conversation(newcomer: Newcomer, services: Services) -> None:
    await newcomer.write("waar kan ik leren zwemmen, ik wil graag zwemmen")
    await newcomer.tap(buttons(await newcomer.tap("/feedback_bad"))["Er klopt iets niet"])
    async with services.engine.connect() as connection:
        row = (await connection.execute(text("SELECT * FROM report"))).mappings().one()
        steps = (await connection.execute(text("SELECT step FROM event"))).scalars().all()
    assert {key for key, value in row.items() if value is not None} == {"id", "town", "entry_id", "what", "at"}
    assert "report" not in steps


async def test_handled_reports_are_closed_and_lose_their_words(upkeep: Upkeep, services: Services) -> None:
    reports = upkeep.reports
    await reports.add("dorp", "fiets", What.CHANGED, "De winkel is nu in de Dorpsstraat.")
    await reports.add("dorp", "fiets", What.CLOSED)
    await reports.add("dorp", "tolk", What.CLOSED)
    await reports.add("elders", "fiets", What.CLOSED)
    seen = [report for report in await reports.open("dorp") if report.entry_id == "fiets"][-1].id
    await reports.add("dorp", "fiets", What.MOVED)
    async with services.engine.begin() as connection:
        columns = "id, town, login, name, password_hash, created_at"
        await connection.execute(text(f"INSERT INTO staff ({columns}) VALUES (7, 'dorp', 'x', 'X', '', '2026-01-01')"))
    await reports.handle("dorp", "fiets", seen, 7)
    assert [(report.entry_id, report.what) for report in await reports.open("dorp")] == [
        ("tolk", What.CLOSED),
        ("fiets", What.MOVED),
    ]
    assert len(await reports.open("elders")) == 1
    async with services.engine.connect() as connection:
        rows = (await connection.execute(text("SELECT text, handled_by FROM report WHERE handled_at IS NOT NULL"))).all()
    assert [tuple(row) for row in rows] == [(None, 7), (None, 7)]


async def test_the_same_words_are_one_report(upkeep: Upkeep) -> None:
    for words in ("Nu op dinsdag.", "Nu op dinsdag.", "Nu op woensdag."):
        await upkeep.reports.add("dorp", "fiets", What.CHANGED, words)
    for _ in range(2):
        await upkeep.reports.add("dorp", "fiets", What.CLOSED)
    assert [report.text for report in await upkeep.reports.open("dorp")] == ["Nu op dinsdag.", "Nu op woensdag.", None, None]
