"""What `kaart.yaml` holds: the settings of one kaart, or of the entries that several kaarten share."""

from __future__ import annotations

from pydantic import Field, model_validator

from sociale_kaart.contrast import DARK, LIGHT, unreadable
from sociale_kaart.schema import Schedule
from sociale_kaart.values import Colour, Day, EmailAddress, LanguageCode, Line, Number, Slug, Strict, WebAddress, WebOrigin

FEWEST_QUESTIONS = 5
"""Example questions that search needs for each text."""


class Source(Strict):
    """A document or public page that facts come from."""

    title: Line = Field(description="Full title, in its own language.")
    date: Line = Field(description="Date of the document, as precise as known (2024, 2019-11).")
    url: WebAddress | None = Field(None, description="Public address, where there is one.")


class DeskHours(Strict):
    """When a person of the information desk answers. Empty schedules: not known."""

    name: dict[LanguageCode, Line] = Field(description="Name of the desk per language.")
    entry: Slug | None = Field(None, description="Entry about the desk: its address and telephone number, as far as known.")
    schedules: tuple[Schedule, ...] = Field((), description="Weekly hours; empty: unknown.")
    closed_on: tuple[Day, ...] = Field((), description="Holidays and other closed days.")
    away: dict[LanguageCode, Line] = Field(
        default_factory=dict, description="What newcomers read besides while the desk is closed, per language; may be empty."
    )

    def name_in(self, language: str) -> str:
        """The desk's name in `language`, or any that there is."""
        return self.name.get(language) or next(iter(self.name.values()))


class Owner(Strict):
    """Who keeps the facts of entries true."""

    name: Line = Field(max_length=80, description="Role or organisation; never a private name.")
    email: EmailAddress | None = Field(None, description="Where reminders go; empty: unknown, so none are sent.")


class Shared(Strict):
    """`kaart.yaml` of entries that several kaarten take over: national ones, written once."""

    id: Slug = Field(description="Name of the folder.")
    sources: dict[str, Source] = Field(description="Source documents by key.")


class Homonym(Strict):
    """One name for two things: whoever says only the name is asked which one is meant."""

    terms: tuple[Line, ...] = Field(min_length=1, description="The name, in every script that people write it in.")
    choices: tuple[Slug, ...] = Field(min_length=2, max_length=3, description="Entries that it may stand for.")
    telling: tuple[Line, ...] = Field((), description="Words that make clear which one is meant: then nothing is asked.")


class Theme(Strict):
    """Colours of the municipality; `kaart check` refuses what is hard to read (contrast below 4.5 to 1)."""

    primary: Colour = Field(description="Links, buttons and headings on a light page, as #rrggbb in small letters.")
    on_primary: Colour = Field("#ffffff", description="Words on a button of that colour.")
    primary_dark: Colour = Field(description="The same on a dark page: a light colour.")
    on_primary_dark: Colour = Field("#000000", description="Words on a button of that colour.")

    @model_validator(mode="after")
    def _readable(self) -> Theme:
        wrong = [*unreadable(self.primary, self.on_primary, LIGHT), *unreadable(self.primary_dark, self.on_primary_dark, DARK)]
        if wrong:
            raise ValueError("; ".join(wrong))
        return self


class Municipality(Strict):
    """The settings of one kaart: `kaart.yaml`."""

    id: Slug = Field(description="Short name of the municipality.")
    name: Line = Field(description="Name of the municipality.")
    languages: tuple[LanguageCode, ...] = Field(min_length=1, description="Languages every entry must have.")
    hosts: tuple[Line, ...] = Field((), description="Host names at which this kaart answers, besides `/its-id/`.")
    extends: Slug | None = Field(None, description="Folder beside this one whose entries it takes over; its own go first.")
    embed_origins: tuple[WebOrigin, ...] = Field(
        (), description="Sites that may show the chat in a frame, such as https://www.example.nl; empty: none."
    )
    theme: Theme | None = Field(None, description="Colours of the municipality; empty: those of the assistant.")
    minimum_questions: Number = Field(
        FEWEST_QUESTIONS,
        ge=0,
        le=FEWEST_QUESTIONS,
        description="Questions every text needs; fewer only while a new kaart is filled.",
    )
    homonyms: tuple[Homonym, ...] = Field((), description="Names that stand for more than one thing.")
    desk: DeskHours = Field(description="The information desk behind 'a person, please'.")
    owners: dict[Slug, Owner] = Field(default_factory=dict, description="Who keeps the facts true, by a key that entries name.")
    owner: Slug | None = Field(None, description="Key of the owner of every entry that names none.")
    sources: dict[str, Source] = Field(description="Source documents by key.")
