"""The way of a message, with the real database, catalogue, kaart and danger watch; search and bot are stand-ins."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import select

from api.answers.answer import Answer, Ranked
from api.answers.ask import Asker
from api.answers.compose import Composer
from api.answers.reply import Reply
from api.conversation.broadcast import Broadcast
from api.conversation.flow import Flow
from api.conversation.handover import Handover
from api.conversation.model import Conversation, Reason, Speaker, State, Step
from api.conversation.retention import Retention
from api.conversation.store import ConversationStore
from api.conversation.tables import Base, EventRow
from api.conversation.turn import Incoming
from api.conversation.watch import Watch, load_watch
from api.database import connect
from api.errors import MessageEmpty, MessageTooLong, NotOffered
from api.freshness.reports import Reports
from api.i18n.catalogue import load_catalogue
from api.towns import Town, Towns
from knowledge.calibration import Zone
from knowledge.passages import Passage
from knowledge.search import Found, Hit
from sociale_kaart.kaart import Kaart
from sociale_kaart.schema import Facet

START = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


class FixedSearch:
    """Finds zwemlessen, in the zone that the test sets."""

    zone: Zone = "answer"

    def find(self, text: str, language: str | None, limit: int = 10) -> Found:
        ids = ["zwemlessen", "zwemveiligheid", "stips"]
        hits = tuple(Hit(id, 0.9 - n / 10, 0.9, 0.9, Passage(id, "nl", "name", id)) for n, id in enumerate(ids))
        return Found(hits, self.zone, 0.9)


class CannedBot:
    """Says what the test set; remembers what it was sent."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.asked: list[tuple[str, Mapping[str, str | None]]] = []
        self.forgotten: list[str] = []

    async def ask(self, sender: str, message: str, metadata: Mapping[str, str | None]) -> list[Answer]:
        self.asked.append((message, metadata))
        return self.answers

    async def forget(self, sender: str) -> None:
        self.forgotten.append(sender)

    async def ready(self) -> bool:
        return True


class Desk:
    """Everything a test needs at hand."""

    def __init__(self, kaart: Kaart, store: ConversationStore, watch: Watch, reports: Reports) -> None:
        self.store, self.search, self.bot, self.now = store, FixedSearch(), CannedBot(), START
        catalogue = load_catalogue()
        town = Town(kaart, catalogue, Asker(kaart, self.search), Composer(kaart, catalogue), None)
        handover = Handover(store, catalogue)
        retention = Retention(store, self.bot, lambda: self.now, 28)
        self.retention = retention
        self.flow = Flow(store, watch, self.bot, Towns([town]), handover, retention, Broadcast(), lambda: self.now, 2000, reports)
        self.count = 0

    async def say(self, text: str, *, tapped: bool = False, origin: str | None = None) -> tuple[Conversation, list[str]]:
        conversation = await self.store.open("web", "secret", "nijmegen")
        self.count += 1
        turn = await self.flow.receive(conversation, Incoming(origin or f"m{self.count}", text, tapped))
        found = await self.store.find("secret")
        return found or conversation, [message.text for message in turn.answers]


@pytest.fixture(scope="module")
def watch() -> Watch:
    return load_watch()


