"""Tokens in links, and the secret that signs them."""

from __future__ import annotations

import datetime as dt
import stat
from pathlib import Path

import pytest
from desk_house import Clock

from api.freshness.confirmation import LASTS, Claim, Confirmations
from api.freshness.errors import LinkNotValid
from api.freshness.secret import load_secret
from api.settings import Settings

CLAIM = Claim("dorp", "zwemles", "loket", dt.date(2026, 1, 31))


def test_a_token_says_what_was_signed() -> None:
    confirmations = Confirmations("geheim", Clock())
    assert confirmations.read(confirmations.token(CLAIM)) == CLAIM


def test_a_token_ends_after_thirty_days() -> None:
    clock = Clock()
    confirmations = Confirmations("geheim", clock)
    token = confirmations.token(CLAIM)
    clock.now += LASTS
    assert confirmations.read(token) == CLAIM
    clock.move(seconds=1)
    with pytest.raises(LinkNotValid):
        confirmations.read(token)


@pytest.mark.parametrize(
    "token", ["", "x", "dorp~zwemles~loket~2026-01-31", "é.x.y", "dorp~zwemles~loket~2026-01-31.ahjZYw.AAAA"]
)
def test_what_we_did_not_sign_is_refused(token: str) -> None:
    with pytest.raises(LinkNotValid):
        Confirmations("geheim", Clock()).read(token)


def test_every_part_of_a_token_is_signed() -> None:
    confirmations = Confirmations("geheim", Clock())
    token = confirmations.token(CLAIM)
    for place, letter in enumerate(token[:-1]):  # the last letter of base64 holds bits that say nothing
        with pytest.raises(LinkNotValid):
            confirmations.read(token[:place] + ("b" if letter == "a" else "a") + token[place + 1 :])


def test_another_secret_does_not_read_it() -> None:
    with pytest.raises(LinkNotValid):
        Confirmations("ander", Clock()).read(Confirmations("geheim", Clock()).token(CLAIM))


def test_the_secret_is_made_once_and_only_its_user_reads_it(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    secret = load_secret(settings)
    assert len(secret) >= 32
    assert load_secret(settings) == secret
    assert load_secret(Settings(data=tmp_path / "elsewhere")) != secret
    [file] = (tmp_path / "data").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_secret_that_was_set_is_used_and_not_written(tmp_path: Path) -> None:
    assert load_secret(Settings(data=tmp_path, secret="van de gemeente")) == "van de gemeente"  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []
