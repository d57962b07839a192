"""The answer object: what to say, without the words. It travels through Rasa as a `custom` response."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from knowledge.calibration import Zone
from sociale_kaart.schema import Facet

AnswerKind = Literal[
    "entry", "facet", "ask_back", "none", "text", "question", "outcome", "person", "language", "forget", "feedback"
]


class Ranked(BaseModel):
    """An entry and how well it fits."""

    model_config = ConfigDict(frozen=True)

    id: str
    score: float


class Answer(BaseModel):
    """One thing to say.

    `entry`, `facet` and `ask_back` name entries; `text` names a catalogue key; `question` and `outcome` name a rule and
    the answers given so far; `person`, `language`, `forget` and `feedback` ask the flow to act.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: AnswerKind
    intent: str | None = Field(None, description="Intent that Rasa saw; None when Rasa was not asked.")
    zone: Zone | None = None
    probability: float | None = None
    entries: tuple[Ranked, ...] = ()
    facet: Facet | None = None
    key: str | None = None
    rule: str | None = None
    question: str | None = None
    given: dict[str, str] = Field(default_factory=dict)
    value: str | None = Field(None, description="Language code, or good / bad for feedback.")

    @property
    def subject(self) -> str | None:
        """The entry that 'and where is that?' would be about: the one told, or the likeliest of those offered."""
        return self.entries[0].id if self.entries and self.kind != "none" else None
