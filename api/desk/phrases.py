"""Sentences of the phrasebook as answers: what the desk shows of them, and the reply that is sent."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from api.answers.moments import date_in_words
from api.answers.reply import Reply
from api.conversation.turn import DEFAULT_LANGUAGE
from api.desk.errors import PhraseNotValid
from api.desk.words import PHRASE_FIELDS, PHRASE_GROUPS
from api.i18n.catalogue import Catalogue
from sociale_kaart.kaart import Kaart
from sociale_kaart.phrasebook import FieldKind, Phrase, PhraseGroup
from sociale_kaart.review import ORIGINAL
from sociale_kaart.schema import ReviewState
from sociale_kaart.values import Clock, Day, Line, PhoneNumber

TEXT_LIMIT = 80
"""Longest text that is filled in, in characters."""
INPUTS = {FieldKind.PHONE: "tel", FieldKind.DATE: "date", FieldKind.TIME: "time", FieldKind.TEXT: "text"}
_BLANK = "…"
_PHONE, _LINE = TypeAdapter[str](PhoneNumber), TypeAdapter[str](Line)
_DAY, _TIME = TypeAdapter[dt.date](Day), TypeAdapter[dt.time](Clock)


@dataclass(frozen=True)
class PhraseView:
    """One sentence: the Dutch, and how the newcomer reads it."""

    id: str
    dutch: str
    words: str
    language: str
    label: ReviewState | None
    """What the newcomer's text still is; None when it was reviewed."""
    fields: tuple[tuple[str, str, str], ...]
    """To fill in: (name, what it is in Dutch, type of the input)."""


def groups_for(kaart: Kaart, language: str | None) -> list[tuple[str, list[PhraseView]]]:
    """The sentences for somebody who reads `language` (None: not known, then Dutch), per group with its Dutch name."""
    code = language or DEFAULT_LANGUAGE
    if kaart.phrasebook is None:
        return []
    groups = ((group, phrases) for group, phrases in kaart.phrasebook.grouped() if group is not PhraseGroup.COUNTER)
    views = (
        (PHRASE_GROUPS[group], [_view(phrase, code) for phrase in phrases if code in phrase.words]) for group, phrases in groups
    )
    return [(name, phrases) for name, phrases in views if phrases]


def phrase_reply(kaart: Kaart, catalogue: Catalogue, language: str | None, id: str, values: Mapping[str, str]) -> Reply:
    """The sentence `id` with `values` filled in, labelled where nobody reviewed it.

    PhraseNotValid when there is no such sentence in that language, or a value is missing or of another kind.
    """
    code = language or DEFAULT_LANGUAGE
    phrase = kaart.phrasebook.find(id) if kaart.phrasebook else None
    if phrase is None or code not in phrase.words:
        raise PhraseNotValid
    label = _label(phrase, code)
    return Reply(
        language=code,
        paragraphs=(phrase.filled(code, _filled(phrase, values, catalogue, code)),),
        notes=(catalogue.text(code, f"answer.label.{label}"),) if label else (),
        dutch=(phrase.filled(ORIGINAL, _filled(phrase, values, catalogue, ORIGINAL)),) if code != ORIGINAL else (),
    )


def _view(phrase: Phrase, language: str) -> PhraseView:
    blanks = dict.fromkeys(phrase.fields, _BLANK)
    fields = tuple((name, PHRASE_FIELDS[kind], INPUTS[kind]) for name, kind in phrase.fields.items())
    dutch, words = phrase.filled(ORIGINAL, blanks), phrase.filled(language, blanks)
    return PhraseView(phrase.id, dutch, words, language, _label(phrase, language), fields)


def _label(phrase: Phrase, language: str) -> ReviewState | None:
    state = phrase.words[language].review.state
    return None if state is ReviewState.REVIEWED else state


def _filled(phrase: Phrase, values: Mapping[str, str], catalogue: Catalogue, language: str) -> dict[str, str]:
    return {name: _written(kind, values.get(name, "").strip(), catalogue, language) for name, kind in phrase.fields.items()}


def _written(kind: FieldKind, value: str, catalogue: Catalogue, language: str) -> str:
    """What was filled in, as it is written in `language`."""
    try:
        if kind is FieldKind.DATE:
            return date_in_words(catalogue, language, _DAY.validate_python(value))
        if kind is FieldKind.TIME:
            return f"{_TIME.validate_python(value):%H:%M}"
        if kind is FieldKind.PHONE:
            return _PHONE.validate_python(value)
        if len(value) > TEXT_LIMIT:
            raise PhraseNotValid
        return _LINE.validate_python(re.sub(r"\s+", " ", value))
    except ValidationError:
        raise PhraseNotValid from None
