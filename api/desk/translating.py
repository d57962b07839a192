"""Machine translation at the desk: what a newcomer wrote beside its Dutch, and a worker's Dutch as a proposal.

A machine never translates danger. Nothing is stored: what was translated is remembered in memory for a quarter of an hour.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from api.answers.reply import Reply, Section, Step
from api.conversation.model import Conversation, Message, Speaker
from api.conversation.watch import Watch
from api.desk.errors import NotTranslated
from api.desk.words import DESK_LANGUAGE, LANGUAGES, NO_TRANSLATION
from api.i18n.catalogue import Catalogue
from knowledge.translation.errors import PackageMissing
from knowledge.translation.machine import Machine
from knowledge.translation.packages import NO_ARGOS
from knowledge.translation.translator import Refused, Translator

REMEMBERED_SECONDS, MOST_REMEMBERED, WAYS_SECONDS = 15 * 60, 300, 30


@dataclass(frozen=True)
class Standing:
    """Whether a machine can help with a language; `why` says in Dutch why it cannot, in either direction."""

    to_dutch: bool
    from_dutch: bool
    why: str


@dataclass(frozen=True)
class Beside:
    """The Dutch of what a newcomer wrote; `why` says why there is none."""

    text: str | None
    why: str


@dataclass(frozen=True)
class Proposal:
    """A machine's translation of a worker's answer, for the worker to look at."""

    dutch: str
    text: str
    language: str

    @property
    def digest(self) -> str:
        """What the form sends back, so that nothing else is sent than what was looked at."""
        return hashlib.sha256(f"{self.language}\n{self.dutch}\n{self.text}".encode()).hexdigest()[:32]


class Translating:
    """Translates for the desk with what is installed in `folder`; without any package it says so."""

    def __init__(self, folder: Path, terms: Iterable[str], watch: Watch, ticks: Callable[[], float] = time.monotonic) -> None:
        self._machine = Machine(folder)
        self._translator = Translator(self._machine, self._machine.packages, terms)
        self._watch, self._ticks = watch, ticks
        self._made: dict[tuple[str, str, str, tuple[str, ...]], tuple[float, str | None]] = {}
        self._ways: dict[tuple[str, str], tuple[float, bool]] = {}

    def standing(self, language: str | None) -> Standing | None:
        """What a machine can do for somebody who writes `language`; None where nothing needs to be translated."""
        if language in (None, DESK_LANGUAGE):
            return None
        known = str(language)
        both = self._leads(known, DESK_LANGUAGE), self._leads(DESK_LANGUAGE, known)
        key = "never" if known in NO_ARGOS else "missing"
        return Standing(*both, "" if all(both) else NO_TRANSLATION[key].format(language=LANGUAGES.get(known, known)))

    def wants(self, message: Message, conversation: Conversation) -> bool:
        """Whether a translation of this message can be shown: a newcomer's own words, in a language with a model, no danger."""
        language = message.language or conversation.language
        if message.speaker is not Speaker.PERSON or not message.text.strip() or language in (None, DESK_LANGUAGE):
            return False
        return self._leads(str(language), DESK_LANGUAGE) and not self._watch.find(message.text)

    async def message(self, message: Message, conversation: Conversation) -> Beside:
        """The Dutch of a message that `wants` said yes to."""
        text = await self._translated(message.text, message.language or conversation.language or DESK_LANGUAGE, DESK_LANGUAGE, ())
        return Beside(text, "" if text else NO_TRANSLATION["failed"])

    async def propose(self, dutch: str, language: str | None, names: Iterable[str]) -> Proposal:
        """A translation of a worker's answer; `names` stay as they are. NotTranslated with the reason when there is none."""
        standing = self.standing(language)
        if standing is None:
            raise NotTranslated(why=NO_TRANSLATION["needless"])
        if not standing.from_dutch:
            raise NotTranslated(why=standing.why)
        if self._watch.find(dutch):
            raise NotTranslated(why=NO_TRANSLATION["danger"])
        text = await self._translated(dutch, DESK_LANGUAGE, str(language), tuple(names))
        if text is None:
            raise NotTranslated(why=NO_TRANSLATION["failed"])
        return Proposal(dutch, text, str(language))

    async def close(self) -> None:
        """Stop the process that translates, if it runs."""
        await self._machine.close()

    async def _translated(self, text: str, source: str, target: str, names: tuple[str, ...]) -> str | None:
        now, key = self._ticks(), (source, target, text, names)
        self._made = {known: made for known, made in self._made.items() if made[0] > now}
        if key not in self._made:
            result = await self._translator.translate(text, source, target, names=names)
            while len(self._made) >= MOST_REMEMBERED:
                del self._made[next(iter(self._made))]
            self._made[key] = (now + REMEMBERED_SECONDS, None if isinstance(result, Refused) else result.text)
        return self._made[key][1]

    def _leads(self, source: str, target: str) -> bool:
        """Whether packages lead there; looked up on disk every half minute."""
        now, known = self._ticks(), self._ways.get((source, target))
        if known is None or known[0] <= now:
            try:
                leads = bool(self._translator.way(source, target))
            except PackageMissing:
                leads = False
            known = self._ways[source, target] = (now + WAYS_SECONDS, leads)
        return known[1]


def translated_reply(proposal: Proposal, catalogue: Catalogue) -> Reply:
    """The translation, labelled as a machine's, with the worker's own words under it."""
    language = proposal.language
    own = tuple(Step(text=line) for line in proposal.dutch.split("\n") if line.strip())
    return Reply(
        language=language,
        paragraphs=tuple(line for line in proposal.text.split("\n") if line.strip()),
        sections=(Section(heading=catalogue.text(language, "answer.original"), steps=own, ordered=False),),
        notes=(catalogue.text(language, "answer.label.machine"),),
    )
