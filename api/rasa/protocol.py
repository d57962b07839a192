"""What goes between Rasa and the api (Rasa 3.6 action server protocol and REST channel)."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.answers.answer import Answer


class Loose(BaseModel):
    """Rasa sends more than we read."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Intent(Loose):
    name: str | None = None
    confidence: float = 0.0


class Entity(Loose):
    entity: str
    value: Any = None


class LatestMessage(Loose):
    text: str | None = None
    intent: Intent = Field(default_factory=Intent)
    entities: tuple[Entity, ...] = ()
    metadata: dict[str, Any] = Field(default_factory=dict)

    def entity(self, name: str) -> str | None:
        """Value of the first entity called `name`."""
        return next((str(e.value) for e in self.entities if e.entity == name and e.value is not None), None)


class Tracker(Loose):
    sender_id: str
    slots: dict[str, Any] = Field(default_factory=dict)
    latest_message: LatestMessage = Field(default_factory=LatestMessage)
    active_loop: dict[str, Any] = Field(default_factory=dict)


class ActionCall(Loose):
    """Rasa asks the api to run `next_action`."""

    next_action: str
    sender_id: str
    tracker: Tracker

    @property
    def text(self) -> str:
        """The newcomer's words; empty for a tapped button."""
        text = self.tracker.latest_message.text or ""
        return "" if text.startswith("/") else text

    @property
    def language(self) -> str | None:
        return self.tracker.latest_message.metadata.get("language")

    @property
    def town(self) -> str | None:
        """The municipality that the conversation is with."""
        return self.tracker.latest_message.metadata.get("town")

    @property
    def status(self) -> str | None:
        """The residence status that was told in the conversation."""
        return self.tracker.latest_message.metadata.get("status")

    @property
    def intent(self) -> str | None:
        return self.tracker.latest_message.intent.name

    @property
    def entry_id(self) -> str | None:
        """The entry that the conversation is about: Rasa's slot, or ours when Rasa has just been restarted."""
        return self.tracker.slots.get("entry_id") or self.tracker.latest_message.metadata.get("entry_id")


class ActionResult(BaseModel):
    """Events for Rasa's tracker and responses for the newcomer."""

    events: list[dict[str, Any]] = Field(default_factory=list)
    responses: list[dict[str, Any]] = Field(default_factory=list)


def say(answer: Answer, *events: dict[str, Any]) -> ActionResult:
    """One answer object as a `custom` response."""
    return ActionResult(events=list(events), responses=[{"custom": answer.model_dump(mode="json", exclude_defaults=True)}])


def slot(name: str, value: object) -> dict[str, Any]:
    """A slot event."""
    return {"event": "slot", "name": name, "value": value}
