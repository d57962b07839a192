"""What the flow records of each turn, what goes with a conversation, and what stays of a week."""

from __future__ import annotations

import datetime as dt

from desk_house import Clock
from signals_house import Person, ask_in_vain, hashed_signals
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker
from stand_ins import CannedBot, FixedSearch

from api.answers.answer import Answer
from api.conversation.tables import AskedRow, MessageRow
from api.database import connect, migrate
from api.services import Services
from api.signals.counting import Part
from api.signals.signals import count_weeks
from api.signals.store import SignalStore
from api.signals.tables import CountRow
from knowledge.search import Found

BAKE = [
    ("nl", "waar kan ik taart bakken"),
    ("en", "taart bakken"),
    ("nl", "taart leren bakken"),
    ("en", "bakken taart"),
    ("nl", "taart bakken waar"),
]


async def rows(engine: AsyncEngine) -> list[AskedRow]:
    async with async_sessionmaker(engine)() as session:
        return list(await session.scalars(select(AskedRow).order_by(AskedRow.id)))


async def test_each_turn_tells_what_came_of_it(services: Services, search: FixedSearch) -> None:
    bot: CannedBot = services.bot  # type: ignore[assignment]
    bot.answers = {"thanks a lot": [Answer(kind="feedback", value="bad")], "hallo": [Answer(kind="text", key="greet")]}
    bot.answers["/deny"] = [Answer(kind="text", key="answer.not_understood", zone="ask_back")]
    person = Person(services, "een", "en", "whatsapp")
    await person.ask("where can i swim")
    await person.ask("thanks a lot")
    search.zone = "ask_back"
    await person.ask("something about water")
    await person.tap("/deny")
    found = await rows(services.engine)
    assert [(row.outcome, row.entry_id) for row in found] == [
        ("answer", "zwemles"), ("bad", "zwemles"), ("ask_back", "zwemles"), ("rejected", "zwemles")
    ]  # fmt: skip
    assert {(row.town, row.language, row.channel) for row in found} == {("dorp", "en", "whatsapp")}
    async with async_sessionmaker(services.engine)() as session:
        typed = [await session.get(MessageRow, row.message_id) if row.message_id else None for row in found]
    assert [message and message.text for message in typed] == ["where can i swim", None, "something about water", None]


async def test_small_talk_and_settings_are_nothing_to_count(services: Services) -> None:
    bot: CannedBot = services.bot  # type: ignore[assignment]
    bot.answers = {"hallo daar": [Answer(kind="text", key="person.back")]}
    await Person(services, "een").ask("hallo daar")
    assert await rows(services.engine) == []


async def test_a_tapped_person_and_danger_are_counted_without_words(services: Services) -> None:
    await Person(services, "een").tap("/person")
    await Person(services, "twee").ask("ik wil niet meer leven")
    assert [(row.outcome, row.message_id) for row in await rows(services.engine)] == [("person", None), ("danger", None)]


async def test_all_goes_with_the_conversation(services: Services) -> None:
    conversation = await Person(services, "een").ask("waar kan ik zwemmen")
    assert await rows(services.engine)
    await services.flow.forget(conversation)
    assert await rows(services.engine) == []


async def test_a_week_is_counted_once_when_it_is_over_and_stays_when_conversations_go(
    services: Services, search: FixedSearch, clock: Clock
) -> None:
    await ask_in_vain(services, search, BAKE)
    assert await count_weeks(services, clock) == 0
    clock.move(days=7)
    assert await count_weeks(services, clock) == 1
    assert await count_weeks(services, clock) == 0
    clock.move(days=30)
    assert await services.retention.run() == 5
    assert await rows(services.engine) == []
    weeks = await hashed_signals(services, clock).weeks("dorp")
    numbers = {(each.part, each.key): each.number for each in weeks[dt.date(2026, 11, 23)]}
    assert numbers[Part.TOTAL, ""] == 5
    assert numbers[Part.OUTCOME, "none"] == 5
    assert (Part.LANGUAGE, "en") not in numbers


