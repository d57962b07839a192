"""What the pages about the kaart show. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

import yaml

from api.answers.compose import Composer
from api.answers.reply import as_text
from api.conversation.model import Message, Speaker
from api.desk.kaart.convert import Typed
from api.desk.kaart.fields import Field
from api.desk.kaart.form import different, shown
from api.desk.kaart.words import STATES
from api.desk.views import LanguageView, view_language
from api.freshness.words import STANDINGS
from api.i18n.catalogue import Catalogue
from api.publishing.model import FileChange, Publication, entry_of
from sociale_kaart.kaart import Kaart
from sociale_kaart.review import ORIGINAL, Piece, Standing, counts, differences, standing
from sociale_kaart.schema import Entry, State
from sociale_kaart.yaml12 import Yaml12Loader


@dataclass(frozen=True)
class Row:
    """One entry of the list; `standings` per language code, in words."""

    id: str
    name: str
    summary: str
    own: bool
    state: str
    standings: Mapping[str, str]


@dataclass(frozen=True)
class Filter:
    """What the list shows: entries with these words, in this state, with a text that stands so."""

    words: str = ""
    state: str = ""
    standing: str = ""

    def keeps(self, entry: Entry, languages: Collection[str]) -> bool:
        """Whether the entry is shown."""
        texts = (f"{entry.id} {text.name} {text.summary}".casefold() for text in entry.texts.values())
        has_words = not self.words or any(self.words.casefold().strip() in text for text in texts)
        stands = not self.standing or any(standing(entry, code) == self.standing for code in languages)
        return has_words and stands and self.state in ("", entry.state)


@dataclass(frozen=True)
class Shown:
    """What a newcomer would read in one language: on the web, and as plain text where there are no pages."""

    language: LanguageView
    message: Message
    text: str


@dataclass(frozen=True)
class Difference:
    """One field that changed, line by line and word by word."""

    label: str
    language: str
    lines: tuple[tuple[Piece, ...], ...]


def rows(kaart: Kaart, wanted: Filter) -> list[Row]:
    """The entries that the filter keeps, by their Dutch names."""
    codes = kaart.municipality.languages
    kept = sorted(
        (entry for entry in kaart if wanted.keeps(entry, codes)), key=lambda entry: entry.texts[ORIGINAL].name.casefold()
    )
    return [
        Row(
            entry.id,
            entry.texts[ORIGINAL].name,
            entry.texts[ORIGINAL].summary,
            kaart.is_own(entry.id),
            STATES[State(entry.state)],
            {code: STANDINGS[standing(entry, code)].partition(":")[0] for code in codes},
        )
        for entry in kept
    ]


def totals(kaart: Kaart) -> list[tuple[LanguageView | None, list[tuple[str, int]]]]:
    """Per language how many of the town's own texts stand where."""
    own = [entry for entry in kaart if kaart.is_own(entry.id)]
    return [
        (
            view_language(code),
            [(STANDINGS[state].partition(":")[0], count) for state, count in counts(own, code).items() if count],
        )
        for code in kaart.municipality.languages
    ]


def standing_options() -> list[tuple[str, str]]:
    """The choices of the filter."""
    return [(str(state), STANDINGS[state].partition(":")[0]) for state in Standing]


def previews(kaart: Kaart, catalogue: Catalogue, entry: Entry, now: dt.datetime) -> list[Shown]:
    """The whole entry in each language of the kaart."""
    composer, pages = Composer(kaart, catalogue), []
    for number, code in enumerate(kaart.municipality.languages, start=1):
        reply, language = composer.entry(entry, code, now), view_language(code)
        if language:
            message = Message(number, 0, Speaker.BOT, None, code, "", reply, now)
            pages.append(Shown(language, message, as_text(reply)))
    return pages


def data_of(text: str | None) -> object:
    """The plain data of a file; nothing for none, or for one that is not valid YAML."""
    try:
        return yaml.load(text, Loader=Yaml12Loader) if text else None  # a SafeLoader
    except yaml.YAMLError:
        return None


def changes_of(fields: Collection[Field], change: FileChange) -> list[Difference]:
    """What a publication changed in the file of an entry, field by field."""
    before, after = (shown(fields, data_of(text)) for text in (change.before, change.after))
    return [
        Difference(field.long_label, field.group or ORIGINAL, tuple(_lines(then, now)))
        for field, then, now in different(fields, before, after)
    ]


def published_changes(fields: Collection[Field], publication: Publication) -> list[tuple[str, str, list[Difference]]]:
    """Per file: its path, the entry that it holds, and what changed in it."""
    return [
        (path, entry, changes_of(fields, change) if entry else [])
        for path, change in publication.files.items()
        for entry in [entry_of(path) or ""]
    ]


def _lines(then: Typed, now: Typed) -> Iterator[tuple[Piece, ...]]:
    """The lines that differ, each beside the one in its place."""
    for old, new in zip_longest(then, now, fillvalue=""):
        if old != new:
            yield tuple(differences(old, new))


def names(kaart: Kaart, ids: Iterable[str]) -> str:
    """Dutch names of entries; an id that the kaart does not have stays as it is."""
    return ", ".join(found.texts[ORIGINAL].name if (found := kaart.find(id)) else id for id in ids)
