"""An entry of the kaart as a worker's answer: find it in Dutch, look at it, send it in the newcomer's language."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from api.answers.reply import Reply
from api.conversation.model import Conversation
from api.conversation.turn import DEFAULT_LANGUAGE
from api.towns import Town
from sociale_kaart.review import ORIGINAL, Standing, standing
from sociale_kaart.schema import Entry

MOST = 6


@dataclass(frozen=True)
class Suggestion:
    """An entry that may be the answer, in Dutch, and where its text in the newcomer's language stands."""

    id: str
    name: str
    summary: str
    standing: Standing


def suggestions(town: Town, words: str, conversation: Conversation) -> list[Suggestion]:
    """What the kaart has for these Dutch words, the best first; without words, what the conversation is about."""
    if words.strip():
        found = [ranked.id for ranked in town.asker.ask(words, ORIGINAL).entries]
    else:
        found = [conversation.entry_id] if conversation.entry_id else []
    entries = (town.kaart.find(id) for id in dict.fromkeys((*_named(town, words), *found)))
    language = conversation.language or DEFAULT_LANGUAGE
    return [_suggestion(entry, language) for entry in entries if entry][:MOST]


def entry_reply(town: Town, entry: Entry, language: str | None, now: dt.datetime, status: str | None) -> Reply:
    """The entry in `language` with source, date and label, without buttons: the worker is the one to ask."""
    reply = town.composer.answer(town.asker.entry(entry.id), language or DEFAULT_LANGUAGE, now, status)
    dutch = () if reply.language == ORIGINAL else (entry.texts[ORIGINAL].name,)
    return reply.model_copy(update={"buttons": (), "dutch": dutch})


def _named(town: Town, words: str) -> list[str]:
    """Entries whose Dutch name holds the words: who types a name wants that one."""
    wanted = " ".join(words.casefold().split())
    return [entry.id for entry in town.kaart if wanted and wanted in entry.texts[ORIGINAL].name.casefold()][:MOST]


def _suggestion(entry: Entry, language: str) -> Suggestion:
    dutch = entry.texts[ORIGINAL]
    return Suggestion(entry.id, dutch.name, dutch.summary, standing(entry, language))
