"""Publishing on a small kaart: all or nothing, measured, recorded, taken back."""

from __future__ import annotations

import asyncio
import re
import subprocess
from copy import deepcopy
from pathlib import Path

import pytest
from hash_encoder import HashEncoder
from ruamel.yaml.comments import CommentedMap
from small_kaart import SHARED
from sqlalchemy.ext.asyncio import AsyncEngine
from stand_ins import catalogue_once

from api.publishing.errors import (
    ChangedSince,
    EntryChanged,
    EntryExists,
    EntryMissing,
    EntryShared,
    GateRefused,
    KaartRefused,
    NothingChanged,
    NothingToUndo,
    NotWritten,
)
from api.publishing.folder import digest, read_files
from api.publishing.publisher import Publisher, build_publisher
from api.settings import Settings
from api.towns import Towns
from knowledge.build import Built
from knowledge.index import current_version

TOWN = "dorp"


def sentence(words: str, language: str = "nl"):
    """Changes the answer."""

    def change(document: CommentedMap) -> None:
        document["texts"][language]["answer"][0] = words

    return change


def verified_on(day: str):
    def change(document: CommentedMap) -> None:
        document["verified"]["on"] = day

    return change


def everything_about_pools_goes(document: CommentedMap) -> None:
    """What breaks the questions about the swimming pool."""
    for text in document["texts"].values():
        text["name"], text["summary"], text["answer"] = "iets heel anders", "breien", ["breien met wol"]
        text["facts"]["where"] = "in de kelder"
        text["questions"] = [f"breien {word}" for word in ("wol", "naald", "sok", "trui", "muts")]


async def write(publisher: Publisher, words: str, entry: str = "zwemles"):
    return await publisher.apply(TOWN, {entry: sentence(words)}, by="Sanne", note=f"{entry}: {words}")


async def test_published_words_are_answered_at_once(publisher: Publisher, towns: Towns, folder: Path, settings: Settings) -> None:
    version = current_version(settings.index(folder))
    done = await write(publisher, "elke dinsdag om tien uur")
    entry = towns.of(TOWN).kaart.entry("zwemles")
    assert entry.texts["nl"].answer == ("elke dinsdag om tien uur",)
    assert towns.of(TOWN).asker.ask("elke dinsdag om tien uur", "nl").entries[0].id == "zwemles"
    assert towns.of(TOWN).version == current_version(settings.index(folder)) != version
    assert (done.by, done.entries, done.gate.questions, done.gate.compared, done.undone) == (
        "Sanne",
        ("zwemles",),
        4,
        True,
        False,
    )
    text = (folder / "entries/zwemles.yaml").read_text()
    assert re.search("- elke dinsdag om tien uur +# kort houden\n", text)
    assert text.startswith("# Wie dit verandert, belt eerst met Piet.")


async def test_only_new_passages_are_encoded(publisher: Publisher, encoder: HashEncoder) -> None:
    encoder.asked.clear()
    await write(publisher, "elke dinsdag om tien uur")
    questions = {"zwembad water zwemmen", "pool water swimming", "dokter koorts pijn", "taart bakken"}
    assert set(encoder.asked) - questions == {"elke dinsdag om tien uur"}


@pytest.mark.parametrize("entry", ["zwemles", "fiets", "geld"])
async def test_no_change_is_no_publication(publisher: Publisher, folder: Path, entry: str) -> None:
    before = read_files(folder)
    with pytest.raises(NothingChanged):
        await publisher.apply(TOWN, {entry: lambda _: None}, by="Sanne", note="niets")
    assert read_files(folder) == before
    assert await publisher.history(TOWN) == []


async def test_metadata_alone_needs_no_questions_but_a_new_version(
    publisher: Publisher, towns: Towns, settings: Settings, folder: Path
) -> None:
    version = current_version(settings.index(folder))
    done = await publisher.apply(TOWN, {"fiets": verified_on("2026-11-01")}, by="Sanne", note="nagekeken")
    assert (done.gate.rebuilt, done.gate.questions) == (False, 0)
    assert current_version(settings.index(folder)) != version
    assert str(towns.of(TOWN).kaart.entry("fiets").verified.on) == "2026-11-01"


