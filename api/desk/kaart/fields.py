"""Every field of the form of an entry: its name, its words, how it is shown and read, and where it stands in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from api.desk.kaart import convert
from api.desk.kaart.convert import Converter, Data
from api.desk.kaart.words import AGAINST, KINDS, STATES
from api.desk.words import FACETS, LANGUAGES, STATUSES, THEMES
from sociale_kaart.kaart import Kaart
from sociale_kaart.review import ORIGINAL

Widget = Literal["line", "lines", "select", "checks", "check", "date", "number"]
Options = Sequence[tuple[str, str]]
MAIN_THEME = "theme"
"""The first of the themes; the others stand in `themes`."""
_FREE = (("", "Weten wij niet"), ("ja", "Het is gratis"), ("nee", "Je betaalt"))
GENERAL = ""
"""The group of fields that are the same in every language."""


@dataclass(frozen=True)
class Field:
    """One field; `group` is a language code or GENERAL, `path` where its data stands in the file."""

    name: str
    group: str
    path: tuple[str, ...]
    label: str
    hint: str
    widget: Widget
    converter: Converter
    options: Options = ()
    required: bool = False
    rows: int = 3
    empty: Data = None
    """The data of a field that does not stand in the file."""

    @property
    def long_label(self) -> str:
        """The label with its language, for a list of fields of more than one."""
        return f"{self.label} ({LANGUAGES.get(self.group, self.group)})" if self.group else self.label


def all_fields(kaart: Kaart) -> list[Field]:
    """The fields of an entry of this kaart, in the order of the form."""
    return [*_general(kaart), *(field for code in kaart.municipality.languages for field in _of_text(code))]


def dug(data: Data, path: tuple[str, ...]) -> Data:
    """What stands at `path`, or None."""
    for key in path:
        if isinstance(data, list):
            data = data[int(key)] if int(key) < len(data) else None
        else:
            data = data.get(key) if isinstance(data, Mapping) else None
    return data


def _field(
    name: str,
    label: str,
    hint: str = "",
    *,
    group: str = GENERAL,
    path: tuple[str, ...] = (),
    widget: Widget = "line",
    converter: Converter = convert.LINE,
    options: Options = (),
    required: bool = False,
    rows: int = 3,
    empty: Data = None,
) -> Field:
    nothing = converter.empty if empty is None else empty
    return Field(name, group, path or (name,), label, hint, widget, converter, options, required, rows, nothing)


def _lines(name: str, label: str, hint: str, converter: Converter = convert.LINES, rows: int = 3) -> Field:
    return _field(name, label, hint, widget="lines", converter=converter, rows=rows)


def _select(name: str, label: str, options: Options, hint: str = "", path: tuple[str, ...] = (), required: bool = False) -> Field:
    return _field(name, label, hint, path=path, widget="select", options=options, required=required)


def _general(kaart: Kaart) -> Iterator[Field]:
    place = kaart.municipality
    yield _select("kind", "Soort", _options(KINDS), required=True)
    yield _field("organization", "Organisatie", "Zoals de organisatie zichzelf noemt.")
    yield _select(MAIN_THEME, "Belangrijkste thema", _options(THEMES), path=("themes", "0"), required=True)
    yield _field("themes", "Ook over", widget="checks", converter=convert.CHOICES, options=_options(THEMES))
    yield from _audience()
    yield _select("state", "Staat", _options(STATES), required=True)
    yield _lines("instead", "Wat is er nu in plaats hiervan?", "Alleen als dit gestopt is: kenmerken, een per regel.", rows=2)
    yield from _reach()
    rules = [("", "Geen"), *((rule.id, rule.title.get(ORIGINAL, rule.id)) for rule in kaart.rules)]
    yield _select("rule", "Keuzehulp", rules)
    known = ", ".join(sorted(place.sources))
    hint = f"Een per regel: sleutel | hoofdstuk. Sleutels: {known}."
    yield _field("sources", "Bronnen", hint, widget="lines", converter=convert.SOURCES, required=True)
    yield _field(
        "verified_on", "Feiten vergeleken op", path=("verified", "on"), widget="date", converter=convert.DATE, required=True
    )
    yield _field("verified_by", "Vergeleken door", "Een rol, nooit een naam.", path=("verified", "by"), required=True)
    yield _select("verified_against", "Vergeleken met", tuple(AGAINST.items()), path=("verified", "against"), required=True)
    days = "Zoveel dagen na het vergelijken moet iemand opnieuw kijken."
    yield _field("review_interval_days", "Houdbaar, in dagen", days, widget="number", converter=convert.NUMBER, empty=180)
    owners = [("", "Van de kaart zelf"), *((key, owner.name) for key, owner in place.owners.items())]
    yield _select("owner", "Eigenaar", owners, "Wie zorgt dat de feiten kloppen.")
    yield _lines("related", "Hoort hierbij", "Kenmerken van onderwerpen waar mensen daarna naar vragen, een per regel.")


def _audience() -> Iterator[Field]:
    statuses = _field(
        "statuses", "Voor wie", "Niets aangekruist: voor iedereen.", path=("audience", "statuses"), widget="checks",
        converter=convert.CHOICES, options=_options(STATUSES),
    )  # fmt: skip
    yield statuses
    yield _field("women_only", "Alleen voor vrouwen", path=("audience", "women_only"), widget="check", converter=convert.CHECK)
    for name, label in (("minimum_age", "Jongste leeftijd"), ("maximum_age", "Oudste leeftijd")):
        yield _field(name, label, "In jaren.", path=("audience", name), widget="number", converter=convert.NUMBER)


def _reach() -> Iterator[Field]:
    yield _field(
        "phones", "Telefoon", "Een nummer per regel.", path=("contact", "phones"), widget="lines", converter=convert.LINES, rows=2
    )
    yield _field("email", "E-mail", path=("contact", "email"))
    yield _field("url", "Website", "Begin met https://.", path=("contact", "url"))
    yield _lines(
        "locations", "Adressen", "Een per regel: naam | straat en nummer | postcode | plaats | wijk.", convert.LOCATIONS, 2
    )
    hours = "Een per regel, zoals: ma, wo 09:00-17:00 vanaf 2026-01-01 t/m 2026-06-30. De datums mogen weg."
    yield _field(
        "free", "Kost het geld?", "Alleen als een bron dat zegt.", widget="select", converter=convert.FREE, options=_FREE
    )
    yield _lines("schedules", "Openingstijden", hours, convert.SCHEDULES)
    yield _lines("closed_on", "Dicht op", "Een datum per regel, zoals 2026-12-25.", convert.DATES, 2)
    yield _field("open_always", "Dag en nacht open", widget="check", converter=convert.CHECK)
    yield _lines("languages", "Talen die men er spreekt", "Een code per regel: nl, en, ar, ti, uk ...", rows=2)


def _of_text(code: str) -> Iterator[Field]:
    def field(name: str, label: str, hint: str = "", *, required: bool = False) -> Field:
        path = ("texts", code, *name.split("."))
        return _field(f"{code}.{name}", label, hint, group=code, path=path, required=required)

    def lines(name: str, label: str, hint: str, rows: int, *, required: bool = False) -> Field:
        path, name = ("texts", code, name), f"{code}.{name}"
        return _field(
            name, label, hint, group=code, path=path, widget="lines", converter=convert.LINES, rows=rows, required=required
        )

    yield field("name", "Naam", required=True)
    yield field("summary", "Wat is het, in één zin", required=True)
    yield lines("answer", "Antwoord", "Ten hoogste drie korte zinnen, een per regel.", 3, required=True)
    yield lines("steps", "Wat moet je doen", "Ten hoogste zeven stappen, een per regel.", 4)
    for facet, label in FACETS.items():
        yield field(f"facts.{facet}", label)
    for status, label in STATUSES.items():
        yield field(f"for_status.{status}", f"Anders voor: {label.lower()}")
    recording = "Een bestand naast de kaart, zoals audio/ti/taalcafe.mp3, waarop iemand dit antwoord voorleest."
    yield _field(f"{code}.audio", "Opname", recording, group=code, path=("audio", code))
    yield lines("questions", "Vragen", "Zoals mensen ze typen, een per regel. Ze helpen bij het zoeken.", 8, required=True)


def _options(words: Mapping[Any, str]) -> Options:
    return [(str(value), label) for value, label in words.items()]
