"""From kaart to passages: the one file of knowledge that knows the kaart."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.passages import Passage
from knowledge.variants import read_variants
from sociale_kaart.kaart import Kaart
from sociale_kaart.schema import Text


def passages(kaart: Kaart) -> list[Passage]:
    """Every passage of every entry and language, and the question variants, in a fixed order."""
    written = [
        passage
        for entry in kaart
        for language in sorted(entry.texts)
        for passage in _of_text(entry.id, language, entry.texts[language])
    ]
    return written + list(_variants(kaart))


def _of_text(id: str, language: str, text: Text) -> Iterator[Passage]:
    yield Passage(id, language, "name", text.name)
    yield Passage(id, language, "summary", text.summary)
    for sentence in text.answer:
        yield Passage(id, language, "answer", sentence)
    for fact in (*text.facts.model_dump(exclude_none=True).values(), *text.for_status.values()):
        yield Passage(id, language, "fact", fact)
    for question in text.questions:
        yield Passage(id, language, "question", question)


def _variants(kaart: Kaart) -> Iterator[Passage]:
    """Those of the kaart itself and of what it takes over, as far as it has the entry in that language."""
    for source in filter(None, (kaart.municipality.id, kaart.municipality.extends)):
        for variant in read_variants(source):
            entry = kaart.find(variant.entry_id)
            if entry and variant.language in entry.texts and kaart.is_own(entry.id) == (source == kaart.municipality.id):
                yield Passage(entry.id, variant.language, "question", variant.text, variant.style)