async def test_question_that_got_worse_stops_everything(
    publisher: Publisher, towns: Towns, folder: Path, settings: Settings
) -> None:
    files, version = read_files(folder), current_version(settings.index(folder))
    with pytest.raises(GateRefused) as refused:
        await publisher.apply(TOWN, {"zwemles": everything_about_pools_goes}, by="Sanne", note="breien")
    assert [(worse.language, worse.question, worse.wanted) for worse in refused.value.worse] == [
        ("nl", "zwembad water zwemmen", ("zwemles",)),
        ("en", "pool water swimming", ("zwemles",)),
    ]
    assert all("zwemles" not in worse.got for worse in refused.value.worse)
    assert (read_files(folder), current_version(settings.index(folder))) == (files, version)
    assert "zwemmen" in towns.of(TOWN).kaart.entry("zwemles").texts["nl"].name
    assert await publisher.history(TOWN) == []
    assert not list((settings.data / "publishing").glob("dorp.*/"))


async def test_without_questions_only_the_rules_hold(publisher: Publisher, folder: Path) -> None:
    (folder / "questions.tsv").unlink()
    done = await publisher.apply(TOWN, {"zwemles": everything_about_pools_goes}, by="Sanne", note="breien")
    assert (done.gate.question_set, done.gate.questions) == (False, 0)


async def test_what_is_wrong_is_said_with_file_line_and_field(publisher: Publisher, folder: Path) -> None:
    files = read_files(folder)

    def change(document: CommentedMap) -> None:
        document["texts"]["nl"]["answer"] = []
        document["related"] = ["nergens"]

    with pytest.raises(KaartRefused) as refused:
        await publisher.apply(TOWN, {"zwemles": change}, by="Sanne", note="fout")
    [problem] = refused.value.problems
    assert (problem.file, problem.field, problem.entry_id) == ("entries/zwemles.yaml", "texts.nl.answer", "zwemles")
    assert problem.line == 1 + files["entries/zwemles.yaml"].decode().splitlines().index("    answer:")
    assert read_files(folder) == files


async def test_only_own_entries(publisher: Publisher) -> None:
    for entry, error in ((SHARED, EntryShared), ("nergens", EntryMissing)):
        with pytest.raises(error):
            await write(publisher, "x", entry)


async def test_second_editor_is_told_who_was_first(publisher: Publisher) -> None:
    read = publisher.source(TOWN, "zwemles").digest
    first = await write(publisher, "dinsdag")
    with pytest.raises(EntryChanged) as refused:
        await publisher.apply(TOWN, {"zwemles": sentence("woensdag")}, by="Omar", note="x", seen={"zwemles": read})
    assert (refused.value.by, refused.value.at) == ("Sanne", first.at)


async def test_change_by_hand_is_noticed_too(publisher: Publisher) -> None:
    source = publisher.source(TOWN, "zwemles")
    source.path.write_text(source.text + "# nog iets\n")
    with pytest.raises(EntryChanged) as refused:
        await publisher.apply(TOWN, {"zwemles": sentence("woensdag")}, by="Omar", note="x", seen={"zwemles": source.digest})
    assert refused.value.by is None


async def test_two_at_once_are_published_one_after_the_other(publisher: Publisher, towns: Towns) -> None:
    await asyncio.gather(write(publisher, "dinsdag"), write(publisher, "plaatjes plakken", "fiets"))
    kaart = towns.of(TOWN).kaart
    assert kaart.entry("zwemles").texts["nl"].answer == ("dinsdag",)
    assert kaart.entry("fiets").texts["nl"].answer == ("plaatjes plakken",)
    newest, older = await publisher.history(TOWN)
    assert {newest.entries, older.entries} == {("zwemles",), ("fiets",)}
    assert len(newest.files) == len(older.files) == 1


