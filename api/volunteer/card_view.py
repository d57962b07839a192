"""What a referral card shows: each entry twice, in the newcomer's language and in Dutch. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import segno
from markupsafe import Markup

from api.answers.moments import date_in_words
from api.answers.reply import Reply
from api.i18n.catalogue import Catalogue
from api.public.entries import linked, timeless
from api.towns import Town
from api.volunteer.cards import Card
from api.volunteer.marks import mark
from knowledge.languages import offered_codes
from sociale_kaart.hours import AMSTERDAM
from sociale_kaart.review import ORIGINAL
from sociale_kaart.schema import Entry

QR_ERRORS = "m"
"""About 15 % of the code may be damaged: cards are folded."""


@dataclass(frozen=True)
class Side:
    """One language of an entry on a card."""

    language: str
    reply: Reply
    notes: tuple[str, ...]
    at_desk: str | None
    """What to say or show at the desk, with the Dutch name; None on the Dutch side."""
    changed: str | None
    """That it changed since the card was made; None when it did not."""
    instead: tuple[tuple[str, str], ...]
    """What there is instead of an entry that ended: address and name."""


@dataclass(frozen=True)
class CardEntry:
    """One entry; `sides` is empty when the kaart does not have it any more."""

    id: str
    sides: tuple[Side, ...]


@dataclass(frozen=True)
class Validity:
    """From when to when, in words."""

    made: str
    until: str


@dataclass(frozen=True)
class CardView:
    """A card as the kaart tells it now."""

    code: str
    language: str
    link: str
    qr: Markup
    entries: tuple[CardEntry, ...]

    @property
    def languages(self) -> tuple[str, str]:
        """The newcomer's language, and Dutch."""
        return self.language, ORIGINAL

    @property
    def typed(self) -> Markup:
        """The address as people type it over, which may break after a slash."""
        return Markup("/<wbr>").join(self.link.partition("://")[2].split("/"))


def card_languages() -> tuple[str, ...]:
    """The languages that a card can be in beside Dutch."""
    return tuple(code for code in offered_codes() if code != ORIGINAL)


def view_card(card: Card, town: Town, link: str, at: dt.datetime) -> CardView:
    """The card at the aware moment `at`; `link` is its own short address."""
    entries = tuple(_entry(card, town, id, before, at) for id, before in card.entries)
    return CardView(card.code, card.language, link, qr_code(link), entries)


def validity(card: Card, catalogue: Catalogue, language: str) -> Validity:
    """When it was made and until when it is valid, in the words of `language`."""
    made, until = (_day(catalogue, language, moment) for moment in (card.created_at, card.expires_at))
    return Validity(made, until)


def qr_code(link: str) -> Markup:
    """The address as a picture of one path; what it is must stand beside it in words."""
    picture = segno.make(link, error=QR_ERRORS, micro=False)
    return Markup(picture.svg_inline(omitsize=True, border=3, dark="#000", light="#fff", svgclass="qr", lineclass=None))


def _entry(card: Card, town: Town, id: str, before: str, at: dt.datetime) -> CardEntry:
    entry = town.kaart.find(id)
    if entry is None:
        return CardEntry(id, ())
    changed = mark(entry, card.language) != before
    return CardEntry(id, tuple(_side(card, town, entry, language, changed, at) for language in (card.language, ORIGINAL)))


def _side(card: Card, town: Town, entry: Entry, language: str, changed: bool, at: dt.datetime) -> Side:
    catalogue = town.catalogue
    reply = town.composer.entry(timeless(entry, language, catalogue), language, at)
    name = catalogue.text(language, "answer.dutch_name", name=entry.texts[ORIGINAL].name)
    made = _day(catalogue, language, card.created_at)
    instead = tuple((other.id, other.text(language).name) for other in linked(town.kaart, entry.instead))
    return Side(
        language=language,
        reply=reply,
        notes=tuple(note for note in reply.notes if note != name),
        at_desk=None if language == ORIGINAL else name,
        changed=catalogue.text(language, "card.changed", date=made) if changed else None,
        instead=instead,
    )


def _day(catalogue: Catalogue, language: str, moment: dt.datetime) -> str:
    return date_in_words(catalogue, language, moment.astimezone(AMSTERDAM).date())
