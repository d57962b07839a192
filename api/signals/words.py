"""Dutch words of the pages about signals that are chosen in code."""

from __future__ import annotations

import datetime as dt

from api.conversation.asked import Outcome
from api.conversation.model import Reason
from api.desk.words import LANGUAGES, REASONS, THEMES
from api.signals.counting import Part
from api.signals.questions import Why
from sociale_kaart.kaart import Kaart
from sociale_kaart.review import ORIGINAL
from sociale_kaart.schema import Theme

PARTS = {
    Part.OUTCOME: "Wat kregen zij?",
    Part.THEME: "Thema",
    Part.LANGUAGE: "Taal",
    Part.CHANNEL: "Kanaal",
    Part.REASON: "Naar een medewerker: waarom",
    Part.FEEDBACK: "Hielp het antwoord?",
}
OUTCOMES = {
    Outcome.ANSWER: "Een antwoord",
    Outcome.ASK_BACK: "Alleen een wedervraag",
    Outcome.NONE: "Geen antwoord",
    Outcome.PERSON: "Vroeg om een medewerker",
    Outcome.DANGER: "Schreef over gevaar",
}
CHANNELS = {"web": "Website", "whatsapp": "WhatsApp"}
NOT_KNOWN = {
    Part.THEME: "Geen onderwerp verteld",
    Part.LANGUAGE: "Taal niet bekend",
    Part.REASON: "Niet naar een medewerker",
    Part.FEEDBACK: "Zei er niets over",
}
TOGETHER_WORDS = "Andere, samen"
WHYS = {Why.NONE: "geen antwoord gevonden", Why.UNSURE: "niet begrepen", Why.BAD: "antwoord hielp niet"}
REFUSALS = {
    "nothing_chosen": "Kies ten minste één vraag, en het onderwerp waar die bij hoort.",
    "still_personal": "Niet gepubliceerd. Haal weg wat over één persoon gaat (een nummer, een adres, een datum): ‘{question}’",
    "nothing_changed": "Deze vragen staan al bij dit onderwerp. Er is niets gepubliceerd.",
}
MONTHS = ("jan.", "feb.", "mrt.", "apr.", "mei", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "dec.")


def label(kaart: Kaart, part: Part, key: str) -> str:
    """What a row of a table is called."""
    if part is Part.LANGUAGE:
        return LANGUAGES.get(key, key)
    if part is Part.THEME:
        return THEMES[Theme(key)] if key in set(Theme) else key
    if part is Part.OUTCOME:
        return OUTCOMES[Outcome(key)]
    if part is Part.REASON:
        return REASONS[Reason(key)] if key in set(Reason) else key
    if part is Part.FEEDBACK:
        said, _, id = key.partition(":")
        entry = kaart.find(id)
        return f"{'Ja' if said == Outcome.GOOD else 'Nee'}: {entry.texts[ORIGINAL].name if entry else id}"
    return CHANNELS.get(key, key)


def week_in_words(monday: dt.date) -> str:
    """`week 47, 16–22 nov. 2026`, `week 53, 28 dec. – 3 jan. 2027`."""
    sunday = monday + dt.timedelta(days=6)
    start = f"{monday.day}–" if monday.month == sunday.month else f"{monday.day} {MONTHS[monday.month - 1]} – "
    return f"week {monday.isocalendar().week}, {start}{sunday.day} {MONTHS[sunday.month - 1]} {sunday.year}"
