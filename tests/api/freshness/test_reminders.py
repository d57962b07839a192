"""Who gets a mail about what, how often, and what it says."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from desk_house import Clock
from freshness_house import MAIL_ADDRESS
from mail_server import Inbox

from api.freshness.errors import MailNotSent
from api.freshness.mail import SmtpMailer
from api.freshness.reminders import PAUSE, Postman, Reminders, letters, unreachable
from api.freshness.upkeep import Upkeep
from api.services import Services
from api.settings import Settings
from sociale_kaart.kaart import Kaart
from sociale_kaart.loader import load_kaart

DUE = dt.date(2026, 8, 1)
OWNED = ["fiets", "huisarts", "school", "tolk", "zwemles"]


@pytest.fixture
def dorp(folder: Path) -> Kaart:
    return load_kaart(folder)


def ids(kaart: Kaart, today: dt.date, recent: list[str] | None = None) -> dict[str, list[str]]:
    return {letter.key: [item.entry.id for item in letter.dues] for letter in letters(kaart, today, recent or [])}


def test_one_letter_per_owner_with_an_address(dorp: Kaart) -> None:
    assert ids(dorp, DUE - dt.timedelta(days=2)) == {}
    assert ids(dorp, DUE) == {"loket": OWNED}


def test_what_was_written_about_recently_is_left_out(dorp: Kaart) -> None:
    assert ids(dorp, DUE, ["fiets", "tolk"]) == {"loket": ["huisarts", "school", "zwemles"]}
    assert ids(dorp, DUE, OWNED) == {}


def test_who_cannot_be_written_to_is_known(dorp: Kaart) -> None:
    assert [item.entry.id for item in unreachable(dorp, DUE)] == ["geld", "noodnummer"]


class Outbox:
    """Keeps what is sent; says no when told to."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.fails = False

    async def send(self, to: str, subject: str, text: str) -> None:
        if self.fails:
            raise MailNotSent("the mail server did not take it: x")
        self.sent.append((to, subject, text))


async def test_an_entry_is_written_about_every_fourteen_days(
    dorp: Kaart, services: Services, upkeep: Upkeep, clock: Clock
) -> None:
    reminders, outbox = Reminders(services.engine, clock), Outbox()
    postman = Postman(reminders, upkeep.confirmations, outbox, "https://kaart.example.org")

    async def day() -> int:
        await postman.deliver(dorp, letters(dorp, DUE, await reminders.recent("dorp")))
        return len(outbox.sent)

    assert await day() == 1
    assert await day() == 1
    clock.now += PAUSE - dt.timedelta(seconds=1)
    assert await day() == 1
    clock.move(seconds=1)
    assert await day() == 2
    assert await day() == 2


async def test_a_refused_mail_is_told_and_tried_again(dorp: Kaart, services: Services, upkeep: Upkeep, clock: Clock) -> None:
    reminders, outbox = Reminders(services.engine, clock), Outbox()
    postman = Postman(reminders, upkeep.confirmations, outbox, "https://kaart.example.org")
    outbox.fails = True
    [failed] = await postman.deliver(dorp, letters(dorp, DUE, []))
    assert failed.problem == "the mail server did not take it: x"
    assert await reminders.recent("dorp") == frozenset()
    outbox.fails = False
    [sent] = await postman.deliver(dorp, letters(dorp, DUE, []))
    assert sent.problem is None
    assert await reminders.recent("dorp") == frozenset(OWNED)


async def test_the_owner_gets_a_mail_with_links_that_work(
    dorp: Kaart, services: Services, upkeep: Upkeep, clock: Clock, server: Controller, inbox: Inbox
) -> None:
    settings = Settings(smtp_host="127.0.0.1", smtp_port=server.port, smtp_from="kaart@example.org", smtp_starttls=False)
    mailer, reminders = SmtpMailer(settings), Reminders(services.engine, clock)
    await Postman(reminders, upkeep.confirmations, mailer, "https://kaart.example.org").deliver(dorp, letters(dorp, DUE, []))
    [mail] = inbox.mails
    text = mail.get_content()
    assert (mail["to"], mail["subject"]) == (MAIL_ADDRESS, "Klopt dit nog? De sociale kaart van Dorp")
    assert text.count("Nagekeken op 31-01-2026") == len(OWNED)
    assert "De links werken 30 dagen." in text
    tokens = re.findall(r"^https://kaart\.example\.org/dorp/bevestig/(\S+)\r?$", text, re.MULTILINE)
    claims = [upkeep.confirmations.read(token) for token in tokens]
    assert [(claim.town, claim.entry_id, claim.owner, claim.verified_on) for claim in claims] == [
        ("dorp", id, "loket", dt.date(2026, 1, 31)) for id in OWNED
    ]
    assert "@" not in text
    assert "\n\n\n" not in text.replace("\r", "")
