"""One question answered outside a conversation: the terminal and the evaluation, by the code that messages use."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from api.answers.answer import Answer
from api.answers.ask import Asker
from api.answers.compose import Composer
from api.answers.reply import as_text
from api.conversation.danger import Danger
from api.conversation.watch import Watch
from api.i18n.catalogue import Catalogue
from knowledge.detection import detect

DEFAULT_LANGUAGE = "nl"


@dataclass(frozen=True)
class Understood:
    """What became of a text before any words are chosen."""

    language: str | None
    emergency: Danger | None
    answer: Answer


def understand(asker: Asker, watch: Watch, text: str, previous: str | None = None) -> Understood:
    """Language, danger and the answer object, in the order of the flow."""
    language = detect(text, previous).code
    return Understood(language, watch.find(text), asker.ask(text, language))


def in_words(understood: Understood, composer: Composer, catalogue: Catalogue, now: dt.datetime) -> str:
    """The text a newcomer would read; in Dutch when the language is unknown or not offered."""
    language = understood.language if understood.language in catalogue.languages else DEFAULT_LANGUAGE
    if understood.emergency:
        return as_text(composer.danger(language, understood.emergency))
    if understood.answer.kind == "none":
        return catalogue.text(language, "terminal.no_answer")
    reply = composer.answer(understood.answer, language, now)
    choices = [button.title for button in reply.buttons] if understood.answer.kind == "ask_back" else []
    return "\n".join([as_text(reply), *(f"- {choice}" for choice in choices)])


def as_json(understood: Understood) -> dict[str, object]:
    """`{"language", "zone", "emergency", "entries": [{"id", "score"}]}`."""
    return {
        "language": understood.language,
        "zone": understood.answer.zone,
        "emergency": understood.emergency,
        "entries": [{"id": ranked.id, "score": ranked.score} for ranked in understood.answer.entries],
    }
