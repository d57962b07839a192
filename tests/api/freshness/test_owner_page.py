"""The page behind the link in a mail."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import httpx
import pytest
from desk_house import Clock, words_in
from freshness_house import add

from api.freshness.confirmation import LASTS, Claim
from api.freshness.reports import What
from api.freshness.upkeep import Upkeep
from api.services import Services
from sociale_kaart.loader import load_kaart

FILE = "entries/zwemles.yaml"


@pytest.fixture
def link(upkeep: Upkeep) -> str:
    return link_of(upkeep)


def link_of(upkeep: Upkeep, **changes: object) -> str:
    values = {"town": "dorp", "entry_id": "zwemles", "owner": "loket", "verified_on": dt.date(2026, 1, 31)} | changes
    return f"/dorp/bevestig/{upkeep.confirmations.token(Claim(**values))}"  # type: ignore[arg-type]


async def test_the_page_shows_what_newcomers_read_and_changes_nothing(
    visitor: httpx.AsyncClient, link: str, folder: Path, upkeep: Upkeep
) -> None:
    before = (folder / FILE).read_bytes()
    page = await visitor.get(link)
    assert page.status_code == 200
    assert 'lang="nl"' in page.text
    for words in ("zwemles zwemmen", "water duiken badpak", "zwemmen zwembad", "nagekeken op 31-01-2026", "Het boek, 1 (2026)"):
        assert words in words_in(page)
    assert "<script" not in page.text
    assert (folder / FILE).read_bytes() == before
    assert await upkeep.reports.open("dorp") == []


async def test_still_true_is_written_with_the_role_and_today(
    visitor: httpx.AsyncClient, link: str, folder: Path, services: Services
) -> None:
    before = (folder / FILE).read_text()
    answer = await visitor.post(link, data={"answer": "klopt"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{link}?gelukt=klopt")
    line = "verified: {on: 2026-01-31, by: redactie, against: source}"
    assert (folder / FILE).read_text() == before.replace(
        line, "verified: {on: 2026-11-23, by: team sport, against: organisation}"
    )
    [publication] = await services.publisher.history("dorp", "zwemles")
    assert publication.by == "team sport"
    thanks = await visitor.get(answer.headers["location"])
    assert "Dank je." in words_in(thanks)
    assert "<form" not in thanks.text


async def test_a_link_confirms_once(visitor: httpx.AsyncClient, link: str, clock: Clock, folder: Path) -> None:
    await visitor.post(link, data={"answer": "klopt"})
    clock.move(days=20)
    page = await visitor.get(link)
    assert "Dit is al nagekeken op 23-11-2026" in words_in(page)
    assert 'value="klopt"' not in page.text
    assert 'value="veranderd"' in page.text
    assert (await visitor.post(link, data={"answer": "klopt"})).status_code == 303
    assert load_kaart(folder).entry("zwemles").verified.on == dt.date(2026, 11, 23)


async def test_tapped_twice_is_fine(visitor: httpx.AsyncClient, upkeep: Upkeep, services: Services) -> None:
    today = link_of(upkeep, verified_on=dt.date(2026, 11, 23))
    for _ in range(2):
        assert (await visitor.post(today, data={"answer": "klopt"})).status_code == 303
    assert len(await services.publisher.history("dorp", "zwemles")) == 1


async def test_changed_goes_to_the_desk_and_not_into_the_kaart(
    visitor: httpx.AsyncClient, link: str, folder: Path, upkeep: Upkeep
) -> None:
    before = (folder / FILE).read_bytes()
    answer = await visitor.post(link, data={"answer": "veranderd", "text": "Nu op\r\n dinsdag.  <b>"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{link}?gelukt=veranderd")
    [report] = await upkeep.reports.open("dorp")
    assert (report.entry_id, report.what, report.text) == ("zwemles", What.CHANGED, "Nu op dinsdag. <b>")
    assert (folder / FILE).read_bytes() == before


@pytest.mark.parametrize(
    ("text", "status", "words"), [("  ", 422, "Schrijf op wat er veranderd is."), ("é" * 501, 413, "ten hoogste 500 tekens")]
)
async def test_what_cannot_be_taken_comes_back_with_its_words(
    visitor: httpx.AsyncClient, link: str, upkeep: Upkeep, text: str, status: int, words: str
) -> None:
    answer = await visitor.post(link, data={"answer": "veranderd", "text": text})
    assert answer.status_code == status
    assert words in words_in(answer)
    assert text in answer.text
    assert await upkeep.reports.open("dorp") == []


async def test_five_hundred_characters_fit(visitor: httpx.AsyncClient, link: str, upkeep: Upkeep) -> None:
    assert (await visitor.post(link, data={"answer": "veranderd", "text": "é" * 500})).status_code == 303
    assert [report.text for report in await upkeep.reports.open("dorp")] == ["é" * 500]


async def gone(visitor: httpx.AsyncClient, link: str) -> bool:
    """Whether neither looking nor answering works."""
    answers = [await visitor.get(link), await visitor.post(link, data={"answer": "klopt"})]
    assert all("Deze link werkt niet meer" in words_in(answer) for answer in answers if answer.status_code == 410)
    return [answer.status_code for answer in answers] == [410, 410]


async def test_links_that_are_not_valid_do_nothing(visitor: httpx.AsyncClient, upkeep: Upkeep, link: str, folder: Path) -> None:
    before = (folder / FILE).read_bytes()
    for wrong in (
        f"{link}x",
        "/dorp/bevestig/iets",
        link_of(upkeep, entry_id="weg"),
        link_of(upkeep, town="elders"),
        link_of(upkeep, owner="stil"),
        link_of(upkeep, entry_id="noodnummer"),
    ):
        assert await gone(visitor, wrong), wrong
    assert (folder / FILE).read_bytes() == before


async def test_a_link_ends_after_thirty_days(visitor: httpx.AsyncClient, link: str, clock: Clock) -> None:
    clock.now += LASTS + dt.timedelta(seconds=1)
    assert await gone(visitor, link)


async def test_the_form_of_another_site_is_refused(visitor: httpx.AsyncClient, link: str, folder: Path) -> None:
    before = (folder / FILE).read_bytes()
    answer = await visitor.post(link, data={"answer": "klopt"}, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403
    assert (folder / FILE).read_bytes() == before


async def test_a_kaart_that_cannot_be_published_is_told_and_nothing_is_lost(
    visitor: httpx.AsyncClient, link: str, folder: Path
) -> None:
    add(folder / "entries/fiets.yaml", "kleur: rood\n")
    answer = await visitor.post(link, data={"answer": "klopt"})
    assert answer.status_code == 422
    assert "Dat is nu niet gelukt. Er is niets veranderd." in words_in(answer)
    assert "by: redactie" in (folder / FILE).read_text()
