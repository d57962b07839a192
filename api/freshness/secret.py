"""The secret that signs links: from the settings, or made once and kept in the data folder for this user alone."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from api.settings import Settings

FILE = "secret"
ONLY_OWNER = 0o600


def load_secret(settings: Settings) -> str:
    """The secret of this installation; the same for every process, and after a restart."""
    return settings.secret.get_secret_value() or _kept(settings.data / FILE)


def _kept(file: Path) -> str:
    """What the file holds; when there is none, it is made. Of two processes at once, the first one's stays."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        own = file.with_name(f".{FILE}.{secrets.token_hex(8)}")
        try:
            with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_OWNER), "w") as writing:
                writing.write(secrets.token_urlsafe(32))
            with suppress(FileExistsError):
                os.link(own, file)  # whole or not at all, and never over another's
        finally:
            own.unlink(missing_ok=True)
    return file.read_text(encoding="ascii").strip()
