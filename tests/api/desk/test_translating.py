"""Machine translation at the desk: the real Argos Translate with a small real model, and without any."""

from __future__ import annotations

import re
import zipfile
from collections.abc import AsyncIterator, Callable
from html import unescape
from pathlib import Path

import pytest
from desk_house import Newcomer, Worker, taken, words_in
from tiny_argos import NL_EN, pack

from api.conversation.model import Speaker
from api.desk.desk import Desk
from api.services import Services
from api.settings import Settings

Newcomers = Callable[[], Newcomer]
QUESTION, DUTCH = "Where is help for people?", "Waar is hulp voor mensen?"
ANSWER, ENGLISH = "Neem uw brief mee naar Sanne.", "Take your letter along to Sanne."
SEEN = re.compile(r'name="seen" value="([^"]+)"')


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("packages")
    back = {english: dutch for dutch, english in NL_EN.items()}
    pairs = (("nl", "en", NL_EN), ("en", "nl", back))
    return [pack(folder / f"{source}_{target}.argosmodel", source, target, words) for source, target, words in pairs]


@pytest.fixture
async def models(settings: Settings, packages: list[Path], desk: Desk) -> AsyncIterator[None]:
    """Dutch and English, both ways."""
    for file in packages:
        with zipfile.ZipFile(file) as archive:
            archive.extractall(settings.data / "translation/packages")
    yield
    await desk.translating.close()


def translations(html: str) -> list[str]:
    return re.findall(r'data-translate="([^"]+)"', html)


@pytest.mark.usefixtures("models")
async def test_a_message_stands_beside_its_dutch_and_an_answer_is_sent_after_a_look(
    sanne: Worker, newcomer: Newcomers, services: Services
) -> None:
    person = newcomer()
    path = await taken(sanne, person, "en")
    asked = (await person.write(QUESTION)).message
    assert asked is not None
    page = await sanne.get(path)
    assert f"{path}/vertaling/{asked.id}" in translations(page.text)
    beside = await sanne.get(f"{path}/vertaling/{asked.id}")
    assert DUTCH in beside.text
    assert "Computervertaling, kan fouten bevatten." in beside.text
    assert DUTCH in words_in(await sanne.get(f"{path}?vertaald=1"))

    looked = await sanne.post(f"{path}/vertalen", path, text=ANSWER)
    assert ENGLISH in looked.text
    assert "Voorstel van de computer" in words_in(looked)
    count = len(await services.store.messages((await person.conversation()).id))
    found = SEEN.search(looked.text)
    assert found is not None
    other = await sanne.post(f"{path}/antwoord", path, text="Neem uw brief mee.", seen=unescape(found[1]))
    assert other.status_code == 409
    assert len(await services.store.messages((await person.conversation()).id)) == count

    await sanne.post(f"{path}/antwoord", path, text=ANSWER, seen=unescape(found[1]))
    sent = (await services.store.messages((await person.conversation()).id))[-1]
    assert (sent.speaker, sent.name, sent.language) == (Speaker.STAFF, "Sanne", "en")
    assert sent.reply is not None
    assert sent.reply.paragraphs == (ENGLISH,)
    assert sent.reply.notes == (services.catalogue.text("en", "answer.label.machine"),)
    assert sent.reply.sections[0].steps[0].text == ANSWER


@pytest.mark.usefixtures("models")
async def test_danger_is_never_translated_by_a_machine(sanne: Worker, newcomer: Newcomers) -> None:
    person = newcomer()
    path = await taken(sanne, person, "en")
    danger = (await person.write("I want to kill myself")).message
    assert danger is not None
    assert f"{path}/vertaling/{danger.id}" not in (await sanne.get(path)).text
    assert (await sanne.get(f"{path}/vertaling/{danger.id}")).status_code == 404
    refused = await sanne.post(f"{path}/vertalen", path, text="Wil je dood? Ik wil dood.")
    assert refused.status_code == 422
    assert "Teksten over gevaar vertaalt geen computer." in words_in(refused)


@pytest.mark.usefixtures("models")
async def test_what_is_remembered_was_made_with_the_same_names(desk: Desk) -> None:
    own = await desk.translating.propose(ANSWER, "en", ["Sanne"])
    other = await desk.translating.propose(ANSWER, "en", ["Sanne", "brief"])
    assert own.text == ENGLISH
    assert other.text == ENGLISH.replace("letter", "brief")


async def test_who_lost_the_conversation_reads_who_has_it(sanne: Worker, omar: Worker, newcomer: Newcomers) -> None:
    path = await taken(sanne, newcomer(), "en")
    await omar.post(f"{path}/overdragen", path, naar=str(omar.id))
    refused = await sanne.post(f"{path}/vertalen", path, text=ANSWER)
    assert refused.status_code == 409
    assert "Dit gesprek is al overgenomen door Omar." in words_in(refused)
    assert ANSWER in refused.text


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("ar", "Voor Arabisch is geen vertaalmodel geïnstalleerd."),
        ("ti", "Voor Tigrinya bestaat hier geen vertaalmodel."),
    ],
)
async def test_without_a_model_one_line_says_so(sanne: Worker, newcomer: Newcomers, language: str, line: str) -> None:
    person = newcomer()
    path = await taken(sanne, person, language)
    page = await sanne.get(path)
    assert words_in(page).count(line) == 1
    assert translations(page.text) == []
    assert "Laat een vertaling zien" not in page.text
    refused = await sanne.post(f"{path}/vertalen", path, text=ANSWER)
    assert refused.status_code == 422
    assert line in words_in(refused)
    assert ANSWER in refused.text


async def test_who_reads_dutch_needs_nothing(sanne: Worker, newcomer: Newcomers) -> None:
    path = await taken(sanne, newcomer(), "nl")
    assert "vertaalmodel" not in words_in(await sanne.get(path))


@pytest.mark.usefixtures("models")
async def test_only_newcomers_words_of_this_conversation_are_translated(sanne: Worker, newcomer: Newcomers) -> None:
    first, second = newcomer(), newcomer()
    path, other = await taken(sanne, first, "en"), await taken(sanne, second, "en")
    asked = (await second.write(QUESTION)).message
    assert asked is not None
    for wrong in (f"{path}/vertaling/{asked.id}", f"{other}/vertaling/{asked.id - 1}", f"{path}/vertaling/999999"):
        assert (await sanne.get(wrong)).status_code == 404
