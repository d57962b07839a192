"""What WhatsApp posts to the webhook, typed at the door and tolerant: what is not known is `unsupported`, never an error.

Shapes as of v25.0 of the Graph API. Only what we use is read; everything else, names and usernames among it, goes no further.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

Number = Annotated[str, StringConstraints(max_length=40)]
"""A phone number, theirs or ours."""
UserId = Annotated[str, StringConstraints(max_length=160)]
Id = Annotated[str, StringConstraints(max_length=200)]
MAX_CODE = 2**31 - 1
"""Longer, larger ones fit in no column: such a thing is refused here, so that it spoils nothing beside it."""


class Shape(BaseModel):
    """Base of what others send: unknown fields are left out."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


class TextBody(Shape):
    body: str = ""


class Choice(Shape):
    id: str = ""
    title: str = ""


class Interactive(Shape):
    button_reply: Choice | None = None
    list_reply: Choice | None = None


class TemplateButton(Shape):
    payload: str = ""
    text: str = ""


class Media(Shape):
    id: Id
    mime_type: str = "application/octet-stream"
    sha256: Annotated[str, StringConstraints(max_length=100)] | None = None
    caption: str = ""
    filename: str | None = None


class System(Shape):
    """A person changed their number or id; the message comes from the old one."""

    wa_id: Number | None = None
    user_id: UserId | None = None


class Message(Shape):
    """One of `messages[]`. The sender's phone number may be missing: then `user_id` tells who it is."""

    id: str = Field(min_length=1, max_length=400)
    timestamp: AwareDatetime
    type: str = "unsupported"
    wa_id: Number | None = Field(None, alias="from")
    user_id: UserId | None = Field(None, alias="from_user_id")
    text: TextBody | None = None
    interactive: Interactive | None = None
    button: TemplateButton | None = None
    audio: Media | None = None
    image: Media | None = None
    video: Media | None = None
    document: Media | None = None
    sticker: Media | None = None
    system: System | None = None

    @property
    def media(self) -> Media | None:
        """The photo, voice note, ... that was sent."""
        return self.audio or self.image or self.video or self.document or self.sticker


class Failure(Shape):
    code: int = Field(0, ge=-MAX_CODE, le=MAX_CODE)


class Status(Shape):
    """One of `statuses[]`: what became of a message of ours."""

    id: Id
    status: str
    callback: str | None = Field(None, alias="biz_opaque_callback_data")
    errors: tuple[Failure, ...] = ()

    @property
    def error(self) -> int | None:
        """Code of the failure, if that is what it tells."""
        return self.errors[0].code if self.errors else None


class Contact(Shape):
    wa_id: Number | None = None
    user_id: UserId | None = None


class Metadata(Shape):
    phone_number_id: Number = ""


class Value(Shape):
    """What one change holds; messages and statuses are read one by one, so that a strange one spoils no other."""

    metadata: Metadata = Metadata()
    contacts: tuple[Contact, ...] = ()
    messages: tuple[dict[str, Any], ...] = ()
    statuses: tuple[dict[str, Any], ...] = ()


class Change(Shape):
    field: str = ""
    value: dict[str, Any] = {}


class Entry(Shape):
    changes: tuple[Change, ...] = ()


class Envelope(Shape):
    """The whole body."""

    entry: tuple[Entry, ...] = ()


def read_value(raw: dict[str, Any]) -> Value:
    """The value of a change; strange contacts are left out rather than the messages beside them."""
    try:
        return Value.model_validate(raw)
    except ValidationError:
        kept = {key: raw[key] for key in ("messages", "statuses", "metadata") if isinstance(raw.get(key), list | dict)}
        try:
            return Value.model_validate(kept)
        except ValidationError:
            return Value()


def read_message(raw: dict[str, Any]) -> Message | None:
    """The message; one with a strange body is `unsupported`, one without an id or a moment is none."""
    try:
        return Message.model_validate(raw)
    except ValidationError:
        head = {key: raw.get(key) for key in ("id", "timestamp", "from", "from_user_id")}
    try:
        return Message.model_validate(head)
    except ValidationError:
        return None


def read_status(raw: dict[str, Any]) -> Status | None:
    """The status, or None when it cannot be read."""
    try:
        return Status.model_validate(raw)
    except ValidationError:
        return None
