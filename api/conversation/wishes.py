"""Wishes that are heard without the bot, when a message is nothing but one of these: fixed words, in every language."""

from __future__ import annotations

from functools import cache
from typing import Final

from api.conversation.commands import Command
from knowledge.text import normalise

_FORGET: Final = (
    "vergeet mij", "vergeet me", "verwijder mijn gegevens", "wis mijn gegevens", "wis dit gesprek", "verwijder dit gesprek",
    "wis alles", "verwijder alles", "forget me", "delete my data", "delete everything", "delete this conversation",
    "delete this chat", "erase everything", "انسني", "انسوني", "احذف بياناتي", "احذفوا بياناتي", "احذف هذه المحادثة",
    "احذفوا هذه المحادثة", "احذف كل شيء", "امسح كل شيء", "امسح بياناتي", "ረስዑኒ", "ረስዓኒ", "ሓበሬታይ ደምስሱ", "ሓበሬታይ ደምስስ",
    "ነዚ ዕላል ደምስሱ", "ነዚ ዝርርብ ደምስሱ", "ኩሉ ደምስሱ", "ኩሉ ሰርዙ", "забудьте мене", "забудь мене", "видаліть мої дані", "видали мої дані",
    "видаліть цю розмову", "видалити все", "видаліть усе", "видаліть все",
)  # fmt: skip
_STOP: Final = (
    "stop", "stoppen", "stop berichten", "afmelden", "uitschrijven", "geen berichten meer", "unsubscribe", "opt out",
    "stop messages", "no more messages", "توقف", "توقفوا", "إيقاف", "أوقف الرسائل", "إلغاء الاشتراك", "الغاء الاشتراك",
    "ኣቋርጽ", "ኣቋርጹ", "ደው ኣብል", "ደው ኣብሉ", "ጠጠው ኣብሉ", "መልእኽቲ ኣይትስደዱ", "стоп", "зупинити", "відписатися", "відписатись",
    "не пишіть мені", "не надсилайте повідомлень",
)  # fmt: skip
_MARKS: Final = " .!?؟።፡…\"'«»“”"


def _plain(text: str) -> str:
    return normalise(text).strip(_MARKS)


@cache
def _said(wishes: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(_plain, wishes))


def forget_said(text: str) -> Command | None:
    """The command to forget, when the message asks for nothing but that."""
    return Command("forget") if _plain(text) in _said(_FORGET) else None


def stop_said(text: str) -> bool:
    """Whether the message asks for nothing but to get no more messages."""
    return _plain(text) in _said(_STOP)
