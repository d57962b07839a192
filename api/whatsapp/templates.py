"""The template that says an answer waits: the only thing that may be sent when the 24 hours are over.

WhatsApp knows no Tigrinya, so there is no template in it. Unless the settings name one for it, the English and the Dutch one go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from api.answers.reply import Reply, as_text
from api.conversation.model import Conversation, Speaker
from api.conversation.store import Clock
from api.conversation.tables import ConversationRow, MessageRow
from api.i18n.catalogue import Catalogue
from api.settings import pairs
from api.whatsapp.outbox import bubble_row
from api.whatsapp.tables import SaidRow
from sociale_kaart.municipality import DeskHours

INSTEAD: Final = ("en", "nl")
"""What is sent to who reads a language without a template."""


@dataclass(frozen=True)
class Choice:
    """The templates for a newcomer, as `name/language`; `languages` says in which languages their words are."""

    templates: tuple[str, ...]
    languages: tuple[str, ...]
    own: bool
    """Whether it is in the newcomer's language."""


def choice(setting: str, language: str | None) -> Choice:
    """What the setting `language:name[/language],...` has for a language."""
    known = {code: name if "/" in name else f"{name}/{code}" for code, name in pairs(setting).items()}
    codes = (language,) if language in known else tuple(code for code in INSTEAD if code in known)
    templates = tuple(known[code] for code in codes if code)
    languages = tuple(template.partition("/")[2] for template in templates)
    return Choice(templates, languages, own=languages == (language,))


class Templates:
    """Puts templates into the outbox, with a message that shows the desk what was sent."""

    def __init__(self, engine: AsyncEngine, clock: Clock, catalogue: Catalogue) -> None:
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._clock, self._catalogue = clock, catalogue

    async def send(self, conversation: Conversation, desk: DeskHours, chosen: Choice) -> None:
        """Store the message and its bubbles at once. The name of `desk` stands in the words."""
        said, now = self._said(chosen.languages, desk), self._clock()
        row = MessageRow(
            conversation_id=conversation.id,
            speaker=Speaker.BOT,
            language=said.language,
            text=as_text(said),
            reply=said.model_dump(mode="json"),
            at=now,
        )
        async with self._sessions() as session, session.begin():
            session.add(row)
            await session.flush()
            session.add(SaidRow(message_id=row.id, first_id=row.id))
            session.add_all(bubble_row(row, part, now, template=name) for part, name in enumerate(chosen.templates))
            await session.execute(update(ConversationRow).where(ConversationRow.id == conversation.id).values(updated_at=now))

    def _said(self, languages: Sequence[str], desk: DeskHours) -> Reply:
        words = tuple(self._catalogue.text(code, "whatsapp.template", desk=desk.name_in(code)) for code in languages)
        return Reply(language=languages[0], paragraphs=words)
