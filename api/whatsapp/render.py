"""From replies to WhatsApp messages, within its limits. Pure.

One turn is one bubble where that fits: every message that is delivered costs money and attention. What can be tapped is
numbered in the words as well, so that typing the number does the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.answers.reply import Button, Reply
from api.i18n.catalogue import Catalogue
from api.whatsapp.bidi import isolated
from api.whatsapp.size import cut, split, units
from knowledge.languages import language as language_named

TEXT_MAX, BUTTONS_BODY_MAX = 4096, 1024
BUTTONS_MAX, BUTTON_TITLE = 3, 20
ROWS_MAX, ROW_TITLE, ROW_DESCRIPTION, ROW_ID = 10, 24, 72, 200
PERSON: Final = "/person"
SLACK: Final = 0.9
"""How full a bubble may be before isolates: they take room too."""
HALF: Final = TEXT_MAX // 2 - 1
"""Isolates make no text longer than twice as long."""


@dataclass(frozen=True)
class Option:
    """Something to choose, with the number it has in this turn."""

    number: int
    button: Button


@dataclass(frozen=True)
class Bubble:
    """One WhatsApp message: its words, and what can be tapped under them."""

    language: str
    text: str
    options: tuple[Option, ...] = ()
    urgent: bool = False


class Renderer:
    """Makes bubbles; `address` is where public pages are, None when people cannot reach it."""

    def __init__(self, catalogue: Catalogue, address: str | None = None) -> None:
        self._catalogue, self._address = catalogue, address

    def turn(self, replies: Sequence[Reply]) -> tuple[Bubble, ...]:
        """The bubbles of everything that is said at once. Numbers go on from bubble to bubble."""
        bubbles: list[Bubble] = []
        number = 0
        for group in self._groups(replies):
            buttons = [] if group[0].urgent else _buttons(group)
            options = tuple(Option(number + n, button) for n, button in enumerate(buttons, start=1))
            number += len(options)
            bubbles += self._bubbles(group, options)
        return tuple(bubbles)

    def message(self, bubble: Bubble) -> dict[str, Any]:
        """The part of the request that says what is sent."""
        options = _tappable(bubble.options)
        if not options:
            return {"type": "text", "text": {"body": bubble.text, "preview_url": False}}
        action = _reply_buttons(bubble) or self._list(bubble.language, options)
        kind = "button" if "buttons" in action else "list"
        return {"type": "interactive", "interactive": {"type": kind, "body": {"text": bubble.text}, "action": action}}

    def _groups(self, replies: Sequence[Reply]) -> Iterator[list[Reply]]:
        """Replies that share a bubble: urgent ones first and by themselves, the others as long as everything fits."""
        for chosen in ([reply for reply in replies if reply.urgent], [reply for reply in replies if not reply.urgent]):
            group: list[Reply] = []
            for reply in chosen:
                if group and not self._fit([*group, reply]):
                    yield group
                    group = []
                group.append(reply)
            if group:
                yield group

    def _fit(self, group: Sequence[Reply]) -> bool:
        text = self._with_options(group, [Option(n, button) for n, button in enumerate(_buttons(group), start=1)])
        return len(_buttons(group)) <= ROWS_MAX and units(text) <= TEXT_MAX * SLACK

    def _bubbles(self, group: Sequence[Reply], options: Sequence[Option]) -> Iterator[Bubble]:
        """The group as one bubble, or as several when its words are too long; the options go with the last."""
        language, urgent = group[-1].language, group[0].urgent
        leftward = language_named(language).direction == "rtl"
        parts = _parts(self._with_options(group, options), leftward=leftward)
        for part in parts[:-1]:
            yield Bubble(language, part, urgent=urgent)
        yield Bubble(language, parts[-1], tuple(options), urgent)

    def _with_options(self, group: Sequence[Reply], options: Sequence[Option]) -> str:
        blocks = [self._words(reply) for reply in group]
        if options:
            numbers = self._catalogue.text(group[-1].language, "whatsapp.numbers")
            blocks.append("\n".join([numbers, *(f"{option.number}. {option.button.title}" for option in options)]))
        return "\n\n".join(blocks)

    def _words(self, reply: Reply) -> str:
        """Everything that a reply says, as WhatsApp marks it up."""
        blocks = [_bold(reply.title)] if reply.title else []
        blocks += reply.paragraphs
        if reply.facts:
            blocks.append("\n".join(f"{_bold(fact.label + ':')} {fact.value}" for fact in reply.facts))
        for section in reply.sections:
            lines = [_bold(section.heading)]
            for n, step in enumerate(section.steps, start=1):
                lines.append(f"{n}. {step.text}" if section.ordered else f"- {step.text}")
                lines += [step.because] if step.because else []
            blocks.append("\n".join(lines))
        blocks += reply.notes
        blocks += ["\n".join(reply.sources)] if reply.sources else []
        if reply.link and self._address:
            blocks.append(f"{self._catalogue.text(reply.language, 'public.page')}: {self._address}{reply.link}")
        return "\n\n".join(blocks)

    def _list(self, language: str, options: Sequence[Option]) -> dict[str, Any]:
        label = cut(self._catalogue.text(language, "whatsapp.choose"), BUTTON_TITLE)
        return {"button": label, "sections": [{"rows": [_row(option) for option in options]}]}


def _parts(text: str, *, leftward: bool) -> list[str]:
    """The text with isolates, in pieces that are short enough with them."""
    parts = [isolated(part, leftward=leftward) for part in split(text, TEXT_MAX)]
    if all(units(part) <= TEXT_MAX for part in parts):
        return parts
    return [isolated(part, leftward=leftward) for part in split(text, HALF)]


def _buttons(replies: Iterable[Reply]) -> list[Button]:
    """What all of them offer, each once, a person last."""
    once: dict[str, Button] = {}
    for reply in replies:
        for button in reply.buttons:
            once.setdefault(button.payload, button)
    person = once.pop(PERSON, None)
    return [*once.values(), *([person] if person else [])]


def _tappable(options: Sequence[Option]) -> Sequence[Option]:
    """What fits in a list; the rest can be typed. The last one, a person, always fits."""
    fitting = [option for option in options if units(option.button.payload) <= ROW_ID and option.button.title.strip()]
    return fitting if len(fitting) <= ROWS_MAX else [*fitting[: ROWS_MAX - 1], fitting[-1]]


def _reply_buttons(bubble: Bubble) -> dict[str, Any] | None:
    """Up to three buttons under the words, where the words and the titles are short enough for it."""
    titles = [option.button.title.strip() for option in bubble.options]
    plain = len(titles) <= BUTTONS_MAX and len(set(titles)) == len(titles) and units(bubble.text) <= BUTTONS_BODY_MAX
    short = all(0 < units(title) <= BUTTON_TITLE and any(char.isalnum() for char in title) for title in titles)
    if not (plain and short and len(_tappable(bubble.options)) == len(titles)):
        return None
    payloads = [option.button.payload for option in bubble.options]
    replies = [{"id": payload, "title": title} for payload, title in zip(payloads, titles, strict=True)]
    return {"buttons": [{"type": "reply", "reply": reply} for reply in replies]}


def _row(option: Option) -> dict[str, str]:
    """A row of a list. A title that is too long stands whole in the description; its number keeps it apart from others."""
    title = option.button.title.strip()
    if units(title) <= ROW_TITLE:
        return {"id": option.button.payload, "title": title}
    short = cut(f"{option.number}. {title}", ROW_TITLE)
    return {"id": option.button.payload, "title": short, "description": cut(title, ROW_DESCRIPTION)}


def _bold(line: str) -> str:
    """A line that stands out. A star in it would end that too early."""
    return f"*{' '.join(line.replace('*', '·').split())}*"
