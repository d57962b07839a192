"""Words that stay Dutch because they stand on letters and doors, and sentences for the desk; both explained per language.

They hold for the whole country and live in `landelijk/`, beside the entries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import Field

from sociale_kaart.errors import KaartInvalid, Problem
from sociale_kaart.loader import Document, read_model
from sociale_kaart.phrasebook import PHRASEBOOK, FieldPath, Finding, Phrasebook, Said, incomplete, problems_of, repeated
from sociale_kaart.values import LanguageCode, Line, Strict

NATIONAL = Path(__file__).parent / "landelijk"
Model = TypeVar("Model", bound=Strict)


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


def load_glossary(folder: Path = NATIONAL) -> Glossary:
    """The glossary in `folder`. KaartInvalid with every problem: file, line and field."""
    document, glossary = _load(folder / "glossary.yaml", Glossary)
    numbered = [(str(place), term) for place, term in enumerate(glossary.terms)]
    spelt = [(("terms", place, *where), spelling) for place, term in numbered for where, spelling in _places(term)]
    said = [(("terms", place, "explanation"), term.explanation) for place, term in numbered]
    _refuse(document, [*repeated(spelt), *incomplete(said, glossary.languages)])
    return glossary


def load_phrasebook(folder: Path = NATIONAL) -> Phrasebook:
    """The phrasebook in `folder`. KaartInvalid with every problem: file, line and field."""
    document, book = _load(folder / PHRASEBOOK, Phrasebook)
    _refuse(document, list(problems_of(book)))
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
