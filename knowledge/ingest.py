"""From kaart to passages: the one file of knowledge that knows the kaart."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.passages import Passage
from sociale_kaart.kaart import Kaart
from sociale_kaart.schema import Text


def passages(kaart: Kaart) -> list[Passage]:
    """Every passage of every entry and language, in a fixed order."""
    return [
        passage
        for entry in kaart
        for language in sorted(entry.texts)
        for passage in _of_text(entry.id, language, entry.texts[language])
    ]


def _of_text(id: str, language: str, text: Text) -> Iterator[Passage]:
    yield Passage(id, language, "name", text.name)
    yield Passage(id, language, "summary", text.summary)
    for sentence in text.answer:
        yield Passage(id, language, "answer", sentence)
    for fact in (*text.facts.model_dump(exclude_none=True).values(), *text.for_status.values()):
        yield Passage(id, language, "fact", fact)
    for question in text.questions:
        yield Passage(id, language, "question", question)


def labelled_texts(kaart: Kaart) -> Iterator[tuple[str, str, str]]:
    """(entry id, language, text) of everything the encoder may train on: the development questions are left out."""
    for passage in passages(kaart):
        if not passage.development:
            yield passage.entry_id, passage.language, passage.text
