"""The history of publications, and who is editing what, in the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import Select, delete, select, update
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from api.conversation.store import Clock
from api.conversation.tables import StaffRow
from api.publishing.errors import NothingToUndo
from api.publishing.model import FileChange, GateReport, Publication, entry_of
from api.publishing.tables import EditingRow, PublicationFileRow, PublicationRow

NEWEST = 200
EDITING_LASTS = dt.timedelta(minutes=15)


class Records:
    """Reads and writes the history."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._clock = clock

    async def add(
        self, town: str, by: str, note: str, files: Mapping[str, FileChange], gate: GateReport, undoes: int | None
    ) -> int:
        """Record a publication; its id."""
        row = PublicationRow(
            town=town, at=self._clock(), by=by[:80], note=note[:200], gate=gate.model_dump(), commit=None, undoes=undoes
        )
        async with self._sessions() as session, session.begin():
            session.add(row)
            await session.flush()
            session.add_all(
                PublicationFileRow(
                    publication_id=row.id, path=path, entry_id=entry_of(path), before=change.before, after=change.after
                )
                for path, change in files.items()
            )
        return row.id

    async def committed(self, id: int, commit: str | None) -> None:
        """Remember the git commit of a publication."""
        async with self._sessions() as session, session.begin():
            await session.execute(update(PublicationRow).where(PublicationRow.id == id).values(commit=commit))

    async def get(self, town: str, id: int | None = None) -> Publication:
        """The publication with this id, or the newest of the town. NothingToUndo when there is none."""
        query = select(PublicationRow).where(PublicationRow.town == town)
        query = query.where(PublicationRow.id == id) if id else query.order_by(PublicationRow.id.desc()).limit(1)
        found = await self._read(query)
        if not found:
            raise NothingToUndo
        return found[0]

    async def newest(self, town: str, entry_id: str | None = None, limit: int = NEWEST) -> list[Publication]:
        """Publications, the newest first; of one entry when `entry_id` is given."""
        query = select(PublicationRow).where(PublicationRow.town == town)
        if entry_id:
            ids = select(PublicationFileRow.publication_id).where(PublicationFileRow.entry_id == entry_id)
            query = query.where(PublicationRow.id.in_(ids))
        return await self._read(query.order_by(PublicationRow.id.desc()).limit(limit))

    async def editing(self, town: str, entry_id: str, staff_id: int) -> list[tuple[str, dt.datetime]]:
        """Who else opened the form of this entry in the last quarter of an hour: (name, since when)."""
        query = select(StaffRow.name, EditingRow.at).join(StaffRow, StaffRow.id == EditingRow.staff_id)
        here = (EditingRow.town == town, EditingRow.entry_id == entry_id, EditingRow.staff_id != staff_id)
        async with self._sessions() as session:
            rows = await session.execute(query.where(*here, EditingRow.at > self._clock() - EDITING_LASTS))
            return [(name, at) for name, at in rows]

    async def opened(self, town: str, entry_id: str, staff_id: int) -> None:
        """This worker has the form open from now on; marks that are too old go."""
        async with self._sessions() as session, session.begin():
            await session.execute(delete(EditingRow).where(EditingRow.at <= self._clock() - EDITING_LASTS))
            await session.merge(EditingRow(town=town, entry_id=entry_id, staff_id=staff_id, at=self._clock()))

    async def closed(self, town: str, entry_id: str, staff_id: int) -> None:
        """This worker is done with the form."""
        here = (EditingRow.town == town, EditingRow.entry_id == entry_id, EditingRow.staff_id == staff_id)
        async with self._sessions() as session, session.begin():
            await session.execute(delete(EditingRow).where(*here))

    async def _read(self, query: Select[PublicationRow]) -> list[Publication]:
        undoing = select(PublicationRow.id, PublicationRow.undoes).where(PublicationRow.undoes.is_not(None))
        async with self._sessions() as session:
            rows = (await session.scalars(query)).all()
            ids = [row.id for row in rows]
            files = (await session.scalars(select(PublicationFileRow).where(PublicationFileRow.publication_id.in_(ids)))).all()
            pairs = (await session.execute(undoing.order_by(PublicationRow.id.desc()))).all()
        undone: set[int | None] = set()
        for id, undoes in pairs:  # the newest first: what was taken back itself takes nothing back any more
            undone |= set() if id in undone else {undoes}
        changes: dict[int, dict[str, FileChange]] = {id: {} for id in ids}
        for file in files:
            changes[file.publication_id][file.path] = FileChange(before=file.before, after=file.after)
        return [_publication(row, changes[row.id], row.id in undone) for row in rows]


def _publication(row: PublicationRow, files: Mapping[str, FileChange], undone: bool) -> Publication:
    gate = GateReport.model_validate(row.gate)
    return Publication(row.id, row.town, row.at, row.by, row.note, files, gate, row.commit, row.undoes, undone)
