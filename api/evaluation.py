"""Runs an evaluation file through the code of a real message, with or without the running bot."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path
from uuid import uuid4

import httpx

from api.answers.answer import Answer
from api.answers.console import understand
from api.conversation.watch import Watch
from api.rasa.client import BotClient, RasaClient, spoken
from api.settings import Settings
from api.towns import Town
from knowledge.detection import detect
from knowledge.evaluation import Metrics, Outcome, Row, evaluate, read_rows


def evaluate_file(town: Town, watch: Watch, known_ids: frozenset[str], file: Path, bot: BotClient | None) -> dict[str, Metrics]:
    """Metrics per language. With `bot`, the answer is the one that the running bot gives.

    Raises:
        EvaluationFileError: a row cannot be used.
    """
    with asyncio.Runner() as runner:
        conversations: dict[str, _Conversation] = {}

        def answer(row: Row, text: str) -> Outcome:
            conversation = conversations.setdefault(row.qid, _Conversation(town, watch, bot))
            return runner.run(conversation.turn(text))

        return evaluate(read_rows(file), answer, known_ids)


def as_plain(metrics: dict[str, Metrics]) -> dict[str, dict[str, object]]:
    """Metrics as JSON values."""
    return {language: asdict(measured) for language, measured in metrics.items()}


def running_bot(settings: Settings) -> RasaClient:
    """The bot at the address in the settings."""
    return RasaClient(httpx.AsyncClient(base_url=settings.bot_url, timeout=settings.bot_timeout))


class _Conversation:
    """One row's turns: remembers what a conversation would."""

    def __init__(self, town: Town, watch: Watch, bot: BotClient | None) -> None:
        self._asker, self._watch, self._bot, self._town = town.asker, watch, bot, town.id
        self._sender = f"evaluation-{uuid4().hex}"
        self._language: str | None = None
        self._entry_id: str | None = None

    async def turn(self, text: str) -> Outcome:
        if self._bot is None:
            understood = understand(self._asker, self._watch, text, self._language)
            self._remember(understood.language, understood.answer)
            return _outcome(understood.language, understood.emergency, understood.answer)
        language, emergency = detect(text, self._language).code, self._watch.find(text)
        metadata = {"language": language or self._language, "entry_id": self._entry_id, "town": self._town}
        answers = await self._bot.ask(self._sender, spoken(text), metadata)
        answer = answers[-1] if answers else self._asker.ask(text, language)
        self._remember(language, answer)
        return _outcome(language, emergency, answer)

    def _remember(self, language: str | None, answer: Answer) -> None:
        self._language = language or self._language
        self._entry_id = answer.subject or self._entry_id


def _outcome(language: str | None, emergency: str | None, answer: Answer) -> Outcome:
    return Outcome(
        language=language,
        zone=answer.zone or "person",
        emergency=emergency,
        entries=tuple(ranked.id for ranked in answer.entries),
        intent=answer.intent,
        facet=answer.facet,
    )
