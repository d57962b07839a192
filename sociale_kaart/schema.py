"""What an entry of the kaart holds. Keys follow Open Referral HSDS 3.1 where it has a word for the thing.

Every class refuses unknown fields. A fact that no source gives stays empty: unknown is a value.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, field_validator, model_validator

from sociale_kaart.values import (
    AudioPath,
    Clock,
    Day,
    EmailAddress,
    LanguageCode,
    Line,
    Number,
    PhoneNumber,
    Slug,
    Strict,
    Switch,
    WebAddress,
)


class Kind(StrEnum):
    """What sort of thing the entry describes."""

    DESK = "desk"
    ORGANISATION = "organisation"
    PERSON = "person"
    SERVICE = "service"
    PLACE = "place"
    SCHEME = "scheme"
    EXPLAINER = "explainer"
    INFORMATION = "information"
    SCHOOL = "school"
    EMERGENCY = "emergency"


class Theme(StrEnum):
    """The seven leefgebieden of maatschappelijke begeleiding, plus residence and emergency."""

    HOUSING = "housing"
    CHILDREN = "children"
    MONEY = "money"
    SOCIAL_NETWORK = "social_network"
    PARTICIPATION = "participation"
    HEALTH = "health"
    HOME_RELATIONS = "home_relations"
    RESIDENCE = "residence"
    EMERGENCY = "emergency"


class ResidenceStatus(StrEnum):
    """On what ground someone is here; rights differ by it."""

    STATUS_HOLDER = "status_holder"
    FAMILY_MIGRANT = "family_migrant"
    DISPLACED_UKRAINE = "displaced_ukraine"
    ASYLUM_SEEKER = "asylum_seeker"
    UNDOCUMENTED = "undocumented"


class State(StrEnum):
    """Whether the thing exists today, as far as the newest source tells."""

    ACTIVE = "active"
    ENDED = "ended"
    PLANNED = "planned"
    UNKNOWN = "unknown"


class ReviewState(StrEnum):
    """Who stands behind a text."""

    REVIEWED = "reviewed"
    DRAFT = "draft"
    MACHINE = "machine"


class Weekday(StrEnum):
    """Day of the week, written as in iCalendar and HSDS `byday`."""

    MO = "MO"
    TU = "TU"
    WE = "WE"
    TH = "TH"
    FR = "FR"
    SA = "SA"
    SU = "SU"


class Facet(StrEnum):
    """One thing people ask about an entry."""

    WHERE = "where"
    WHEN = "when"
    COST = "cost"
    FOR_WHOM = "for_whom"
    WOMEN = "women"
    BRING = "bring"
    CONTACT = "contact"


class Audience(Strict):
    """Whom the entry is for. An empty list or empty age means: no limit."""

    statuses: tuple[ResidenceStatus, ...] = Field((), description="Residence statuses it is for; empty: everyone.")
    women_only: Switch = Field(False, description="True when only women can come.")
    minimum_age: Number | None = Field(None, ge=0, le=120, description="Youngest age in years, if there is one.")
    maximum_age: Number | None = Field(None, ge=0, le=120, description="Oldest age in years, if there is one.")


class Contact(Strict):
    """How to reach the organisation. Empty fields are unknown."""

    phones: tuple[PhoneNumber, ...] = Field((), description="Phone numbers as people dial them.")
    email: EmailAddress | None = Field(None, description="E-mail address.")
    url: WebAddress | None = Field(None, description="Web page of the service itself.")


class Location(Strict):
    """Where one goes. Only what a source says."""

    name: Line | None = Field(None, description="Name of the building or place.")
    address_1: Line | None = Field(None, description="Street and house number.")
    postal_code: str | None = Field(None, pattern=r"^[1-9][0-9]{3} ?[A-Z]{2}$", description="Dutch postal code.")
    city: Line | None = Field(None, description="Town.")
    district: Line | None = Field(None, max_length=80, description="Part of the town, as people there call it.")


class Schedule(Strict):
    """A weekly block of opening hours in local time (Europe/Amsterdam)."""

    byday: tuple[Weekday, ...] = Field(min_length=1, description="Days of the week, MO to SU.")
    opens_at: Clock = Field(description="Opening time, HH:MM, local.")
    closes_at: Clock = Field(description="Closing time, HH:MM, local, later than opens_at.")
    valid_from: Day | None = Field(None, description="First day on which these hours hold.")
    valid_to: Day | None = Field(None, description="Last day on which these hours hold.")

    @model_validator(mode="after")
    def _in_order(self) -> Schedule:
        if self.closes_at <= self.opens_at:
            raise ValueError("closes_at must be later than opens_at")
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to must not be before valid_from")
        return self


class SourceRef(Strict):
    """Where the facts come from."""

    document: Line = Field(description="Key of a source document in kaart.yaml.")
    chapter: str | None = Field(None, description="Chapter or paragraph in that document.")


class Verified(Strict):
    """When the facts were last compared, and with what."""

    on: Day = Field(description="Day of the comparison.")
    by: Line = Field(description="Role of who compared; never a private name.")
    against: Annotated[str, StringConstraints(pattern="^(source|organisation)$")] = Field(
        description="`source`: compared with the cited source. `organisation`: confirmed by the organisation itself."
    )


class Review(Strict):
    """Review state of one text."""

    state: ReviewState = Field(description="reviewed, draft or machine.")
    by: Line | None = Field(None, description="Who reviewed it; needed for `reviewed`.")
    on: Day | None = Field(None, description="When it was reviewed; needed for `reviewed`.")
    note: Line | None = Field(None, description="What a reviewer found not right; gone when the text is signed.")

    @model_validator(mode="after")
    def _signed(self) -> Review:
        if self.state is ReviewState.REVIEWED and not (self.by and self.on):
            raise ValueError("a reviewed text names who reviewed it (by) and when (on)")
        return self


class Facts(Strict):
    """Short answers per facet, in words. Empty: no source says it."""

    where: Line | None = Field(None, description="Where it is.")
    when: Line | None = Field(None, description="When it is open or takes place.")
    cost: Line | None = Field(None, description="What it costs. Never an unconfirmed amount.")
    for_whom: Line | None = Field(None, description="Who can use it.")
    women: Line | None = Field(None, description="What there is for women in particular.")
    bring: Line | None = Field(None, description="What to bring or have ready.")
    contact: Line | None = Field(None, description="How to get in touch, in words.")


class Text(Strict):
    """The words of an entry in one language, at reading level B1."""

    name: Line = Field(description="What people call it. The Dutch official name stays visible.")
    summary: Line = Field(description="One sentence: what this is.")
    answer: tuple[Line, ...] = Field(min_length=1, max_length=3, description="The answer: at most three short sentences.")
    steps: tuple[Line, ...] = Field((), max_length=7, description="What to do, in order.")
    facts: Facts = Field(default_factory=Facts, description="Short answers per facet.")
    for_status: dict[ResidenceStatus, Line] = Field(
        default_factory=dict, description="What differs by residence status: one or two short sentences for each."
    )
    questions: tuple[Line, ...] = Field(description="Questions as people type them; they feed search. At least five.")
    review: Review = Field(description="Who stands behind this text.")
    source_hash: str | None = Field(None, description="Hash of the Dutch text this was made from; empty in Dutch.")

    @property
    def hash(self) -> str:
        """First 12 hex digits of SHA-256 over what a newcomer reads (questions, review and empty fields left out)."""
        readable = self.model_dump_json(exclude={"questions", "review", "source_hash"}, exclude_defaults=True)
        return hashlib.sha256(readable.encode()).hexdigest()[:12]


class Entry(Strict):
    """One entry of the kaart."""

    id: Slug = Field(description="Fixed name; links, tests and cards use it.")
    kind: Kind = Field(description="What sort of thing it is.")
    organization: Line | None = Field(None, description="Organisation behind it, as it calls itself.")
    themes: tuple[Theme, ...] = Field(min_length=1, description="Life areas, most important first.")
    audience: Audience = Field(default_factory=Audience, description="Whom it is for.")
    state: State = Field(description="active, ended, planned or unknown.")
    contact: Contact = Field(default_factory=Contact, description="How to reach it.")
    locations: tuple[Location, ...] = Field((), description="Where it is.")
    schedules: tuple[Schedule, ...] = Field((), description="Opening hours; empty: unknown.")
    closed_on: tuple[Day, ...] = Field((), description="Days on which it is closed in spite of the schedule.")
    free: Switch | None = Field(
        None, description="True when a source says that it costs nothing, false when it says that one pays."
    )
    open_always: Switch = Field(False, description="True for day and night (emergency numbers).")
    languages: tuple[LanguageCode, ...] = Field((), description="Languages spoken there, when a source says so.")
    rule: Slug | None = Field(None, description="Decision table (in rules/) that goes with this entry.")
    sources: tuple[SourceRef, ...] = Field(min_length=1, description="Where the facts come from.")
    verified: Verified = Field(description="When the facts were last compared, and with what.")
    review_interval_days: Number = Field(180, ge=1, le=1095, description="After so many days the facts need a new look.")
    owner: Slug | None = Field(
        None, description="Who keeps the facts true: a key of `owners` in kaart.yaml; empty: the kaart's own."
    )
    related: tuple[Slug, ...] = Field((), description="Entries people ask about next.")
    instead: tuple[Slug, ...] = Field((), description="For an entry that ended: what exists instead.")
    audio: dict[LanguageCode, AudioPath] = Field(
        default_factory=dict, description="A recording of the answer per language: a file in `audio/`, .mp3, .ogg or .opus."
    )
    texts: dict[LanguageCode, Text] = Field(description="The words, per language; `nl` is the original.")

    def text(self, language: str) -> Text:
        """The words in `language`, or the Dutch ones where they are missing."""
        return self.texts.get(language) or self.texts["nl"]

    @field_validator("texts")
    @classmethod
    def _dutch_first(cls, texts: dict[str, Text]) -> dict[str, Text]:
        if "nl" not in texts:
            raise ValueError("texts needs nl: the Dutch text is the original")
        return texts