async def test_a_week_in_which_nobody_asked_is_not_counted(services: Services, search: FixedSearch, clock: Clock) -> None:
    await ask_in_vain(services, search, BAKE)
    clock.move(days=14)
    await ask_in_vain(services, search, BAKE, "q")
    clock.move(days=7)
    assert await count_weeks(services, clock) == 2
    assert await count_weeks(services, clock) == 0
    assert sorted(await SignalStore(services.engine).counted("dorp")) == [dt.date(2026, 11, 23), dt.date(2026, 12, 7)]


async def test_a_week_of_too_few_people_keeps_no_number(services: Services, search: FixedSearch, clock: Clock) -> None:
    await ask_in_vain(services, search, BAKE[:4])
    clock.move(days=7)
    await count_weeks(services, clock)
    async with async_sessionmaker(services.engine)() as session:
        kept = [(row.part, row.number) for row in await session.scalars(select(CountRow))]
    assert kept == [("total", None)]


async def test_two_servers_keep_a_week_once(services: Services, search: FixedSearch, clock: Clock) -> None:
    await ask_in_vain(services, search, BAKE)
    clock.move(days=7)
    await count_weeks(services, clock)
    store = SignalStore(services.engine)
    weeks = await store.numbers("dorp")
    ((week, numbers),) = weeks.items()
    assert not await store.keep("dorp", week, numbers)
    assert await store.numbers("dorp") == weeks


async def test_groups_hold_enough_people_and_nobody_in_danger(services: Services, search: FixedSearch, clock: Clock) -> None:
    groups, town = hashed_signals(services, clock).groups, services.towns.first
    await ask_in_vain(services, search, BAKE[:4])
    again = Person(services, "p0")
    search.zone = "person"
    await again.tap("/back_to_bot")
    await again.ask("waar kan ik taart bakken nu")
    assert await groups.of(town) == []
    endangered = Person(services, "gevaar")
    await endangered.ask("taart bakken hier")
    await endangered.ask("ik wil niet meer leven")
    assert await groups.of(town) == []
    await ask_in_vain(services, search, BAKE[4:], "q")
    (group,) = await groups.of(town)
    assert group.people == 5
    assert "taart bakken hier" not in {question.text for question in group.questions}
    assert await groups.find(town, group.questions[-1].id) == group


async def test_one_group_is_found_without_a_search_for_the_others(services: Services, search: FixedSearch, clock: Clock) -> None:
    class Counting(FixedSearch):
        def find(self, text: str, language: str | None, limit: int = 10) -> Found:
            searched.append(text)
            return super().find(text, language, limit)

    searched: list[str] = []
    groups, town = hashed_signals(services, clock).groups, services.towns.first
    await ask_in_vain(services, search, BAKE)
    await ask_in_vain(services, search, [("nl", "gitaar spelen leren")] * 5, "q")
    town.asker._search = Counting()
    baking, playing = await groups.of(town)
    assert len(searched) == 2
    for group in (baking, playing):
        searched.clear()
        assert await groups.find(town, group.questions[-1].id) == group
        assert len(searched) == 1


async def test_who_is_forgotten_is_gone_from_the_groups(services: Services, search: FixedSearch, clock: Clock) -> None:
    groups, town = hashed_signals(services, clock).groups, services.towns.first
    await ask_in_vain(services, search, BAKE)
    assert len(await groups.of(town)) == 1
    await services.flow.forget(await Person(services, "p0").conversation())
    assert await groups.of(town) == []


async def test_the_migration_makes_these_tables(services: Services) -> None:
    url = f"sqlite+aiosqlite:///{services.settings.data / 'new.db'}"
    migrate(url)
    engine = connect(url)
    async with engine.connect() as connection:
        for table in (AskedRow, CountRow):
            assert (await connection.execute(select(func.count()).select_from(table))).scalar() == 0
            names = {column.name for column in table.__table__.columns}
            made = await connection.exec_driver_sql(f"PRAGMA table_info({table.__tablename__})")
            assert {row[1] for row in made} == names
    await engine.dispose()
