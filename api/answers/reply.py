"""A reply: words in one language, ready for any channel."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from sociale_kaart.schema import Facet

FEEDBACK = "/feedback_"
"""How the payload of a button begins that says whether an answer helps."""


class Part(BaseModel):
    """Base of the pieces of a reply."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Button(Part):
    """Something to tap: the words, and the message it stands for."""

    title: str
    payload: str


class Fact(Part):
    """A short answer with its label: Where, When, Cost ..."""

    label: str
    value: str


class Step(Part):
    """One line of an ordered list, with the reason for it."""

    text: str
    because: str | None = None


class Section(Part):
    """A heading with lines under it."""

    heading: str
    steps: tuple[Step, ...]
    ordered: bool = True


class Reply(Part):
    """What is said in one turn. Channels decide how it looks, never what it says."""

    language: str
    title: str | None = None
    paragraphs: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    sections: tuple[Section, ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    urgent: bool = False
    link: str | None = None
    """The page to read or share, below the town's address."""
    about: str | None = None
    """Id of the entry that is told, or that one fact is told of."""
    facet: Facet | None = None
    """The one fact that is told; None for a whole entry."""
    dutch: tuple[str, ...] = ()
    """The same in Dutch, for the people of the desk; no channel shows it to a newcomer."""

    @property
    def options(self) -> tuple[Button, ...]:
        """What somebody can go on with."""
        return tuple(button for button in self.buttons if not button.payload.startswith(FEEDBACK))

    @property
    def verdicts(self) -> tuple[Button, ...]:
        """What somebody can say about the reply itself."""
        return tuple(button for button in self.buttons if button.payload.startswith(FEEDBACK))


def as_text(reply: Reply) -> str:
    """The reply as plain text without buttons, for the terminal, a transcript or the bot's own history."""
    blocks = [reply.title or "", *reply.paragraphs]
    blocks += [f"{fact.label}: {fact.value}" for fact in reply.facts]
    for section in reply.sections:
        blocks.append(section.heading)
        for number, step in enumerate(section.steps, start=1):
            blocks.append(f"{number}. {step.text}" if section.ordered else f"- {step.text}")
            blocks += [f"   {step.because}"] if step.because else []
    return "\n".join(block for block in (*blocks, *reply.notes, *reply.sources) if block)
