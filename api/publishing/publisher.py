"""The one way from a change to what newcomers read: check, measure, write, swap, record. And the way back."""

from __future__ import annotations

import asyncio
import datetime as dt
import fcntl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conversation.store import Clock
from api.errors import NotFound
from api.i18n.catalogue import Catalogue
from api.publishing.cases import Case, asking
from api.publishing.edits import Change, altering, configuring, creating, own_path, restoring, taking_back
from api.publishing.errors import EntryChanged, NothingToUndo
from api.publishing.folder import SETTINGS, digest
from api.publishing.git import commit
from api.publishing.measuring import MakeEncoder, Measuring
from api.publishing.model import Publication, entry_of
from api.publishing.records import Records
from api.publishing.workshop import Edit, Workshop
from api.settings import Settings
from api.towns import Towns
from knowledge.lexical import Letters
from sociale_kaart.kaart import Kaart

log = structlog.get_logger(__name__)
UNDO, REDO = "Terug", "Opnieuw"


@dataclass(frozen=True)
class Source:
    """The file of one entry."""

    path: Path
    text: str

    @property
    def digest(self) -> str:
        """What `apply` takes as `seen`."""
        return digest(self.text.encode())


class Publisher:
    """Publishes changes of the kaarten, one publication at a time per town, also when several processes do."""

    def __init__(self, settings: Settings, workshop: Workshop, records: Records) -> None:
        self._settings, self._workshop, self.records = settings, workshop, records

    async def apply(
        self,
        town: str,
        changes: Mapping[str, Change],
        *,
        by: str,
        note: str,
        seen: Mapping[str, str] | None = None,
        cases: Sequence[Case] = (),
    ) -> Publication:
        """Change own entries of `town` and publish them together, or not at all.

        `changes` maps an entry's id to what changes its document; `seen` maps ids to the `digest` of the file as it was read:
        when it differs by now, nothing happens. `by` is who did it, `note` a short sentence that says what. `cases` go into the
        town's question set along with it.

        Raises:
            EntryMissing, EntryShared: not an own entry of this kaart.
            EntryChanged, NothingChanged, KaartRefused, GateRefused, NotWritten: see `api/publishing/errors.py`.
        """
        return await self._shielded(town, asking(cases, altering(changes)), by, note, seen=seen or {})

    async def create(self, town: str, entry_id: str, change: Change, *, by: str, note: str) -> Publication:
        """Publish a new entry, written into an empty document. EntryExists when the id is taken; else as `apply`."""
        return await self._shielded(town, creating(entry_id, change), by, note)

    async def configure(self, town: str, change: Change, *, by: str, note: str, seen: str) -> Publication:
        """Change the settings of `town` in kaart.yaml; `seen` is their `settings_digest` as they were read.

        SettingsChanged when they differ by now; else as `apply`.
        """
        return await self._shielded(town, configuring(change, seen), by, note)

    def settings_digest(self, town: str) -> str:
        """What `configure` takes as `seen`."""
        return digest((self._folder(town) / SETTINGS).read_bytes())

    async def preview(self, town: str, changes: Mapping[str, Change], *, new: bool = False) -> Kaart:
        """The kaart as it would be; nothing is written. Raises what `apply` (`create` when `new`) raises before its gate."""
        edit = creating(*next(iter(changes.items()))) if new else altering(changes)
        return await asyncio.to_thread(self._workshop.preview, self._folder(town), edit)

    async def publish(self, town: str, *, by: str, note: str) -> Publication:
        """Publish what was changed in the kaart's folder by hand. Raises as `apply`."""
        return await self._shielded(town, None, by, note)

    async def rollback(self, town: str, *, by: str, id: int | None = None) -> Publication:
        """Take back the newest publication, or the one with this id, without asking the gate: the way back is always open.

        Taking back a rollback does again what it took back.

        Raises:
            NothingToUndo: there is no such publication, or none that changed a file.
            ChangedSince: a file is not as it left it any more.
            KaartRefused: something that came after needs what would go.
        """
        publication = await self.records.get(town, id)
        if not publication.files:
            raise NothingToUndo
        return await self._shielded(town, taking_back(publication), by, _back(publication), gated=False, undoes=publication.id)

    async def restore(self, town: str, entry_id: str, id: int, *, by: str) -> Publication:
        """Put one entry back to what it was before publication `id`, through the gate like any other change.

        NothingToUndo when that publication did not change it, or made it; else as `apply`.
        """
        publication = await self.records.get(town, id)
        return await self._shielded(town, restoring(publication, entry_id), by, f"{entry_id}: terug naar een eerdere versie")

    async def history(self, town: str, entry_id: str | None = None) -> Sequence[Publication]:
        """Publications of `town`, the newest first; of one entry when `entry_id` is given."""
        return await self.records.newest(town, entry_id)

    def source(self, town: str, entry_id: str) -> Source:
        """The file of an own entry as it is now. EntryShared or EntryMissing when there is none."""
        folder = self._folder(town)
        path = folder / own_path(folder, entry_id)
        return Source(path, path.read_bytes().decode("utf-8", "replace"))

    async def text_then(self, town: str, entry_id: str, read: str) -> str | None:
        """The text of an entry's file when its digest was `read`, out of the history; None when it does not stand there."""
        texts = (
            text
            for publication in await self.records.newest(town, entry_id)
            for path, change in publication.files.items()
            if entry_of(path) == entry_id
            for text in (change.after, change.before)
        )
        return next((text for text in texts if text is not None and digest(text.encode()) == read), None)

    async def _shielded(
        self,
        town: str,
        edit: Edit | None,
        by: str,
        note: str,
        *,
        seen: Mapping[str, str] | None = None,
        gated: bool = True,
        undoes: int | None = None,
    ) -> Publication:
        """Once it runs, a publication runs to its end, also when who asked for it went away."""
        work = self._publish(self._folder(town), edit, by, note, seen or {}, gated, undoes)
        return await asyncio.shield(asyncio.create_task(work))

    async def _publish(
        self, folder: Path, edit: Edit | None, by: str, note: str, seen: Mapping[str, str], gated: bool, undoes: int | None
    ) -> Publication:
        town = folder.name
        async with _one_at_a_time(self._settings.data / "publishing" / f"{town}.lock"):
            for entry_id, read in seen.items():
                await self._check_seen(town, entry_id, read)
            made = await asyncio.to_thread(self._workshop.publish, folder, edit, gated=gated)
            id = await self.records.add(town, by, note, made.files, made.gate, undoes)
            await self.records.committed(id, await asyncio.to_thread(commit, folder, tuple(made.files), town, note))
        log.info("published", town=town, publication=id, files=len(made.files), questions=made.gate.questions)
        return await self.records.get(town, id)

    async def _check_seen(self, town: str, entry_id: str, read: str) -> None:
        now = self.source(town, entry_id)
        if now.digest == read:
            return
        newest = next(iter(await self.records.newest(town, entry_id, limit=1)), None)
        after = next((change.after for at, change in newest.files.items() if entry_of(at) == entry_id), None) if newest else None
        if newest and after is not None and after == now.text:
            raise EntryChanged(entry_id, newest.by, newest.at)
        raise EntryChanged(entry_id, None, dt.datetime.fromtimestamp(now.path.stat().st_mtime, dt.UTC))

    def _folder(self, town: str) -> Path:
        folder = next((folder for folder in self._settings.kaarten if folder.name == town), None)
        if folder is None:
            raise NotFound
        return folder


def build_publisher(
    settings: Settings,
    catalogue: Catalogue,
    engine: AsyncEngine,
    clock: Clock,
    encoder: MakeEncoder,
    towns: Towns | None = None,
    letters: Letters | None = None,
) -> Publisher:
    """The publisher for these settings; `towns` are those that this process serves, if it serves any, `letters` theirs."""
    measuring = Measuring(settings, catalogue, encoder, letters or Letters(), towns)
    return Publisher(settings, Workshop(settings, measuring), Records(engine, clock))


def _back(publication: Publication) -> str:
    """What taking it back is called; taking that back is doing it again."""
    said = publication.note if publication.undoes is None else publication.note.partition(": ")[2]
    return f"{UNDO if publication.undoes is None or publication.note.startswith(REDO) else REDO}: {said}"


@asynccontextmanager
async def _one_at_a_time(path: Path) -> AsyncIterator[None]:
    """Wait for whoever publishes now, in this process or another."""
    with await asyncio.to_thread(_locked, path):
        yield


def _locked(path: Path) -> IO[bytes]:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("ab")
    fcntl.flock(file, fcntl.LOCK_EX)  # let go when the file is closed
    return file