@pytest.fixture
async def desk(kaart: Kaart, watch: Watch, tmp_path: Path) -> AsyncIterator[Desk]:
    engine = connect(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield Desk(kaart, ConversationStore(engine, lambda: START), watch, Reports(engine, lambda: START))
    await engine.dispose()


async def test_the_bot_is_told_the_language_and_its_answer_is_put_into_words(desk: Desk) -> None:
    desk.bot.answers = [Answer(kind="entry", zone="answer", entries=(Ranked(id="zwemlessen", score=0.9),))]
    conversation, said = await desk.say("Де моя дружина може навчитися плавати?")
    known = {"language": "uk", "entry_id": None, "town": "nijmegen", "status": None}
    assert desk.bot.asked == [("Де моя дружина може навчитися плавати?", known)]
    assert conversation.language == "uk"
    assert conversation.entry_id == "zwemlessen"
    assert "Uitvoeringsprogramma Asiel & Integratie" in said[0]
    assert "21 листопада 2026" in said[0]


async def test_search_answers_when_the_bot_is_silent(desk: Desk) -> None:
    _, said = await desk.say("Waar kan mijn vrouw leren zwemmen?")
    assert said[0].startswith("Zwemlessen")


async def test_a_redelivered_message_is_the_same_message(desk: Desk) -> None:
    first = await desk.say("Waar kan ik leren zwemmen?", origin="one")
    again = await desk.say("Waar kan ik leren zwemmen?", origin="one")
    assert first[1] == again[1]
    assert len(desk.bot.asked) == 1
    assert len(await desk.store.messages(first[0].id)) == 2


@pytest.mark.parametrize("bot_up", [True, False])
async def test_danger_is_answered_at_once_and_flagged(desk: Desk, bot_up: bool) -> None:
    desk.bot.answers = [Answer(kind="text", key="greet")] if bot_up else []
    conversation, said = await desk.say("ik wil niet meer leven, ik maak er een einde aan")
    assert "113" in said[0]
    assert (conversation.state, conversation.reason, conversation.danger) == (State.WAITING, Reason.DANGER, True)
    assert desk.bot.asked == []


async def test_danger_in_a_message_that_is_too_long_is_seen_too(desk: Desk) -> None:
    conversation, said = await desk.say("ik maak er een einde aan, ik wil dood. " + "a " * 5000)
    assert "113" in said[0]
    assert conversation.danger


async def test_no_answer_goes_to_a_person_and_the_bot_falls_silent(desk: Desk) -> None:
    desk.search.zone = "person"
    conversation, said = await desk.say("Waar is de dierenarts?")
    assert (conversation.state, conversation.reason) == (State.WAITING, Reason.NO_ANSWER)
    assert "weten wij" in said[1] or "openingstijden" in said[1]
    asked = len(desk.bot.asked)
    _, said = await desk.say("Hallo? Is daar iemand?")
    assert len(desk.bot.asked) == asked
    assert said == [said[0]]


async def test_two_failures_in_a_row_go_to_a_person(desk: Desk) -> None:
    desk.search.zone = "ask_back"
    conversation, said = await desk.say("Ik wil graag iets met water")
    assert conversation.state is State.BOT
    assert len(said) == 1
    conversation, said = await desk.say("Nee, iets anders met het water")
    assert (conversation.state, conversation.reason) == (State.WAITING, Reason.FAILURES)
    assert len(said) == 2


async def test_an_answer_between_two_failures_starts_the_count_again(desk: Desk) -> None:
    for zone, state in (("ask_back", State.BOT), ("answer", State.BOT), ("ask_back", State.BOT), ("ask_back", State.WAITING)):
        desk.search.zone = zone  # type: ignore[assignment]
        conversation, _ = await desk.say("Ik wil graag iets met water doen")
        assert conversation.state is state


async def test_a_chosen_entry_is_a_tap_that_was_offered(desk: Desk) -> None:
    desk.search.zone = "ask_back"
    await desk.say("Ik wil graag iets met water doen")
    conversation, _said = await desk.say('/ask{"entry_id":"zwemveiligheid"}', tapped=True)
    assert conversation.entry_id == "zwemveiligheid"
    with pytest.raises(NotOffered):
        await desk.say('/ask{"entry_id":"schulden"}', tapped=True)


async def test_a_typed_slash_is_no_command(desk: Desk) -> None:
    await desk.say("Waar kan ik leren zwemmen?")
    await desk.say("/restart")
    assert desk.bot.asked[-1][0] == "restart"


async def test_a_person_can_be_asked_for_while_the_bot_is_down(desk: Desk) -> None:
    await desk.say("Waar kan ik leren zwemmen?")
    conversation, _ = await desk.say("/person", tapped=True)
    assert (conversation.state, conversation.reason) == (State.WAITING, Reason.ASKED)
    conversation, _ = await desk.say("/back_to_bot", tapped=True)
    assert conversation.state is State.BOT


async def test_nobody_answers_for_a_person_who_took_over(desk: Desk) -> None:
    conversation, _ = await desk.say("/person", tapped=True)
    await desk.store.step(conversation, Step.CLAIM)
    conversation, said = await desk.say("Waar kan ik leren zwemmen?")
    assert said == []
    assert conversation.state is State.HUMAN
    messages = await desk.store.messages(conversation.id)
    assert [message.speaker for message in messages][-1] is Speaker.PERSON


async def test_a_closed_conversation_opens_again(desk: Desk) -> None:
    conversation, _ = await desk.say("/person", tapped=True)
    await desk.store.step(conversation, Step.CLOSE)
    conversation, said = await desk.say("Waar kan ik leren zwemmen?")
    assert conversation.state is State.BOT
    assert said


async def test_a_language_that_is_not_offered_is_named(desk: Desk) -> None:
    _, said = await desk.say("где я могу научиться плавать и сколько это стоит?")
    assert "Русский" in said[0]
    assert desk.bot.asked == []


async def test_only_emoji_gets_the_languages(desk: Desk) -> None:
    _, said = await desk.say("🙏🙏🙏")
    assert said
    assert desk.bot.asked == []


async def test_only_emoji_in_a_known_language_is_not_understood(desk: Desk) -> None:
    await desk.say("Waar kan ik leren zwemmen?")
    _, said = await desk.say("🙏🙏🙏")
    assert "niet begrepen" in said[0]


async def test_the_language_can_be_chosen(desk: Desk) -> None:
    conversation, said = await desk.say('/language{"language":"ti"}', tapped=True)
    assert conversation.language == "ti"
    assert "ትግርኛ" in said[0]


async def test_empty_and_long_messages_are_refused_and_not_stored(desk: Desk) -> None:
    conversation, _ = await desk.say("Waar kan ik leren zwemmen?")
    stored = len(await desk.store.messages(conversation.id))
    for text, error in (("   ", MessageEmpty), ("waarom " * 1500, MessageTooLong)):
        with pytest.raises(error):
            await desk.say(text)
    assert len(await desk.store.messages(conversation.id)) == stored


async def test_forgetting_deletes_everything_here_and_at_the_bot(desk: Desk) -> None:
    conversation, _ = await desk.say("Waar kan ik leren zwemmen?")
    desk.bot.answers = [Answer(kind="forget")]
    await desk.say("vergeet mij alsjeblieft")
    _, said = await desk.say("/forget_confirmed", tapped=True)
    assert said == []
    assert await desk.store.find("secret") is None
    assert await desk.store.messages(conversation.id) == []
    assert desk.bot.forgotten == [conversation.sender]


async def test_retention_deletes_what_is_old(desk: Desk) -> None:
    conversation, _ = await desk.say("Waar kan ik leren zwemmen?")
    assert await desk.retention.run() == 0
    desk.now = START + dt.timedelta(days=29)
    assert await desk.retention.run() == 1
    assert await desk.store.messages(conversation.id) == []


async def test_a_facet_that_no_source_gives_is_said_to_be_unknown(desk: Desk) -> None:
    await desk.say("Waar kan ik leren zwemmen?")
    zwemlessen = (Ranked(id="zwemlessen", score=1.0),)
    desk.bot.answers = [Answer(kind="facet", zone="answer", facet=Facet.COST, entries=zwemlessen)]
    _, said = await desk.say("Wat kost dat?")
    assert "weten" in said[0]


ABOUT_CARE = Answer(kind="entry", zone="answer", entries=(Ranked(id="huisarts", score=0.9),))


async def test_where_rights_differ_the_status_is_asked_once(desk: Desk) -> None:
    desk.bot.answers = [ABOUT_CARE]
    conversation, said = await desk.say("Hoe vind ik een huisarts?")
    asks = load_catalogue().text("nl", "status.ask")
    assert asks in said[1]
    assert conversation.status == "asked"
    conversation, said = await desk.say('/status{"value":"displaced_ukraine"}', tapped=True)
    assert conversation.status == "displaced_ukraine"
    desk.bot.answers = [ABOUT_CARE]
    _, said = await desk.say("Hoe vind ik een huisarts?")
    assert len(said) == 1
    assert desk.bot.asked[-1][1]["status"] == "displaced_ukraine"


async def test_a_status_can_be_typed(desk: Desk) -> None:
    desk.bot.answers = [ABOUT_CARE]
    await desk.say("Hoe vind ik een huisarts?")
    asked = len(desk.bot.asked)
    conversation, _ = await desk.say("ik ben asielzoeker")
    assert conversation.status == "asylum_seeker"
    assert len(desk.bot.asked) == asked, "the bot was not asked what a status means"


async def test_a_question_after_the_status_question_is_a_question(desk: Desk) -> None:
    desk.bot.answers = [ABOUT_CARE]
    await desk.say("Hoe vind ik een huisarts?")
    conversation, said = await desk.say("Waar kan mijn zoon van tien jaar naar school in mijn wijk?")
    assert conversation.status == "asked"
    assert len(said) == 1, "asked once"


async def test_a_status_told_in_the_questions_of_a_rule_is_remembered(desk: Desk) -> None:
    desk.bot.answers = [Answer(kind="outcome", rule="zorg", given={"status": "asylum_seeker"})]
    conversation, _ = await desk.say("Welke zorg krijg ik hier?")
    assert conversation.status == "asylum_seeker"


async def test_what_a_status_changes_is_told_with_the_entry(desk: Desk, kaart: Kaart) -> None:
    desk.bot.answers = [ABOUT_CARE]
    _, before = await desk.say("Hoe vind ik een huisarts?")
    lines = kaart.entry("huisarts").texts["nl"].for_status
    assert all(line in before[0] for line in lines.values()), "who does not tell sees all groups"
    own = next(iter(lines))
    await desk.say(f'/status{{"value":"{own}"}}', tapped=True)
    desk.bot.answers = [ABOUT_CARE]
    _, after = await desk.say("Hoe vind ik een huisarts?")
    assert [line for line in lines.values() if line in after[0]] == [lines[own]]


class Dead(BaseException):
    """The process ends here."""


async def events(desk: Desk, id: int) -> list[str]:
    async with desk.store._sessions() as session:
        return list((await session.execute(select(EventRow.step).where(EventRow.conversation_id == id))).scalars())


async def cut_off(desk: Desk, text: str, *, tapped: bool = False) -> Conversation:
    """The process dies after everything was decided, before anything of the turn is written."""
    finish = desk.store.finish

    async def die(*_: object) -> None:
        raise Dead

    desk.store.finish = die  # type: ignore[method-assign, assignment]
    with pytest.raises(Dead):
        await desk.say(text, tapped=tapped, origin="one")
    desk.store.finish = finish  # type: ignore[method-assign]
    conversation = await desk.store.find("secret")
    assert conversation
    return conversation


@pytest.mark.parametrize(("text", "tapped"), [("/person", True), ("ik wil niet meer leven, ik maak er een einde aan", False)])
async def test_a_turn_that_was_cut_off_is_handled_anew_and_nothing_is_doubled(desk: Desk, text: str, tapped: bool) -> None:
    conversation = await cut_off(desk, text, tapped=tapped)
    assert conversation.state is State.BOT, "half a turn is no turn"
    assert await events(desk, conversation.id) == []
    for _ in range(2):
        conversation, said = await desk.say(text, tapped=tapped, origin="one")
        assert conversation.state is State.WAITING
        assert said
    assert (await events(desk, conversation.id)).count(Step.ASK_PERSON) == 1
    speakers = [message.speaker for message in await desk.store.messages(conversation.id)]
    assert speakers == [Speaker.PERSON, *[Speaker.BOT] * len(said)]


async def test_a_failure_counted_in_a_turn_that_was_cut_off_counts_once(desk: Desk) -> None:
    desk.search.zone = "ask_back"
    await cut_off(desk, "Ik wil graag iets met water")
    conversation, _ = await desk.say("Ik wil graag iets met water", origin="one")
    assert (conversation.failures, conversation.state) == (1, State.BOT)


async def test_two_processes_that_answer_the_same_message_store_one_answer(desk: Desk) -> None:
    conversation = await desk.store.open("web", "secret", "nijmegen")
    message, _ = await desk.store.add_person(conversation.id, "one", "hallo", "nl")
    replies = [Reply(language="nl", paragraphs=(name,)) for name in ("eerste", "tweede")]
    first, second = [await desk.store.finish(message, [reply]) for reply in replies]
    assert [answer.text for answer in first] == [answer.text for answer in second] == ["eerste"]


@pytest.mark.parametrize("words", ["Vergeet mij.", "FORGET ME!", "انسني", "ረስዑኒ።", "Забудьте мене"])
async def test_forgetting_can_be_asked_for_while_the_bot_is_silent(desk: Desk, words: str) -> None:
    _, said = await desk.say(words)
    assert desk.bot.asked == []
    conversation, _ = await desk.say("/forget_confirmed", tapped=True)
    assert said
    assert await desk.store.messages(conversation.id) == []


@pytest.mark.parametrize("kind", ["audio", "image", "video", "document"])
async def test_what_only_a_person_can_read_goes_to_a_person(desk: Desk, kind: str) -> None:
    await desk.say("Waar kan ik leren zwemmen?")
    conversation = await desk.store.open("web", "secret", "nijmegen")
    turn = await desk.flow.receive(conversation, Incoming("a", "Wat staat hier?", kind=kind))
    conversation = await desk.store.get(conversation.id)
    assert (conversation.state, conversation.reason) == (State.WAITING, Reason.SENT)
    catalogue = load_catalogue()
    assert turn.message is not None
    assert turn.message.text == f"{catalogue.text('nl', f'sent.{kind}')}\nWat staat hier?"
    assert "chatbot" in turn.answers[0].text


@pytest.mark.parametrize("kind", ["sticker", "location", "contacts", "unsupported", "button", "long"])
async def test_what_nobody_needs_to_see_gets_a_kind_answer_only(desk: Desk, kind: str) -> None:
    conversation = await desk.store.open("web", "secret", "nijmegen")
    turn = await desk.flow.receive(conversation, Incoming("a", "", kind=kind))
    assert len(turn.answers) == 2, "Dutch and English: no language is known"
    assert (await desk.store.get(conversation.id)).state is State.BOT


async def test_danger_written_under_a_photo_is_danger(desk: Desk) -> None:
    conversation = await desk.store.open("web", "secret", "nijmegen")
    turn = await desk.flow.receive(conversation, Incoming("a", "ik wil niet meer leven, ik maak er een einde aan", kind="image"))
    assert "113" in turn.answers[0].text
    assert (await desk.store.get(conversation.id)).danger


@pytest.mark.parametrize(("first", "introductions"), [("Waar kan ik leren zwemmen?", 1), ("🙏", 5)])
async def test_an_introduction_is_in_the_language_of_the_newcomer_or_in_all(desk: Desk, first: str, introductions: int) -> None:
    conversation = await desk.store.open("whatsapp", "secret", "nijmegen")
    turn = await desk.flow.receive(conversation, Incoming("a", first, introduce=True))
    notices = {load_catalogue().text(code, "notice") for code in ("nl", "en", "ar", "ti", "uk")}
    assert len([answer for answer in turn.answers if answer.text in notices]) == introductions
    assert len(turn.answers) == introductions + 1
