"""The desk's opening hours: seen, changed through a publication, and refused when wrong or changed by somebody else."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from desk_house import Clock, Newcomer, Worker, csrf_in, words_in
from hash_encoder import HashEncoder
from small_kaart import publish_first, write_small_kaart
from stand_ins import CannedBot, FixedSearch, running_services

from api.publishing.publisher import build_publisher
from api.services import Services
from api.settings import Settings
from sociale_kaart.errors import KaartInvalid
from sociale_kaart.loader import load_kaart

PAGE = "/balie/openingstijden"
FORM = {"tijden": "ma, di 09:00-17:00\nwo 13:00-17:00 vanaf 2026-12-01", "dicht": "2026-12-25\n2026-12-24"}
TEXTS = {"weg-nl": "Spoed? Kom naar de inloop.", "weg-en": ""}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_small_kaart(tmp_path / "kaarten")


@pytest.fixture
def settings(tmp_path: Path, folder: Path) -> Settings:
    return Settings(kaart=folder, other_kaarten=(), data=tmp_path / "data", logins_per_quarter=50)


@pytest.fixture
async def services(settings: Settings, search: FixedSearch, bot: CannedBot, clock: Clock) -> AsyncIterator[Services]:
    publish_first(settings)
    async with running_services(settings, load_kaart(settings.kaart), search, bot, clock) as running:
        publisher = build_publisher(settings, running.catalogue, running.engine, clock, HashEncoder, running.towns)
        yield dataclasses.replace(running, publisher=publisher)


def seen_in(html: str) -> str:
    return html.partition('name="seen" value="')[2].partition('"')[0]


async def send(worker: Worker, **fields: str) -> str:
    """Publish what was typed; the page that follows, as words."""
    page = await worker.get(PAGE)
    values = {"csrf": csrf_in(page), "seen": seen_in(page.text), **FORM, **TEXTS, **fields}
    answer = await worker.client.post(PAGE, data=values)
    return words_in(await worker.get(answer.headers["location"]) if answer.status_code == 303 else answer)


async def test_hours_that_nobody_knows_are_said_to_be_unknown(sanne: Worker) -> None:
    assert "De openingstijden zijn niet bekend." in words_in(await sanne.get(PAGE))


async def test_new_hours_go_live_at_once_and_keep_what_else_stands_in_the_file(
    sanne: Worker, services: Services, folder: Path, newcomer: Callable[[], Newcomer], clock: Clock
) -> None:
    words = await send(sanne)  # on a Monday at ten
    assert "De openingstijden zijn gepubliceerd." in words
    assert "De balie is nu open, tot 17:00." in words
    assert "24 december 2026" in words
    file = (folder / "kaart.yaml").read_text(encoding="utf-8")
    assert file.startswith("# Het dorp: alleen om te proberen.\n")
    assert "valid_from: 2026-12-01" in file
    assert "closed_on: [2026-12-24, 2026-12-25]" in file, "dates, without quotes"
    desk = load_kaart(folder).municipality.desk
    assert [str(day) for day in desk.closed_on] == ["2026-12-24", "2026-12-25"]
    assert [block.byday[0] for block in desk.schedules] == ["MO", "WE"]
    assert dict(desk.away) == {"nl": TEXTS["weg-nl"]}
    clock.move(hours=9)
    person = newcomer()
    await person.wait_for_person("nl")
    assert (await person.last_words()).endswith(TEXTS["weg-nl"])
    other = newcomer()
    await other.wait_for_person("en")
    assert TEXTS["weg-nl"] not in await other.last_words()
    assert [publication.by for publication in await services.publisher.history("dorp")] == ["Sanne"]


async def test_what_was_published_can_be_emptied_again(sanne: Worker, folder: Path) -> None:
    await send(sanne)
    words = await send(sanne, tijden="", dicht="", **{"weg-nl": ""})
    assert "De openingstijden zijn niet bekend." in words
    desk = load_kaart(folder).municipality.desk
    assert (desk.schedules, desk.closed_on, dict(desk.away)) == ((), (), {})


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"tijden": "soms in de ochtend"}, "is niet te lezen"),
        ({"tijden": "ma 17:00-09:00"}, "De sluitingstijd moet later zijn dan de openingstijd."),
        ({"dicht": "kerst"}, "is geen datum"),
        ({"weg-nl": "x" * 201}, "ten hoogste 200 tekens"),
    ],
)
async def test_what_cannot_be_is_refused_and_stays_in_the_form(
    sanne: Worker, folder: Path, fields: dict[str, str], said: str
) -> None:
    before = (folder / "kaart.yaml").read_bytes()
    words = await send(sanne, **fields)
    assert said in words
    assert (folder / "kaart.yaml").read_bytes() == before


async def test_of_two_who_change_at_once_the_second_is_told(sanne: Worker, omar: Worker, folder: Path) -> None:
    page = await omar.get(PAGE)
    await send(sanne)
    late = {
        "csrf": csrf_in(page),
        "seen": seen_in(page.text),
        "tijden": "vr 09:00-12:00",
        "dicht": "",
        "weg-nl": "",
        "weg-en": "",
    }
    refused = await omar.client.post(PAGE, data=late)
    assert refused.status_code == 409
    assert "Iemand anders heeft dit net veranderd." in words_in(refused)
    assert "vr 09:00-12:00" in refused.text
    assert len(load_kaart(folder).municipality.desk.schedules) == 2


def test_a_text_in_a_language_that_the_kaart_does_not_have_is_refused(folder: Path) -> None:
    file = folder / "kaart.yaml"
    file.write_text(file.read_text().replace("desk:\n", "desk:\n  away: {uk: Текст}\n"), encoding="utf-8")
    with pytest.raises(KaartInvalid, match="is not a language of this kaart"):
        load_kaart(folder)
