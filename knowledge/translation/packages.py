"""Packages of Argos Translate: an archive, looked at before it is unpacked; those that are installed; the way through them."""

from __future__ import annotations

import hashlib
import json
import re
import stat
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knowledge.languages import LANGUAGES
from knowledge.translation.errors import PackageMissing, PackageRefused

PIVOT: Final = "en"
"""The language that nearly every package starts or ends with."""
NO_ARGOS: Final = frozenset({"ti", "am", "so", "ckb", "kmr", "ps", "om"})
"""Languages for which Argos offers no package at all (its index of June 2025)."""
MOST_FILES, MOST_BYTES, MOST_METADATA = 2_000, 2 * 1024**3, 64 * 1024
"""What an archive may hold: files, bytes when unpacked, bytes of metadata.json."""
_TOKENIZERS: Final = ("sentencepiece.model", "bpe.model")
_PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class Metadata(BaseModel):
    """What we need of a package's `metadata.json`; it may hold more."""

    model_config = ConfigDict(frozen=True)

    from_code: str = Field(pattern=r"^[a-z]{2,3}$")
    to_code: str = Field(pattern=r"^[a-z]{2,3}$")
    package_version: str = Field(pattern=r"^[0-9]+(\.[0-9]+)*$")
    type: str = Field("translate", pattern="^translate$")


@dataclass(frozen=True)
class Package:
    """An installed package: one direction between two languages."""

    source: str
    target: str
    version: str
    path: Path
    fingerprint: str  # of its metadata and the size of its model: another build of the same version is another package

    def __str__(self) -> str:
        return f"{self.source}→{self.target} {self.version}"


@dataclass(frozen=True)
class Archive:
    """A package file that is safe to unpack. `folder` is the one folder it unpacks into."""

    path: Path
    folder: str
    metadata: Metadata
    sha256: str


def inspect(path: Path) -> Archive:
    """Look at a package file without unpacking it.

    Raises:
        PackageRefused: it is no zip, would write outside its folder, is too large, or is not a translation package.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            folder = _safe_folder(path, archive.infolist())
            metadata = _metadata(path, archive, folder)
            _complete(path, {info.filename for info in archive.infolist()}, folder)
        with path.open("rb") as file:
            return Archive(path, folder, metadata, hashlib.file_digest(file, "sha256").hexdigest())
    except FileNotFoundError:
        raise PackageRefused(f"{path} is not there") from None
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise PackageRefused(f"{path} is not a package of Argos Translate: {error}") from None


def installed(folder: Path) -> list[Package]:
    """The packages in `folder`, in a fixed order; a folder in it that is not a package is passed over."""
    found = (_package(path.parent) for path in sorted(folder.glob("*/metadata.json")))
    return sorted((package for package in found if package), key=lambda package: (package.source, package.target, package.path))


def route(packages: Iterable[Package], source: str, target: str) -> tuple[Package, ...]:
    """The packages to go through: one, or two by way of English.

    Raises:
        PackageMissing: naming each leg that is not installed.
    """
    newest = {(package.source, package.target): package for package in sorted(packages, key=_age)}
    if direct := newest.get((source, target)):
        return (direct,)
    legs = [(source, PIVOT), (PIVOT, target)] if PIVOT not in (source, target) else [(source, target)]
    missing = [leg for leg in legs if leg not in newest]
    if missing:
        raise PackageMissing(_missing(source, target, missing))
    return tuple(newest[leg] for leg in legs)


def _missing(source: str, target: str, legs: list[tuple[str, str]]) -> str:
    if none := NO_ARGOS & {source, target}:
        names = ", ".join(LANGUAGES[code].english_name for code in sorted(none))
        return f"{source}→{target}: Argos Translate has no package for {names}; the glossary and the phrasebook are there for it"
    names = " and ".join(f"{a}→{b}" for a, b in legs)
    commands = "; ".join(f"kaart translate install --from {a} --to {b}" for a, b in legs)
    way = f"{source}→{target} goes by way of {PIVOT}; " if (source, target) not in legs else ""
    return f"{way}not installed: {names}. Install: {commands}"


def _age(package: Package) -> tuple[int, ...]:
    return tuple(int(part) for part in package.version.split("."))


def _package(path: Path) -> Package | None:
    try:
        raw = (path / "metadata.json").read_bytes()
        metadata = Metadata.model_validate_json(raw)
        size = (path / "model/model.bin").stat().st_size
    except (OSError, ValidationError):
        return None
    fingerprint = hashlib.sha256(raw + str(size).encode()).hexdigest()[:12]
    return Package(metadata.from_code, metadata.to_code, metadata.package_version, path, fingerprint)


def _safe_folder(path: Path, entries: list[zipfile.ZipInfo]) -> str:
    """The one folder that everything stands in; PackageRefused when unpacking could do harm."""
    if len(entries) > MOST_FILES:
        raise PackageRefused(f"{path} holds {len(entries)} files, more than {MOST_FILES}")
    if (size := sum(entry.file_size for entry in entries)) > MOST_BYTES:
        raise PackageRefused(f"{path} unpacks to {size} bytes, more than {MOST_BYTES}")
    for entry in entries:
        if why := _unsafe(entry):
            raise PackageRefused(f"{path} {why}: {entry.filename!r}")
    folders = {PurePosixPath(entry.filename).parts[0] for entry in entries}
    if len(folders) != 1 or not _PLAIN_NAME.fullmatch(folder := min(folders)):
        raise PackageRefused(f"{path} must hold one folder with a plain name, and holds {sorted(folders)[:5]}")
    return folder


def _unsafe(entry: zipfile.ZipInfo) -> str | None:
    name = PurePosixPath(entry.filename)
    if name.is_absolute() or ".." in name.parts or "\\" in entry.filename or ":" in entry.filename or not name.parts:
        return "would write outside its folder"
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "holds something that is neither a file nor a folder"
    return "holds an encrypted file" if entry.flag_bits & 1 else None


def _metadata(path: Path, archive: zipfile.ZipFile, folder: str) -> Metadata:
    name = f"{folder}/metadata.json"
    if name not in archive.namelist():
        raise PackageRefused(f"{path} has no {name}")
    if archive.getinfo(name).file_size > MOST_METADATA:
        raise PackageRefused(f"{path}: {name} is larger than {MOST_METADATA} bytes")
    try:
        return Metadata.model_validate(json.loads(archive.read(name)))
    except ValidationError as error:
        why = "; ".join(f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}" for detail in error.errors(include_input=False))
        raise PackageRefused(f"{path}: {name}: {why}") from None
    except ValueError:
        raise PackageRefused(f"{path}: {name} is not JSON") from None


def _complete(path: Path, names: set[str], folder: str) -> None:
    if f"{folder}/model/model.bin" not in names:
        raise PackageRefused(f"{path} has no {folder}/model/model.bin")
    if not any(f"{folder}/{tokenizer}" in names for tokenizer in _TOKENIZERS):
        raise PackageRefused(f"{path} has neither {' nor '.join(_TOKENIZERS)} in {folder}")
