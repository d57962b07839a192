"""Groups of questions without an answer: read, cleaned, put together, and shown only when they come from enough people."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from api.answers.answer import Ranked
from api.signals.cleaning import unmarked
from api.signals.grouping import grouped
from api.signals.questions import Question, Said, Why, questions
from api.signals.store import SignalStore
from api.towns import Town
from knowledge.encoder import Encoder
from knowledge.text import words
from knowledge.variants import read_variants
from sociale_kaart.kaart import Kaart

MOST_TEXTS = 5000
"""Questions that are grouped, the newest; more would cost seconds."""
EXAMPLES = 5
"""Cleaned questions that are shown of a group, per language."""
NEAR = 3


@dataclass(frozen=True)
class Group:
    """Questions that are alike, of enough people."""

    id: int
    """Of its most central message: any message of the group leads to it."""
    people: int
    questions: tuple[Question, ...]
    """The most central first."""
    near: tuple[Ranked, ...]
    """Entries that are nearest to its most central question."""
    probability: float | None
    """That the first of these is the answer; None when search does not know."""
    answered: bool = False
    """Whether that question is answered by now, for instance since it was added to an entry."""

    @property
    def central(self) -> Question:
        """The question that stands for the group."""
        return self.questions[0]

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages of the questions, the commonest first."""
        return tuple(code for code, _ in Counter(question.language for question in self.questions).most_common())

    @property
    def whys(self) -> tuple[Why, ...]:
        """What was wrong, the commonest first."""
        return tuple(why for why, _ in Counter(question.why for question in self.questions).most_common())

    @property
    def examples(self) -> dict[str, tuple[Question, ...]]:
        """By language, a few questions with different words, the most central first."""
        chosen: dict[str, dict[str, Question]] = {}
        for question in self.questions:
            different = chosen.setdefault(question.language, {})
            if len(different) < EXAMPLES:
                different.setdefault(question.text.casefold(), question)
        return {language: tuple(different.values()) for language, different in chosen.items()}


class Groups:
    """Makes the groups of a town. Between two requests it keeps which messages belong together, and no words."""

    def __init__(self, store: SignalStore, encoder: Callable[[], Encoder], fewest: int) -> None:
        self._store, self._encoder, self._fewest = store, encoder, fewest
        self._kept: dict[str, tuple[tuple[int, ...], list[tuple[int, ...]]]] = {}
        self._words: dict[str, tuple[Kaart, frozenset[str]]] = {}

    async def of(self, town: Town) -> list[Group]:
        """The groups of at least the set number of people: those that get no answer still, and those of most people, first."""
        said = await self._store.said(town.id)
        return await asyncio.to_thread(self._make, town, said)

    async def find(self, town: Town, message_id: int) -> Group | None:
        """The group that a message belongs to; None when there is none that may be shown."""
        said = await self._store.said(town.id)
        return next(iter(await asyncio.to_thread(self._make, town, said, message_id)), None)

    def _make(self, town: Town, said: Sequence[Said], holding: int | None = None) -> list[Group]:
        """All groups, or the one that holds a message: each costs a search."""
        asked = questions(said, MOST_TEXTS, self._known(town))
        by_id = {question.id: question for question in asked}
        groups = (
            self._group(town, [by_id[id] for id in members if id in by_id])
            for members in self._members(town.id, asked)
            if holding is None or holding in members
        )
        return sorted(filter(None, groups), key=lambda group: (group.answered, -group.people, group.id))

    def _known(self, town: Town) -> frozenset[str]:
        kaart, known = self._words.get(town.id, (None, frozenset()))
        if kaart is not town.kaart:
            known = known_words(town)
            self._words[town.id] = (town.kaart, known)
        return known

    def _members(self, town: str, asked: Sequence[Question]) -> list[tuple[int, ...]]:
        """Ids of messages that belong together; made anew as soon as there is another question, or one less."""
        ids = tuple(question.id for question in asked)
        kept = self._kept.get(town)
        if kept and kept[0] == ids:
            return kept[1]
        clusters = grouped([unmarked(question.text) for question in asked], self._encoder()) if asked else []
        made = [tuple(ids[place] for place in cluster.places) for cluster in clusters]
        self._kept[town] = (ids, made)
        return made

    def _group(self, town: Town, members: Sequence[Question]) -> Group | None:
        people = len({question.conversation_id for question in members})
        if people < self._fewest:
            return None
        central = members[0]
        found = town.asker.ask(unmarked(central.text), central.language or None)
        return Group(central.id, people, tuple(members), found.entries[:NEAR], found.probability, found.kind == "entry")


def known_words(town: Town) -> frozenset[str]:
    """Words of the kaart, in small letters: what it writes with a capital is no name of a newcomer.

    Of questions only words that are written small count, because there a capital may be somebody's name.
    """
    read, asked = [], [variant.text for variant in read_variants(town.id)]
    for entry in town.kaart:
        for text in entry.texts.values():
            read += [text.name, text.summary, *text.answer, *text.steps, entry.organization or ""]
            asked += text.questions
    place = town.kaart.municipality
    told = {word.casefold() for text in (*read, place.name, *place.desk.name.values()) for word in words(text)}
    return frozenset(told | set(_small(asked)))


def _small(texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        yield from (bare for word in text.split() if (bare := word.strip(".,!?¿؟:;()'\"")) == bare.lower() and bare)
