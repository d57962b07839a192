"""Mail through a real SMTP server on this machine."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from mail_server import Inbox, free_port, running_server

from api.freshness.errors import MailNotConfigured, MailNotSent
from api.freshness.mail import SmtpMailer
from api.settings import Settings

PASSWORD = "zeven grijze duiven"


def settings(server: Controller, **changes: Any) -> Settings:
    values = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_from": "kaart@example.org", "smtp_starttls": False}
    return Settings(**(values | changes))


async def test_a_mail_arrives_as_it_was_written(server: Controller, inbox: Inbox) -> None:
    text = "Klopt dit nog?\n\nZwemlessen – één link:\nhttps://kaart.example.org/" + "x" * 120 + "\n"
    await SmtpMailer(settings(server)).send("sport@example.org", "Klopt dit nog? Café Ä", text)
    [mail] = inbox.mails
    assert (mail["to"], mail["from"], mail["subject"]) == ("sport@example.org", "kaart@example.org", "Klopt dit nog? Café Ä")
    assert mail.get_content().replace("\r\n", "\n") == text
    assert mail.get_content_type() == "text/plain"
    assert mail["auto-submitted"] == "auto-generated"
    assert mail["message-id"].endswith("@example.org>")


@pytest.mark.parametrize("refusal", ["550 no such user sport@example.org", "451 later"])
async def test_a_refusal_is_told_without_the_address(server: Controller, inbox: Inbox, refusal: str) -> None:
    inbox.refusal = refusal
    with pytest.raises(MailNotSent) as problem:
        await SmtpMailer(settings(server)).send("sport@example.org", "x", "x")
    assert refusal[:3] in str(problem.value)
    assert "@" not in str(problem.value)
    assert problem.value.__cause__ is None


async def test_a_server_that_is_not_there_is_told(server: Controller) -> None:
    with pytest.raises(MailNotSent, match="ConnectionRefusedError"):
        await SmtpMailer(settings(server, smtp_port=free_port())).send("sport@example.org", "x", "x")


async def test_encryption_that_the_server_does_not_offer_is_not_done_without(server: Controller, inbox: Inbox) -> None:
    with pytest.raises(MailNotSent, match="SMTPNotSupportedError"):
        await SmtpMailer(settings(server, smtp_starttls=True)).send("sport@example.org", "x", "x")
    assert inbox.mails == []


@pytest.mark.parametrize(
    ("missing", "named"),
    [
        ({"smtp_host": ""}, "KAART_SMTP_HOST"),
        ({"smtp_from": ""}, "KAART_SMTP_FROM"),
        ({"smtp_user": "kaart", "smtp_starttls": False}, "KAART_SMTP_STARTTLS"),
    ],
)
def test_what_is_missing_is_named(missing: dict[str, Any], named: str) -> None:
    with pytest.raises(MailNotConfigured, match=named):
        SmtpMailer(Settings(**({"smtp_host": "mail.example.org", "smtp_from": "kaart@example.org"} | missing)))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 with its key, in one file."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    name = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    subprocess.run(["openssl", "req", *kind, *name, "-keyout", file, "-out", f"{file}.crt"], check=True, capture_output=True)
    file.write_bytes(file.read_bytes() + Path(f"{file}.crt").read_bytes())
    return file


@pytest.fixture
def locked_server(inbox: Inbox, certificate: Path) -> Iterator[Controller]:
    """Wants encryption, then a login."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def check(*asked: Any) -> AuthResult:
        login = asked[-1]
        good = isinstance(login, LoginPassword) and (login.login, login.password) == (b"kaart", PASSWORD.encode())
        return AuthResult(success=good, handled=False)  # the server itself says no

    wants = {"tls_context": context, "require_starttls": True, "auth_required": True, "authenticator": check}
    with running_server(inbox, **wants) as running:
        yield running


async def test_the_way_is_encrypted_before_the_password_is_sent(
    locked_server: Controller, inbox: Inbox, certificate: Path
) -> None:
    asked = settings(locked_server, smtp_starttls=True, smtp_user="kaart", smtp_password=PASSWORD)
    trust = ssl.create_default_context(cafile=str(certificate))
    await SmtpMailer(asked, trust).send("sport@example.org", "x", "Hallo")
    assert len(inbox.mails) == 1
    wrong = settings(locked_server, smtp_starttls=True, smtp_user="kaart", smtp_password="fout")
    with pytest.raises(MailNotSent, match="SMTPAuthenticationError 535"):
        await SmtpMailer(wrong, trust).send("sport@example.org", "x", "Hallo")
    assert len(inbox.mails) == 1


async def test_a_certificate_that_nobody_vouches_for_is_refused(locked_server: Controller, inbox: Inbox) -> None:
    asked = settings(locked_server, smtp_starttls=True, smtp_user="kaart", smtp_password=PASSWORD)
    with pytest.raises(MailNotSent, match="SSLCertVerificationError"):
        await SmtpMailer(asked).send("sport@example.org", "x", "Hallo")
    assert inbox.mails == []
