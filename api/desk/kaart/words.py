"""Dutch words of the pages about the kaart that are chosen in code."""

from __future__ import annotations

import re

from sociale_kaart.schema import Kind, State, Weekday

KINDS = {
    Kind.DESK: "Loket",
    Kind.ORGANISATION: "Organisatie",
    Kind.PERSON: "Persoon (een rol, geen naam)",
    Kind.SERVICE: "Hulp of activiteit",
    Kind.PLACE: "Plek",
    Kind.SCHEME: "Regeling",
    Kind.EXPLAINER: "Uitleg",
    Kind.INFORMATION: "Informatie",
    Kind.SCHOOL: "School",
    Kind.EMERGENCY: "Nood",
}
STATES = {State.ACTIVE: "Bestaat", State.ENDED: "Gestopt", State.PLANNED: "Komt nog", State.UNKNOWN: "Niet zeker"}
AGAINST = {"source": "met de bron", "organisation": "met de organisatie zelf"}
DAYS = dict(zip(Weekday, ("ma", "di", "wo", "do", "vr", "za", "zo"), strict=True))
MISSING = "Vul dit in."
_WHYS = (
    (r"Field required|String should have at least 1 character|Input should be a valid string", MISSING),
    (r"String should have at most (\d+) characters", "Te lang: ten hoogste {0} tekens."),
    (r"String should match pattern", "Dit heeft niet de goede vorm."),
    (r"Tuple should have at least (\d+) items?", "Geef ten minste {0} regel(s)."),
    (r"Tuple should have at most (\d+) items?", "Geef ten hoogste {0} regels."),
    (r"has (\d+), and needs at least (\d+)", "Hier staan {0} regels; er zijn er ten minste {1} nodig."),
    (r"Input should be a valid URL|.*must be a web address", "Dit is geen webadres. Begin met https://."),
    (r"Input should be greater than or equal to (\d+)", "Dit moet {0} of meer zijn."),
    (r"Input should be less than or equal to (\d+)", "Dit mag niet meer dan {0} zijn."),
    (r"Input should be a valid (date|integer)|.*must be a (date|number)", "Dit is geen goede datum of geen heel getal."),
    (r".*must be a time as HH:MM", "Schrijf tijden als 09:00."),
    (r".*closes_at must be later than opens_at", "De sluitingstijd moet later zijn dan de openingstijd."),
    (r".*valid_to must not be before valid_from", "De laatste dag ligt voor de eerste."),
    (r"is also a question of (\S+)", "Deze vraag staat ook bij {0}. Een vraag hoort bij één onderwerp."),
    (r"names (\S+), which is not in the kaart", "{0} staat niet in de kaart."),
    (r"names (\S+), which kaart.yaml does not have", "{0} is niet bekend: het staat niet in kaart.yaml."),
    (r"names (\S+), which is not in rules/", "De keuzehulp {0} is er niet."),
    (r"holds an amount of money", "Hier staat een bedrag. Dat mag niet: niemand heeft het bevestigd."),
    (r"must name the statuses of nl: (.*)", "Vul ‘anders voor’ in elke taal in voor dezelfde groepen als in het Nederlands."),
    (r"is for what ended", "Noem wat er nu is als dit gestopt is, en alleen dan."),
    (r"an emergency entry has emergency", "Bij nood hoort ‘Nood’ als belangrijkste thema."),
    (r"has no text in (\w+)", "De tekst in deze taal ontbreekt: {0}."),
    (r"must be the file's name", "Het kenmerk past niet bij de naam van het bestand."),
)


def why_in_words(why: str) -> str:
    """Why something is refused, for who does not read English; what has no words here is shown as it is."""
    for pattern, words in _WHYS:
        found = re.match(pattern, why)
        if found:
            return words.format(*found.groups())
    return f"Dit past niet: {why}"
