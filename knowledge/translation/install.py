"""Brings a package into the folder of packages: from a file, or from Argos's index when someone asks for it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from knowledge.languages import LANGUAGES
from knowledge.translation.errors import DownloadFailed, MachineFailed, PackageRefused
from knowledge.translation.machine import Machine
from knowledge.translation.packages import NO_ARGOS, PIVOT, Archive, Package, inspect, installed

MOST_DOWNLOADED: Final = 1024**3  # bytes
_TIMEOUT: Final = httpx.Timeout(30)
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_PROBES: Final = {"nl": "Goedemorgen, hoe gaat het met u?", "en": "Good morning, how are you?", "ar": "صباح الخير، كيف حالك؟"}
_PROBE: Final = "Добрий день, як справи?"


@dataclass(frozen=True)
class Offer:
    """A package that the index offers."""

    source: str
    target: str
    version: str
    links: tuple[str, ...]


async def install(machine: Machine, archive: Archive, sha256: str | None = None) -> Package:
    """Unpack an archive through Argos and let it translate one sentence; what was there under its name stays if that fails.

    Raises:
        PackageRefused: its SHA-256 is not the one expected, or it does not translate.
    """
    if sha256 and sha256.lower() != archive.sha256:
        raise PackageRefused(f"{archive.path} has SHA-256 {archive.sha256}, not {sha256.lower()}")
    async with _replacing(machine.packages / archive.folder) as folder:
        try:
            await machine.install(archive.path)
            package = next((found for found in installed(machine.packages) if found.path == folder), None)
            if package is None:
                raise PackageRefused(f"{archive.path} unpacked into something that is no package")
            await machine.translate(package.path, _PROBES.get(package.source, _PROBE))
        except MachineFailed as error:
            raise PackageRefused(f"{archive.path} does not translate: {error}") from None
    return package


async def wanted(machine: Machine, source: str, target: str) -> tuple[Offer, ...]:
    """What the index offers for a pair: one package, or two by way of English. Uses the network.

    Raises:
        DownloadFailed: there is no index, or nothing in it for this pair.
    """
    offers = [_offer(raw) for raw in await machine.offers()]
    if not offers:
        raise DownloadFailed("the index of Argos Translate could not be fetched; a package file can be installed without network")
    newest = {(offer.source, offer.target): offer for offer in sorted(offers, key=_age)}
    legs = [(source, target)] if (source, target) in newest or PIVOT in (source, target) else [(source, PIVOT), (PIVOT, target)]
    if missing := [leg for leg in legs if leg not in newest]:
        names = " and ".join(f"{a}→{b}" for a, b in missing)
        none = ", ".join(LANGUAGES[code].english_name for code in sorted(NO_ARGOS & {source, target}))
        why = f" (there is no package for {none}; the glossary and the phrasebook are there for it)" if none else ""
        raise DownloadFailed(f"Argos Translate offers no {names}{why}")
    return tuple(newest[leg] for leg in legs)


@asynccontextmanager
async def downloaded(offer: Offer) -> AsyncIterator[Path]:
    """The package file of an offer, in a temporary folder. Uses the network; DownloadFailed names what was tried."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"translate-{offer.source}_{offer.target}.argosmodel"
        tried: list[str] = []
        for link in _safe(offer.links):
            try:
                await _fetch(link, path)
                break
            except httpx.HTTPError as error:
                tried.append(f"{link}: {type(error).__name__} {error}")
        else:
            reasons = "; ".join(tried) or "it has no https link"
            raise DownloadFailed(f"{offer.source}→{offer.target} could not be downloaded: {reasons}")
        yield path


async def install_file(machine: Machine, path: Path, sha256: str | None = None) -> tuple[Package, str]:
    """Install a package file; the package and the file's SHA-256."""
    archive = inspect(path)
    return await install(machine, archive, sha256), archive.sha256


def _safe(links: Iterable[str]) -> Sequence[str]:
    parts = [(link, urlsplit(link)) for link in links]
    return [link for link, url in parts if url.scheme == "https" or (url.scheme == "http" and url.hostname in _HERE)]


async def _fetch(link: str, path: Path) -> None:
    size = 0
    async with httpx.AsyncClient(follow_redirects=True, timeout=_TIMEOUT) as client, client.stream("GET", link) as response:
        response.raise_for_status()
        if not _safe([str(response.url)]):
            raise DownloadFailed(f"{link} leads to {response.url}, which is not https")
        with path.open("wb") as file:
            async for piece in response.aiter_bytes():
                size += len(piece)
                if size > MOST_DOWNLOADED:
                    raise DownloadFailed(f"{link} is larger than {MOST_DOWNLOADED} bytes")
                file.write(piece)


@asynccontextmanager
async def _replacing(folder: Path) -> AsyncIterator[Path]:
    """Room for `folder`; what stood there comes back unless all goes well."""
    done = False
    with tempfile.TemporaryDirectory(dir=_made(folder.parent.parent)) as aside:
        old = Path(aside) / "old"
        if folder.exists():
            folder.rename(old)
        try:
            yield folder
            done = True
        finally:
            if not done:
                shutil.rmtree(folder, ignore_errors=True)
                if old.exists():
                    old.rename(folder)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _offer(raw: dict[str, Any]) -> Offer:
    return Offer(str(raw["source"]), str(raw["target"]), str(raw["version"]), tuple(map(str, raw["links"])))


def _age(offer: Offer) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in offer.version.split("."))