async def test_rollback_and_redo(publisher: Publisher, folder: Path, towns: Towns) -> None:
    files = read_files(folder)
    await write(publisher, "dinsdag")
    changed = read_files(folder)
    back = await publisher.rollback(TOWN, by="Omar")
    assert read_files(folder) == files
    assert "duiken" in towns.of(TOWN).kaart.entry("zwemles").texts["nl"].answer[0]
    assert [each.undone for each in await publisher.history(TOWN)] == [False, True]
    assert (back.note, back.by) == ("Terug: zwemles: dinsdag", "Omar")
    again = await publisher.rollback(TOWN, by="Omar")
    assert read_files(folder) == changed
    assert again.note == "Opnieuw: zwemles: dinsdag"
    assert [each.undone for each in await publisher.history(TOWN)] == [False, True, False]
    assert (await publisher.rollback(TOWN, by="Omar")).note == "Terug: zwemles: dinsdag"


async def test_rollback_does_not_ask_the_gate(publisher: Publisher, folder: Path) -> None:
    """Back is always possible, also to a kaart that answers worse."""
    files = read_files(folder)
    questions = files["questions.tsv"].decode()
    done = await write(publisher, "naar de kelder met een handdoek")
    (folder / "questions.tsv").write_text(questions + "5\tnl\tin\t\t\tkelder handdoek\tzwemles\t\n")
    await publisher.publish(TOWN, by="beheer", note="vraag erbij")
    await publisher.rollback(TOWN, by="Omar", id=done.id)
    assert read_files(folder)["entries/zwemles.yaml"] == files["entries/zwemles.yaml"]


async def test_rollback_never_loses_what_came_after(publisher: Publisher, folder: Path) -> None:
    first = await write(publisher, "dinsdag")
    await write(publisher, "woensdag")
    files = read_files(folder)
    with pytest.raises(ChangedSince) as refused:
        await publisher.rollback(TOWN, by="Omar", id=first.id)
    assert refused.value.files == ("entries/zwemles.yaml",)
    assert read_files(folder) == files


async def test_nothing_to_take_back(publisher: Publisher) -> None:
    with pytest.raises(NothingToUndo):
        await publisher.rollback(TOWN, by="Omar")


async def test_one_entry_goes_back_through_the_gate(publisher: Publisher, folder: Path, towns: Towns) -> None:
    files = read_files(folder)
    first = await write(publisher, "dinsdag")
    await write(publisher, "plaatjes plakken", "fiets")
    await write(publisher, "woensdag")
    restored = await publisher.restore(TOWN, "zwemles", first.id, by="Omar")
    assert read_files(folder)["entries/zwemles.yaml"] == files["entries/zwemles.yaml"]
    assert towns.of(TOWN).kaart.entry("fiets").texts["nl"].answer == ("plaatjes plakken",)
    assert restored.gate.questions == 4
    assert [each.id for each in await publisher.history(TOWN, "fiets")] == [first.id + 1]
    with pytest.raises(NothingToUndo):
        await publisher.restore(TOWN, "geld", first.id, by="Omar")


async def test_new_entry(publisher: Publisher, folder: Path, towns: Towns) -> None:
    def filled(document: CommentedMap) -> None:
        words = {"name": "breien", "summary": "breien met wol", "answer": ["Kom breien."]}
        asked = [f"waar brei ik {word}" for word in ("sokken", "truien", "mutsen", "wanten", "dassen")]
        text = words | {"questions": asked, "review": {"state": "draft"}}
        document |= {"id": "breien", "kind": "service", "themes": ["participation"], "state": "active"}
        document |= {"sources": [{"document": "BOEK"}], "verified": {"on": "2026-11-01", "by": "balie", "against": "source"}}
        document["texts"] = {"nl": text, "en": deepcopy(text)}

    await publisher.create(TOWN, "breien", filled, by="Sanne", note="nieuw: breien")
    assert towns.of(TOWN).asker.ask("waar brei ik sokken", "nl").entries[0].id == "breien"
    for taken in ("breien", SHARED):
        with pytest.raises(EntryExists):
            await publisher.create(TOWN, taken, filled, by="Sanne", note="nog eens")
    await publisher.rollback(TOWN, by="Omar")
    assert not (folder / "entries/breien.yaml").exists()
    assert "breien" not in towns.of(TOWN).kaart


