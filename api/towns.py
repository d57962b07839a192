"""The municipalities that one installation serves: each with its own kaart and what answers from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from api.answers.ask import Asker
from api.answers.compose import Composer
from api.i18n.catalogue import Catalogue
from sociale_kaart.kaart import Kaart


@dataclass(frozen=True)
class Town:
    """What answers questions in one municipality, without a server: also what the terminal and the evaluation use."""

    kaart: Kaart
    catalogue: Catalogue
    asker: Asker
    composer: Composer
    search_error: str | None
    version: str | None = None
    """Which index it was built with; another one in the index folder means that something was published."""

    @property
    def id(self) -> str:
        """Short name of the municipality: the first part of its addresses."""
        return self.kaart.municipality.id


class Towns:
    """All towns by id; the first is the one at `/`. A publication replaces a town while requests go on with the old one."""

    def __init__(self, towns: Iterable[Town]) -> None:
        self._towns = {town.id: town for town in towns}
        self._first = next(iter(self._towns))
        self._tried = {town.id: town.version for town in self._towns.values()}

    def __iter__(self) -> Iterator[Town]:
        return iter(tuple(self._towns.values()))

    def __contains__(self, id: object) -> bool:
        return id in self._towns

    @property
    def first(self) -> Town:
        """The town at `/`."""
        return self._towns[self._first]

    def of(self, id: str | None) -> Town:
        """The town named `id`; the first one for what was stored before there were more, or of a town that is gone."""
        return self._towns.get(id or "", self.first)

    def at(self, host: str) -> Town:
        """The town that answers at `host` (a name without port), else the first."""
        return next((town for town in self if host in town.kaart.municipality.hosts), self.first)

    def replace(self, town: Town) -> None:
        """From now on `town` answers for its municipality."""
        self._towns[town.id] = town
        self._tried[town.id] = town.version

    def tried(self, id: str) -> str | None:
        """The newest version of the index that was taken over, or found not to be usable."""
        return self._tried.get(id)

    def refuse(self, id: str, version: str) -> None:
        """Remember that this version cannot be used, so that it is not tried every second."""
        self._tried[id] = version
