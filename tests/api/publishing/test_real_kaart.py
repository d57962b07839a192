"""Publishing on a copy of the real kaart, with the real encoder and question set, in the services of a real server."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator

import pytest
from ruamel.yaml.comments import CommentedMap

from api.database import migrate
from api.publishing.errors import GateRefused
from api.publishing.folder import read_files, remember
from api.services import Services, build_services, encoder_once, refresh_town
from api.settings import ROOT, Settings
from knowledge.build import build
from knowledge.index import current_version
from knowledge.ingest import passages
from sociale_kaart.loader import load_kaart

TOWN, ENTRY = "nijmegen", "zwemlessen"
WORDS = "Elke tweede maandag leren de kwakende eendjes hier duiken."


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An installation with its index built, as `kaart index` does it."""
    root = tmp_path_factory.mktemp("installation")
    for name in (TOWN, "landelijk"):
        shutil.copytree(ROOT / "sociale_kaart" / name, root / name)
    settings = Settings(kaart=root / TOWN, other_kaarten=(), data=root / "data")
    build(passages(load_kaart(settings.kaart)), encoder_once(settings.encoder)).write(settings.index(settings.kaart))
    remember(settings, settings.kaart)
    migrate(settings.database)
    return settings


@pytest.fixture
async def services(settings: Settings) -> AsyncIterator[Services]:
    async with build_services(settings) as running:
        yield running


def answer(words: str):
    def change(document: CommentedMap) -> None:
        document["texts"]["nl"]["answer"][0] = words

    return change


def swimming_is_about_knitting(document: CommentedMap) -> None:
    for code, text in document["texts"].items():
        text["name"], text["summary"], text["answer"] = f"Breien {code}", "Breien met wol.", ["Kom breien."]
        text["facts"], text["steps"] = {}, []
        text["questions"] = [f"breien {code} {word}" for word in ("wol", "naald", "sok", "trui", "muts")]


async def test_there_and_back(services: Services, settings: Settings) -> None:
    """A server that publishes, another one that follows, and everything as it was after a rollback."""
    before = read_files(settings.kaart)
    async with build_services(settings) as other:
        done = await services.publisher.apply(TOWN, {ENTRY: answer(WORDS)}, by="Sanne", note="eendjes")
        assert done.gate.questions > 1000
        assert done.gate.compared
        for each in (services, other):
            refresh_town(each, settings.kaart)
            assert each.towns.first.asker.ask(WORDS, "nl").entries[0].id == ENTRY
            assert each.towns.first.version == current_version(settings.index(settings.kaart))
    changed = {path for path, content in read_files(settings.kaart).items() if before[path] != content}
    assert changed == {f"entries/{ENTRY}.yaml"}
    old, new = (
        text.decode().splitlines()
        for text in (before[f"entries/{ENTRY}.yaml"], read_files(settings.kaart)[f"entries/{ENTRY}.yaml"])
    )
    assert [line for line in new if line not in old] == [f"      - {WORDS}"]
    await services.publisher.rollback(TOWN, by="Sanne")
    assert read_files(settings.kaart) == before
    assert services.towns.first.kaart == load_kaart(settings.kaart)


async def test_questions_that_would_go_wrong_stop_it_in_every_language(services: Services, settings: Settings) -> None:
    before, version = read_files(settings.kaart), current_version(settings.index(settings.kaart))
    with pytest.raises(GateRefused) as refused:
        await services.publisher.apply(TOWN, {ENTRY: swimming_is_about_knitting}, by="Sanne", note="breien")
    assert {worse.language for worse in refused.value.worse} == set(services.towns.first.kaart.municipality.languages)
    assert all(ENTRY in worse.wanted for worse in refused.value.worse)
    assert (read_files(settings.kaart), current_version(settings.index(settings.kaart))) == (before, version)
