"""Sends plain-text mail through the municipality's own mail server."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Protocol

from api.freshness.errors import MailNotConfigured, MailNotSent
from api.settings import Settings

TIMEOUT_SECONDS = 20


class Mailer(Protocol):
    """Whatever sends a mail."""

    async def send(self, to: str, subject: str, text: str) -> None: ...


class SmtpMailer:
    """SMTP with the settings. One connection per mail: there are few of them."""

    def __init__(self, settings: Settings, trust: ssl.SSLContext | None = None) -> None:
        """`trust` says whose certificates are believed; None: those that this machine believes.

        Raises:
            MailNotConfigured: a setting is missing, or a password would travel unprotected.
        """
        for name in ("smtp_host", "smtp_from"):
            if not getattr(settings, name):
                raise MailNotConfigured(f"KAART_{name.upper()} is not set: no mail can be sent")
        if settings.smtp_user and not settings.smtp_starttls:
            raise MailNotConfigured(
                "KAART_SMTP_USER needs KAART_SMTP_STARTTLS: a password is sent over an encrypted connection only"
            )
        self._settings, self._trust = settings, trust

    async def send(self, to: str, subject: str, text: str) -> None:
        """Hand one mail to the server. MailNotSent, with a reason that holds no address, when it does not take it."""
        message, sender = EmailMessage(), self._settings.smtp_from
        message["From"], message["To"], message["Subject"] = sender, to, subject
        message["Date"], message["Message-ID"] = formatdate(localtime=True), make_msgid(domain=sender.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"  # no out-of-office answers
        message.set_content(text)
        await asyncio.to_thread(self._hand_over, message)

    def _hand_over(self, message: EmailMessage) -> None:
        settings = self._settings
        try:
            with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT_SECONDS) as server:
                if settings.smtp_starttls:
                    server.starttls(context=self._trust or ssl.create_default_context())
                if settings.smtp_user:
                    server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
                server.send_message(message)
        except (smtplib.SMTPException, OSError) as error:
            raise MailNotSent(f"the mail server did not take it: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    """Why, without what the server said: that may hold an address."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"{type(error).__name__} {', '.join(str(code) for code, _ in error.recipients.values())}"
    return type(error).__name__
