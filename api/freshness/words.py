"""Dutch words of the desk's pages about freshness and review that are chosen in code."""

from __future__ import annotations

from api.desk.words import FACETS, STATUSES
from api.freshness.reports import What
from sociale_kaart.freshness import Freshness
from sociale_kaart.review import Standing
from sociale_kaart.schema import Facet, ResidenceStatus

WHATS = {
    What.CLOSED: "gesloten",
    What.MOVED: "verhuisd",
    What.WRONG: "klopt niet",
    What.CHANGED: "veranderd, zegt de eigenaar",
}
FRESHNESS = {
    Freshness.FRESH: "Op tijd nagekeken",
    Freshness.OVERDUE: "Te laat: nieuwkomers lezen erbij dat het oud is",
    Freshness.STALE: "Veel te laat: nieuwkomers zien alleen nog het contact",
}
STANDINGS = {
    Standing.MISSING: "Ontbreekt",
    Standing.OUTDATED: "Verouderd: het Nederlands is veranderd",
    Standing.MACHINE: "Door een machine vertaald",
    Standing.DRAFT: "Concept",
    Standing.REVIEWED: "Nagekeken",
}
AGAINST = {"source": "de bron", "organisation": "de organisatie zelf"}
DONE = {
    "getekend": "Je hebt de tekst ondertekend. Binnen een paar tellen staat dat in de lijst en in de antwoorden.",
    "niet-goed": "Je opmerking is bewaard. De tekst blijft een concept.",
    "klopt": "Genoteerd: dit is vandaag nagekeken. Binnen een paar tellen staat dat in de lijst en in de antwoorden.",
    "afgehandeld": "De meldingen over dit onderwerp zijn afgehandeld.",
}
_FIELDS = {"name": "Naam", "summary": "Samenvatting", "answer": "Antwoord, zin", "steps": "Stap"}


def field_in_words(field: str) -> str:
    """The place of a line: `answer.0` is the first sentence of the answer."""
    part, _, rest = field.partition(".")
    if part == "facts":
        return FACETS[Facet(rest)]
    if part == "for_status":
        return f"Anders voor: {STATUSES[ResidenceStatus(rest)]}"
    return f"{_FIELDS[part]} {int(rest) + 1}" if rest else _FIELDS[part]
