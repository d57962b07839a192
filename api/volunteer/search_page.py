"""The volunteers' page of one query: what was understood, what was found, and what else could be chosen. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from api.answers.reply import Reply
from api.conversation.watch import Watch
from api.public.entries import THEMES
from api.towns import Town
from api.volunteer.card_view import card_languages
from api.volunteer.finding import Finding, Match, find
from api.volunteer.query import Asked
from api.volunteer.results import Left, Result, Results
from api.volunteer.sieve import sieve
from api.volunteer.words import words
from knowledge.calibration import Zone
from knowledge.languages import offered_codes
from sociale_kaart.fitting import districts, spoken
from sociale_kaart.review import ORIGINAL
from sociale_kaart.schema import ResidenceStatus, Theme


@dataclass(frozen=True)
class Choices:
    """What the filters can be set to."""

    themes: tuple[tuple[Theme, int], ...]
    """With how many entries each has."""
    statuses: tuple[ResidenceStatus, ...]
    languages: tuple[str, ...]
    districts: tuple[str, ...]


@dataclass(frozen=True)
class Parts:
    """What was found, parted as `api.volunteer.sieve` says."""

    fitting: Sequence[Result] = ()
    unsure: Sequence[Result] = ()
    away: Sequence[Left] = ()

    @property
    def offered(self) -> bool:
        """Whether anything fits, or may."""
        return bool(self.fitting or self.unsure)


@dataclass(frozen=True)
class SearchView:
    """Everything on the page. `looked` is false while nothing was asked: then there are only themes to browse."""

    asked: Asked
    choices: Choices
    looked: bool = False
    detected: str | None = None
    """What the page says about the language of the text."""
    card_language: str | None = None
    """The language that a card is in unless somebody chooses another; None: that is not known."""
    not_spoken: bool = False
    danger: tuple[Reply, ...] = ()
    zone: Zone | None = None
    found: Parts = Parts()


def choices(town: Town) -> Choices:
    """Themes that have entries, the statuses, our languages and those of the entries, and districts, if any are known."""
    counts = {theme: sum(theme in entry.themes for entry in town.kaart) for theme in THEMES}
    languages = dict.fromkeys((*offered_codes(), *spoken(town.kaart)))
    named = tuple(code for code in languages if f"language.{code}" in words().keys(ORIGINAL))
    return Choices(
        tuple((theme, count) for theme, count in counts.items() if count),
        tuple(ResidenceStatus),
        named,
        districts(town.kaart),
    )


def look(town: Town, watch: Watch, asked: Asked, language: str, at: dt.datetime) -> SearchView:
    """The page for `asked`, in the page's `language`, at the aware moment `at`."""
    if asked.query.q:
        return _searched(town, watch, asked, language, at)
    if not asked.query.filters:
        return SearchView(asked, choices(town))
    theme = asked.query.theme
    listed = [Match(entry, None) for entry in town.kaart if theme is None or theme in entry.themes]
    return SearchView(asked, choices(town), looked=True, found=_sieved(town, asked, language, at, listed))


def _searched(town: Town, watch: Watch, asked: Asked, language: str, at: dt.datetime) -> SearchView:
    found = find(town, asked.query.q, language, wide=bool(asked.query.filters))
    code = found.language.code
    return SearchView(
        asked,
        choices(town),
        looked=True,
        detected=_detected(found, language),
        card_language=code if code in card_languages() else None,
        not_spoken=code is not None and code not in offered_codes(),
        danger=_danger(town, watch, asked.query.q, language, code),
        zone=found.zone,
        found=_sieved(town, asked, language, at, found.matches),
    )


def _sieved(town: Town, asked: Asked, language: str, at: dt.datetime, matches: Sequence[Match]) -> Parts:
    results = Results(town, asked.query, language, at, {match.entry.id: match.passage for match in matches})
    parts = sieve([match.entry for match in matches], asked.query, at)
    return Parts(results.show(parts.fitting), results.show(parts.unsure), results.name(parts.away))


def _detected(found: Finding, language: str) -> str:
    code, close = found.language.code, found.language.close
    if code is None:
        return words().text(language, "detected_unknown")
    name = words().text(language, f"language.{code}")
    if close is None or close == code:
        return words().text(language, "detected", name=name)
    return words().text(language, "detected_close", name=name, close=words().text(language, f"language.{close}"))


def _danger(town: Town, watch: Watch, text: str, language: str, spoken: str | None) -> tuple[Reply, ...]:
    """The fixed text in the page's language and in the newcomer's. Nobody at the desk sees a search: no person is promised."""
    kind = watch.find(text)
    if kind is None:
        return ()
    both = dict.fromkeys([language, *([spoken] if spoken in town.catalogue.languages else [])])
    return tuple(town.composer.danger(code, kind).model_copy(update={"notes": ()}) for code in both if code)
