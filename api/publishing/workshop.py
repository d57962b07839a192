"""Where a publication is made: staged beside the kaart, checked, measured, swapped in. All of it blocks: run it in a thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog

from api.publishing.errors import ChangedSince, KaartRefused, NothingChanged, NotWritten
from api.publishing.folder import Files, differences, keep_published, published, read_files, staged, write
from api.publishing.measuring import Measured, Measuring
from api.publishing.model import FileChange, GateReport, Mistake
from api.settings import Settings
from sociale_kaart.errors import KaartInvalid
from sociale_kaart.kaart import Kaart
from sociale_kaart.loader import load_kaart

log = structlog.get_logger(__name__)
Edit = Callable[[Path], None]
"""Changes the files of a staged kaart in place; the argument is its folder."""


@dataclass(frozen=True)
class Made:
    """What was published: every file that differs from what was published before, and what the gate saw."""

    files: Mapping[str, FileChange]
    gate: GateReport


class Workshop:
    """Makes publications."""

    def __init__(self, settings: Settings, measuring: Measuring) -> None:
        self._settings, self._measuring = settings, measuring

    def preview(self, folder: Path, edit: Edit) -> Kaart:
        """The kaart as it would be. KaartRefused when it would not be valid."""
        with staged(self._settings, folder) as copy:
            return _edited(copy, edit)

    def publish(self, folder: Path, edit: Edit | None, *, gated: bool = True) -> Made:
        """Edit a copy, check it, measure it (when `gated`), and put it in the place of what is.

        Without `edit`, what was changed by hand is published; with it, that goes along.

        Raises:
            NothingChanged, KaartRefused, GateRefused: nothing was written.
            ChangedSince: somebody changed a file meanwhile; nothing was written.
            NotWritten: a file could not be written; those before it were put back.
        """
        with staged(self._settings, folder) as copy:
            base = read_files(copy)
            kaart = _edited(copy, edit)
            files = read_files(copy)
            new = differences(read_files(published(self._settings, folder)) or base, files)
            if not (differences(base, files) if edit else new):
                raise NothingChanged
            measured = self._measuring.measure(folder, copy, kaart, gated=gated)
            self._swap(folder, base, files, measured)
            self._measuring.take_over(folder, copy, measured)
            _keep(self._settings, copy)
        return Made({path: FileChange(before=_text(old), after=_text(now)) for path, (old, now) in new.items()}, measured.report)

    def _swap(self, folder: Path, base: Files, files: Files, measured: Measured) -> None:
        changes = differences(base, files)
        meanwhile = differences(base, read_files(folder))
        if meanwhile:
            raise ChangedSince(list(meanwhile))
        try:
            write(folder, {path: after for path, (_, after) in changes.items()})
        except OSError as error:
            raise NotWritten from error
        try:
            measured.built.write(self._settings.index(folder))
        except (OSError, RuntimeError) as error:  # faiss says RuntimeError when a disk is full
            write(folder, {path: before for path, (before, _) in changes.items()})
            raise NotWritten from error


def _edited(copy: Path, edit: Edit | None) -> Kaart:
    try:
        if edit:
            edit(copy)
        return load_kaart(copy)
    except KaartInvalid as error:
        raise KaartRefused(mistakes(error, copy)) from None


def mistakes(error: KaartInvalid, copy: Path) -> list[Mistake]:
    """The problems of a staged kaart, by their place in the kaart's own folder; a shared file's path starts with its folder."""
    return [Mistake(_inside(problem.file, copy), problem.line, problem.field, problem.why) for problem in error.problems]


def _inside(file: str, copy: Path) -> str:
    path = Path(file)
    return path.relative_to(copy if path.is_relative_to(copy) else copy.parent).as_posix()


def _keep(settings: Settings, copy: Path) -> None:
    try:
        keep_published(settings, copy)
    except OSError:
        # It is published all the same; only the next publication has less to compare with.
        log.warning("published_not_kept", town=copy.name)


def _text(content: bytes | None) -> str | None:
    return None if content is None else content.decode("utf-8", "replace")
