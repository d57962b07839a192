"""Words that stay Dutch because they stand on letters and doors, and sentences for the desk; both explained per language.

They hold for the whole country and live in `landelijk/`, beside the entries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import Field

from sociale_kaart.errors import KaartInvalid, Problem
from sociale_kaart.loader import Document, read_model
from sociale_kaart.schema import Review
from sociale_kaart.values import LanguageCode, Line, Slug, Strict

NATIONAL = Path(__file__).parent / "landelijk"
FieldPath = tuple[str, ...]
Finding = tuple[FieldPath, str]
Model = TypeVar("Model", bound=Strict)


class Said(Strict):
    """A short text in one language, with who stands behind it."""

    text: Line = Field(description="The words.")
    review: Review = Field(description="Who stands behind them.")


class Term(Strict):
    """A word that people meet in Dutch, on letters and doors, and that is never translated."""

    term: Line = Field(description="The word as it is written in Dutch.")
    forms: tuple[Line, ...] = Field((), description="Other spellings of it: plural, written in full, abbreviated.")
    explanation: dict[LanguageCode, Said] = Field(description="What it is, in one sentence, per language.")

    @property
    def spellings(self) -> tuple[str, ...]:
        """The word and its other forms."""
        return (self.term, *self.forms)


class Glossary(Strict):
    """`glossary.yaml`."""

    languages: tuple[LanguageCode, ...] = Field(min_length=1, description="Languages every term is explained in.")
    terms: tuple[Term, ...] = Field(description="The terms.")

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every spelling of every term."""
        return tuple(spelling for term in self.terms for spelling in term.spellings)

    def term(self, spelling: str) -> Term | None:
        """The term that is written so (small letters and capitals are the same), or None."""
        wanted = spelling.casefold()
        return next((term for term in self.terms if wanted in map(str.casefold, term.spellings)), None)


class Phrase(Strict):
    """A sentence that is said at the desk."""

    id: Slug = Field(description="Fixed name.")
    words: dict[LanguageCode, Said] = Field(description="The sentence per language.")


class Phrasebook(Strict):
    """`phrasebook.yaml`."""

    languages: tuple[LanguageCode, ...] = Field(min_length=1, description="Languages every phrase is in.")
    phrases: tuple[Phrase, ...] = Field(description="The phrases, in the order in which they are shown.")


def load_glossary(folder: Path = NATIONAL) -> Glossary:
    """The glossary in `folder`. KaartInvalid with every problem: file, line and field."""
    document, glossary = _load(folder / "glossary.yaml", Glossary)
    numbered = [(str(place), term) for place, term in enumerate(glossary.terms)]
    spelt = [(("terms", place, *where), spelling) for place, term in numbered for where, spelling in _places(term)]
    said = [(("terms", place, "explanation"), term.explanation) for place, term in numbered]
    _refuse(document, [*_repeated(spelt), *_incomplete(said, glossary.languages)])
    return glossary


def load_phrasebook(folder: Path = NATIONAL) -> Phrasebook:
    """The phrasebook in `folder`. KaartInvalid with every problem: file, line and field."""
    document, book = _load(folder / "phrasebook.yaml", Phrasebook)
    ids = [(("phrases", str(place), "id"), phrase.id) for place, phrase in enumerate(book.phrases)]
    said = [(("phrases", str(place), "words"), phrase.words) for place, phrase in enumerate(book.phrases)]
    _refuse(document, [*_repeated(ids), *_incomplete(said, book.languages)])
    return book


def _load(path: Path, model: type[Model]) -> tuple[Document, Model]:
    problems: list[Problem] = []
    if (read := read_model(path, model, problems)) is None or problems:
        raise KaartInvalid(problems)
    return read


def _refuse(document: Document, findings: Sequence[Finding]) -> None:
    if findings:
        raise KaartInvalid([document.problem(field, why) for field, why in findings])


def _places(term: Term) -> Iterator[tuple[FieldPath, str]]:
    yield ("term",), term.term
    yield from ((("forms", str(place)), form) for place, form in enumerate(term.forms))


def _repeated(names: Sequence[tuple[FieldPath, str]]) -> Iterator[Finding]:
    seen: set[str] = set()
    for field, name in names:
        if name.casefold() in seen:
            yield field, f"stands here twice: {name}"
        seen.add(name.casefold())


def _incomplete(said: Sequence[tuple[FieldPath, Mapping[str, Said]]], languages: Sequence[str]) -> Iterator[Finding]:
    for field, texts in said:
        yield from ((field, f"has no text in {code}") for code in languages if code not in texts)
        yield from (((*field, code), "is not a language of this file") for code in texts if code not in languages)