async def test_preview_writes_nothing(publisher: Publisher, folder: Path) -> None:
    files = read_files(folder)
    kaart = await publisher.preview(TOWN, {"zwemles": sentence("dinsdag")})
    assert kaart.entry("zwemles").texts["nl"].answer == ("dinsdag",)
    assert read_files(folder) == files


async def test_what_cannot_be_written_leaves_everything(
    publisher: Publisher, folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, version = read_files(folder), current_version(settings.index(folder))

    def full(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Built, "write", full)
    with pytest.raises(NotWritten):
        await publisher.apply(TOWN, {"zwemles": sentence("dinsdag")}, by="Sanne", note="x")
    assert (read_files(folder), current_version(settings.index(folder))) == (files, version)


async def test_another_process_publishes_what_was_changed_by_hand(
    settings: Settings, towns: Towns, engine: AsyncEngine, folder: Path, encoder: HashEncoder, publisher: Publisher
) -> None:
    """As the command line does: it serves no town, and compares with what was kept at the last publication."""
    path = folder / "entries/zwemles.yaml"
    before = path.read_text()
    path.write_text(before.replace("water duiken badpak", "elke dinsdag"))
    terminal = build_publisher(settings, catalogue_once(), engine, publisher.records._clock, lambda: encoder)
    done = await terminal.publish(TOWN, by="beheer", note="met de hand")
    assert (done.gate.compared, done.gate.questions) == (True, 4)
    assert done.files["entries/zwemles.yaml"].before == before
    assert current_version(settings.index(folder)) != towns.of(TOWN).version, (
        "the server sees that there is something to take over"
    )
    with pytest.raises(NothingChanged):
        await terminal.publish(TOWN, by="beheer", note="nog eens")
    await terminal.rollback(TOWN, by="beheer")
    assert path.read_text() == before


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, text=True).stdout


@pytest.fixture
def repository(folder: Path) -> Path:
    """The kaart in a git checkout, with something else of somebody else's that is staged."""
    root = folder.parent
    git(root, "init", "--quiet")
    git(root, "add", ".")
    git(root, "-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "--quiet", "-m", "begin")
    (root / "other.txt").write_text("not ours")
    git(root, "add", "other.txt")
    return root


async def test_one_commit_per_publication(repository: Path, publisher: Publisher) -> None:
    done = await publisher.apply(TOWN, {"zwemles": sentence("dinsdag")}, by="Sanne", note="zwemles op dinsdag.")
    assert git(repository, "log", "-1", "--format=%H %s").split(" ", 1) == [done.commit, "sociale_kaart: zwemles op dinsdag.\n"]
    assert git(repository, "show", "--name-only", "--format=").split() == ["dorp/entries/zwemles.yaml"]
    assert git(repository, "status", "--porcelain").split() == ["A", "other.txt"]
    assert "Sanne" not in git(repository, "log")
    await publisher.rollback(TOWN, by="Omar")
    assert git(repository, "diff", "HEAD~2", "--", "dorp") == ""


async def test_what_is_committed_already_needs_no_commit(repository: Path, folder: Path, publisher: Publisher) -> None:
    path = folder / "entries/zwemles.yaml"
    path.write_text(path.read_text().replace("water duiken badpak", "elke dinsdag"))
    git(repository, "-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "--quiet", "-m", "mine", "--only", str(path))
    done = await publisher.publish(TOWN, by="beheer", note="met de hand")
    assert done.commit == git(repository, "rev-parse", "HEAD").strip()
    assert git(repository, "log", "-1", "--format=%s") == "mine\n"


async def test_publication_goes_on_when_git_fails(repository: Path, publisher: Publisher, towns: Towns) -> None:
    (repository / ".git/index.lock").touch()
    done = await publisher.apply(TOWN, {"zwemles": sentence("dinsdag")}, by="Sanne", note="x")
    assert done.commit == ""
    assert towns.of(TOWN).kaart.entry("zwemles").texts["nl"].answer == ("dinsdag",)


async def test_outside_a_checkout_there_is_no_commit(publisher: Publisher) -> None:
    assert (await write(publisher, "dinsdag")).commit is None


def test_digest_tells_files_apart() -> None:
    assert digest(b"a") != digest(b"b")
