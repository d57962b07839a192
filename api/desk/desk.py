"""The desk's parts, built once per application from its services."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from api.conversation.store import Clock
from api.desk.accounts import Accounts
from api.desk.audit.log import Audit
from api.desk.audit.reading import Reading
from api.desk.colleagues import Colleagues
from api.desk.history import History
from api.desk.notes import Notes
from api.desk.presence import Presence
from api.desk.second_step import SecondSteps
from api.desk.sessions import Sessions
from api.desk.translating import Translating
from api.desk.work import Work
from api.freshness.secret import load_secret
from api.ratelimit import RateLimit
from api.services import Services, now
from sociale_kaart.glossary import load_glossary

QUARTER_SECONDS = 15 * 60


@dataclass(frozen=True)
class Desk:
    """Everything the desk's routes may need besides the services."""

    accounts: Accounts
    sessions: Sessions
    history: History
    work: Work
    notes: Notes
    presence: Presence
    translating: Translating
    attempts: RateLimit
    clock: Clock
    audit: Audit
    reading: Reading
    second_steps: SecondSteps
    colleagues: Colleagues


def build_desk(services: Services, clock: Clock = now, ticks: Callable[[], float] = time.monotonic) -> Desk:
    """The desk for these services; `clock` rules invitations and sessions, `ticks` (seconds) the limit on logins."""
    settings = services.settings
    return Desk(
        Accounts(services.engine, clock),
        Sessions(services.engine, clock, settings.session_hours, settings.second_step_required),
        History(services.engine, services.store),
        Work(services.store, services.towns, services.broadcast, services.handover, clock, settings.message_limit),
        Notes(services.engine, clock),
        Presence(services.engine, clock),
        Translating(settings.data / "translation", load_glossary().spellings, services.danger, ticks),
        RateLimit(settings.logins_per_quarter, QUARTER_SECONDS, ticks),
        clock,
        Audit(services.engine, clock),
        Reading(services.engine),
        SecondSteps(services.engine, clock, load_secret(settings)),
        Colleagues(services.engine, clock),
    )
