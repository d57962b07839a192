"""Package files: only safe and whole ones are unpacked; the way through those that are installed is told plainly."""

from __future__ import annotations

import json
import stat
import zipfile
from pathlib import Path

import pytest

from knowledge.translation import packages
from knowledge.translation.cache import Cache, cache_key
from knowledge.translation.errors import PackageMissing, PackageRefused, TranslationError
from knowledge.translation.packages import Package, inspect, installed, route

METADATA = {"package_version": "1.8", "from_code": "nl", "to_code": "en", "from_name": "Dutch", "type": "translate"}
FILES = {
    "translate-nl_en/metadata.json": json.dumps(METADATA),
    "translate-nl_en/model/model.bin": "weights",
    "translate-nl_en/sentencepiece.model": "pieces",
}


def archive(path: Path, files: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some.argosmodel"


def test_a_whole_package_is_accepted(path):
    found = inspect(archive(path, FILES))
    assert (found.folder, found.metadata.from_code, found.metadata.to_code) == ("translate-nl_en", "nl", "en")
    assert len(found.sha256) == 64


@pytest.mark.parametrize(
    "name",
    ["../evil", "translate-nl_en/../../evil", "/etc/evil", "translate-nl_en\\..\\evil", "C:/evil", "translate-nl_en/../evil"],
)
def test_a_path_outside_its_folder_is_refused(path, name):
    with pytest.raises(PackageRefused, match="outside its folder"):
        inspect(archive(path, FILES | {name: "x"}))


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"other/file": "x"}, "one folder"),
        ({"loose": "x"}, "one folder"),
        ({"translate-nl_en/metadata.json": "{"}, "is not JSON"),
        ({"translate-nl_en/metadata.json": "[" * 60_000}, "is not a package"),
        ({"translate-nl_en/metadata.json": "[]"}, "metadata.json"),
        ({"translate-nl_en/metadata.json": json.dumps(METADATA | {"from_code": "../x"})}, "from_code"),
        ({"translate-nl_en/metadata.json": json.dumps(METADATA | {"type": "sbd"})}, "type"),
        ({"translate-nl_en/metadata.json": json.dumps(METADATA | {"package_version": "new"})}, "package_version"),
        ({"translate-nl_en/metadata.json": " " * 70_000 + json.dumps(METADATA)}, "larger than"),
    ],
)
def test_what_is_wrong_is_named(path, files, why):
    with pytest.raises(PackageRefused, match=why):
        inspect(archive(path, FILES | files))


@pytest.mark.parametrize(
    ("left_out", "why"), [("metadata.json", "has no"), ("model/model.bin", "has no"), ("sentencepiece.model", "neither")]
)
def test_a_missing_part_is_named(path, left_out, why):
    with pytest.raises(PackageRefused, match=why):
        inspect(archive(path, {name: text for name, text in FILES.items() if not name.endswith(left_out)}))


def test_a_link_is_refused(path):
    archive(path, FILES)
    link = zipfile.ZipInfo("translate-nl_en/link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(link, "/etc/passwd")
    with pytest.raises(PackageRefused, match="neither a file nor a folder"):
        inspect(path)


def test_a_bomb_is_refused_before_it_is_unpacked(path, monkeypatch):
    monkeypatch.setattr(packages, "MOST_BYTES", 1_000_000)
    with pytest.raises(PackageRefused, match="unpacks to"):
        inspect(archive(path, FILES | {"translate-nl_en/zeros": bytes(2_000_000)}))
    assert path.stat().st_size < 10_000


def test_too_many_files_are_refused(path, monkeypatch):
    monkeypatch.setattr(packages, "MOST_FILES", 2)
    with pytest.raises(PackageRefused, match="holds 3 files"):
        inspect(archive(path, FILES))


def test_what_is_no_zip_or_not_there_is_refused(path):
    with pytest.raises(PackageRefused, match="is not there"):
        inspect(path)
    path.write_text("no zip")
    with pytest.raises(PackageRefused, match="is not a package"):
        inspect(path)


def package(source: str, target: str, version: str = "1.0") -> Package:
    return Package(source, target, version, Path(f"{source}_{target}-{version}"), "f")


def test_the_way_is_direct_where_it_can_be_and_else_by_way_of_english():
    found = [
        package("nl", "en"),
        package("en", "ar"),
        package("en", "uk", "1.4"),
        package("en", "uk", "1.10"),
        package("en", "uk", "1.9"),
    ]
    assert [str(leg) for leg in route(found, "nl", "en")] == ["nl→en 1.0"]
    assert [str(leg) for leg in route(found, "nl", "uk")] == ["nl→en 1.0", "en→uk 1.10"]
    assert [str(leg) for leg in route([*found, package("nl", "uk")], "nl", "uk")] == ["nl→uk 1.0"]


@pytest.mark.parametrize(
    ("found", "source", "target", "said"),
    [
        ([], "nl", "ar", "goes by way of en; not installed: nl→en and en→ar"),
        ([package("nl", "en")], "nl", "ar", "by way of en; not installed: en→ar"),
        ([package("en", "ar")], "nl", "ar", "by way of en; not installed: nl→en"),
        ([], "nl", "en", "^not installed: nl→en. Install: kaart translate install --from nl --to en"),
        ([package("nl", "en")], "nl", "ti", "no package for Tigrinya; the glossary and the phrasebook"),
    ],
)
def test_a_missing_leg_is_said_plainly(found, source, target, said):
    with pytest.raises(PackageMissing, match=said):
        route(found, source, target)


def test_only_packages_count_as_installed(tmp_path):
    for name, metadata in (("good", METADATA), ("sbd", METADATA | {"type": "sbd"}), ("empty", METADATA)):
        (tmp_path / name / "model").mkdir(parents=True)
        (tmp_path / name / "metadata.json").write_text(json.dumps(metadata))
        if name != "empty":
            (tmp_path / name / "model/model.bin").write_text("weights")
    assert [str(found) for found in installed(tmp_path)] == ["nl→en 1.8"]
    assert installed(tmp_path / "nowhere") == []


def test_another_build_of_the_same_version_is_another_package(tmp_path):
    (tmp_path / "one/model").mkdir(parents=True)
    (tmp_path / "one/metadata.json").write_text(json.dumps(METADATA))
    (tmp_path / "one/model/model.bin").write_text("weights")
    [before] = installed(tmp_path)
    (tmp_path / "one/model/model.bin").write_text("other weights")
    assert installed(tmp_path)[0].fingerprint != before.fingerprint


def test_the_cache_keeps_by_text_and_versions(tmp_path):
    cache = Cache(tmp_path / "deep/cache.db")
    key = cache_key("hallo", ["nl→en 1.0"])
    assert cache.get(key) is None
    assert len(cache) == 0
    cache.put(key, "hello")
    assert Cache(tmp_path / "deep/cache.db").get(key) == "hello"
    assert cache.get(cache_key("hallo", ["nl→en 1.1"])) is None
    assert cache.get(cache_key("hallo!", ["nl→en 1.0"])) is None
    assert len(cache) == 1


def test_a_cache_that_is_no_database_is_named(tmp_path):
    (tmp_path / "cache.db").write_text("not a database, but long enough to be read as one" * 30)
    with pytest.raises(TranslationError, match="may be deleted"):
        Cache(tmp_path / "cache.db").get("key")
