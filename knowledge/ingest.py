"""From kaart to passages: the one file of knowledge that knows the kaart."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from knowledge.passages import Passage
from knowledge.variants import BESIDE, FOLDER, fits, mark, read_beside, read_variants
from sociale_kaart.kaart import Kaart
from sociale_kaart.loader import load_kaart
from sociale_kaart.schema import Entry, Text


def passages(kaart: Kaart) -> list[Passage]:
    """Every passage of every entry and language, and the question variants, in a fixed order."""
    written = [
        passage
        for entry in kaart
        for language in sorted(entry.texts)
        for passage in _of_text(entry.id, language, entry.texts[language])
    ]
    return written + list(_variants(kaart))


def read_passages(folder: Path) -> list[Passage]:
    """Those of the kaart in this folder. KaartInvalid when it has problems."""
    return passages(load_kaart(folder))


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
    """Those of the kaart itself and of what it takes over, as far as it has the entry in that language and means the same."""
    for source in filter(None, (kaart.municipality.id, kaart.municipality.extends)):
        beside, own = read_beside(source), source == kaart.municipality.id
        held = {e.id: e for e in kaart if kaart.is_own(e.id) == own and fits(beside.get(e.id, ()), _dutch_questions(e))}
        for variant in read_variants(source):
            if variant.entry_id in held and variant.language in held[variant.entry_id].texts:
                yield Passage(variant.entry_id, variant.language, "question", variant.text, variant.style)


def _dutch_questions(entry: Entry) -> tuple[str, ...]:
    return entry.texts["nl"].questions if "nl" in entry.texts else ()


def remember(kaart: Kaart, folder: Path = FOLDER) -> None:
    """Write down which example questions the variants of each entry stand beside now, for those who write or revise variants."""
    for source in filter(None, (kaart.municipality.id, kaart.municipality.extends)):
        asked = {variant.entry_id for variant in read_variants(source, folder)}
        lines = [" ".join([entry.id, *map(mark, _dutch_questions(entry))]) for entry in kaart if entry.id in asked]
        (folder / source / BESIDE).write_text("".join(f"{line}\n" for line in sorted(lines)), encoding="utf-8")


if __name__ == "__main__":  # python -m knowledge.ingest KAART
    remember(load_kaart(Path(sys.argv[1])))
