"""A git commit per publication, where the kaart's folder is a git checkout."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)
SECONDS = 20
QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
REFUSED = ""
"""In the place of a commit's hash: this is a checkout, but git did not commit."""


def commit(folder: Path, paths: Sequence[str], town: str, note: str) -> str | None:
    """Commit these files of `folder` and nothing else.

    The hash of the commit that holds them, None where there is no checkout, REFUSED when git failed.

    The author is the desk, not a person: who did it stands in the history of publications.
    """
    if _git(folder, "rev-parse", "--is-inside-work-tree") != "true":
        return None
    sentence = f"sociale_kaart: {' '.join(note.split()).rstrip('.')}."
    who = ("-c", f"user.name=Balie {town}", "-c", f"user.email=balie@{town}.invalid", "-c", "commit.gpgsign=false")
    added = _git(folder, "add", "--", *paths)
    waiting = None if added is None else _git(folder, "status", "--porcelain", "--", *paths)
    if waiting:  # else somebody committed these files already
        waiting = _git(folder, *who, "commit", "--quiet", "--message", sentence, "--only", "--", *paths)
    if waiting is None:
        log.warning("publication_not_committed", town=town)
        return REFUSED
    return _git(folder, "rev-parse", "HEAD") or REFUSED


def _git(folder: Path, *arguments: str) -> str | None:
    """What git says, or None when it failed, is not there, or took too long."""
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, env=os.environ | QUIET, check=True, text=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
