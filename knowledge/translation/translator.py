"""Translates a text: what must not change is masked, each sentence goes through the packages, and what comes out is checked.

One sentence that fails is no translation at all, with the reason. Whoever shows a translation labels it as made by a machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from knowledge.translation.cache import Cache, cache_key
from knowledge.translation.checks import wrong
from knowledge.translation.errors import TranslationError
from knowledge.translation.packages import Package, installed, route
from knowledge.translation.protection import PLACEHOLDER, RULES, Masked, Protection, placeholders
from knowledge.translation.sentences import sentences

LONGEST_TEXT: Final = 2_000  # characters
_EDGES: Final = " \t\r\n.,;:!?()\"'“”«»–—-/…"
"""What is cut off a piece between two spans before it is translated, and put back."""


class Engine(Protocol):
    """What translates one sentence through one package: `machine.Machine`."""

    async def translate(self, package: Path, text: str) -> str:
        """The translated sentence. Raises MachineFailed."""
        ...


@dataclass(frozen=True)
class Translated:
    """A machine's translation that passed the checks. `packages` in the order in which it went through them."""

    text: str
    packages: tuple[Package, ...]


@dataclass(frozen=True)
class Refused:
    """No translation, and why."""

    reason: str


class _Bad(Exception):
    """A sentence came out wrong; the message says how."""


class Translator:
    """Translates with the packages in a folder. `terms` stay as they are, whatever the case of their letters."""

    def __init__(self, engine: Engine, packages: Path, terms: Iterable[str] = (), cache: Cache | None = None) -> None:
        self._engine, self._packages, self._cache = engine, packages, cache
        self._terms = frozenset(terms)

    def way(self, source: str, target: str) -> tuple[Package, ...]:
        """The packages that a translation goes through. PackageMissing names each leg that is not installed."""
        return route(installed(self._packages), source, target)

    async def translate(
        self, text: str, source: str, target: str, *, names: Iterable[str] = (), keep: bool = False
    ) -> Translated | Refused:
        """`text` in `target`. `names` stay as they are too. `keep` only what the kaart says, never what a person wrote."""
        if len(text) > LONGEST_TEXT:
            return Refused(f"the text is longer than {LONGEST_TEXT} characters")
        try:
            way, protection = self.way(source, target), Protection(self._terms, names)
            cache = self._cache if keep else None
            key = cache_key(text, (target, RULES, _version(protection), *(f"{leg}/{leg.fingerprint}" for leg in way)))
            if cache is not None and (known := cache.get(key)) is not None:
                return Translated(known, way)
            result = await _Run(self._engine, way, target).text(protection.mask(text))
            if cache is not None:
                cache.put(key, result)
        except _Bad as bad:
            return Refused(str(bad))
        except TranslationError as error:
            return Refused(str(error))
        return Translated(result, way)


@dataclass(frozen=True)
class _Run:
    """One text on its way."""

    engine: Engine
    way: tuple[Package, ...]
    target: str

    async def text(self, masked: Masked) -> str:
        return "".join([await self._sentence(masked, part) + after for part, after in sentences(masked.text)])

    async def _sentence(self, masked: Masked, part: str) -> str:
        if not _has_prose(part):
            return str(masked.restore(part, placeholders(part)))
        start, core, end = _split_edges(part, " \t\r\n")
        result = await self._through(core)
        whole = masked.restore(result, placeholders(core))
        if whole is None:  # a placeholder was lost or doubled: translate around it
            result = await self._around(core)
            whole = masked.restore(result, placeholders(core))
        if whole is None:
            raise _Bad("what must not change was changed")
        if why := wrong(PLACEHOLDER.sub(" ", core), PLACEHOLDER.sub(" ", result), self.target):
            raise _Bad(why)
        return start + whole + end

    async def _around(self, core: str) -> str:
        """The sentence with each piece between two placeholders translated on its own."""
        parts: list[str] = []
        done = 0
        for found in PLACEHOLDER.finditer(core):
            parts += await self._piece(core[done : found.start()]), found[0]
            done = found.end()
        return "".join([*parts, await self._piece(core[done:])])

    async def _piece(self, piece: str) -> str:
        start, core, end = _split_edges(piece, _EDGES)
        if not _has_prose(core):
            return piece
        result = await self._through(core)
        if why := wrong(core, result, self.target):
            raise _Bad(why)
        return start + result + end

    async def _through(self, text: str) -> str:
        for package in self.way:
            text = (await self.engine.translate(package.path, text)).strip()
            if not text:
                raise _Bad("nothing came out")
        return text


def _has_prose(text: str) -> bool:
    return any(char.isalpha() for char in PLACEHOLDER.sub("", text))


def _split_edges(text: str, edges: str) -> tuple[str, str, str]:
    """What stands before, the core, what stands after; the edges hold only characters of `edges`."""
    core = text.strip(edges)
    start = len(text) - len(text.lstrip(edges)) if core else 0
    return text[:start], core, text[start + len(core) :]


def _version(protection: Protection) -> str:
    kept = sorted(protection.terms), sorted(protection.names)
    return hashlib.sha256(repr(kept).encode()).hexdigest()
