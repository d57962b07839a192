"""The desk's list of what needs a new look, and one entry to compare."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import httpx
import pytest
from desk_house import Clock, Worker, csrf_in, words_in
from freshness_house import add

from api.freshness.reports import What
from api.freshness.upkeep import Upkeep
from api.services import Services
from sociale_kaart.loader import load_kaart

LIST = "/balie/versheid"


async def test_only_who_is_logged_in_sees_it(visitor: httpx.AsyncClient) -> None:
    for path in (LIST, f"{LIST}/fiets"):
        answer = await visitor.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/balie/login?verder={LIST}")


async def test_the_list_names_owner_days_and_state(sanne: Worker, clock: Clock) -> None:
    words = words_in(await sanne.get(LIST))
    assert "Er zijn geen meldingen." in words
    assert "fiets fiets team sport 31-01-2026 116 Te laat" in words
    assert "geld geld de buren geen e-mailadres bekend 31-01-2026 116" in words
    assert "noodnummer nood landelijk 31-01-2026 116" in words
    clock.move(days=65)
    await sanne.log_in()
    assert "fiets fiets team sport 31-01-2026 181 Veel te laat" in words_in(await sanne.get(LIST))


async def test_nothing_overdue_is_said(sanne: Worker, clock: Clock) -> None:
    clock.now = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    await sanne.log_in()
    assert "Alles is op tijd nagekeken." in words_in(await sanne.get(LIST))


async def test_reports_stand_above_it_counted_per_entry(sanne: Worker, upkeep: Upkeep) -> None:
    for entry, what in (("fiets", What.CLOSED), ("fiets", What.CLOSED), ("fiets", What.MOVED), ("weg", What.WRONG)):
        await upkeep.reports.add("dorp", entry, what)
    words = words_in(await sanne.get(LIST))
    assert "fiets fiets 2 × gesloten, 1 × verhuisd" in words
    assert "weg 1 × klopt niet" in words


async def test_still_true_is_written_with_the_desks_name(sanne: Worker, folder: Path, services: Services) -> None:
    page = await sanne.get(f"{LIST}/fiets")
    assert "wiel band zadel" in words_in(page)
    assert "Nagekeken 31-01-2026 door redactie, met de bron" in words_in(page)
    answer = await sanne.post(f"{LIST}/fiets/klopt", f"{LIST}/fiets", against="organisation")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{LIST}?gelukt=klopt")
    verified = load_kaart(folder).entry("fiets").verified
    assert (verified.on, verified.by, verified.against) == (dt.date(2026, 11, 23), "het loket", "organisation")
    [publication] = await services.publisher.history("dorp", "fiets")
    assert (publication.by, publication.note) == ("Sanne", "Klopt nog")
    assert "fiets fiets" not in words_in(await sanne.get(answer.headers["location"]))


async def test_compared_twice_on_one_day_is_fine(sanne: Worker, services: Services) -> None:
    for _ in range(2):
        assert (await sanne.post(f"{LIST}/fiets/klopt", f"{LIST}/fiets", against="source")).status_code == 303
    assert len(await services.publisher.history("dorp", "fiets")) == 1


@pytest.mark.parametrize(
    ("entry", "fields", "status"),
    [
        ("fiets", {"against": "gevoel"}, 422),
        ("fiets", {}, 422),
        ("noodnummer", {"against": "source"}, 403),
        ("weg", {"against": "source"}, 404),
    ],
)
async def test_what_cannot_be_confirmed_is_refused(sanne: Worker, entry: str, fields: dict[str, str], status: int) -> None:
    assert (await sanne.post(f"{LIST}/{entry}/klopt", f"{LIST}/fiets", **fields)).status_code == status


async def test_a_shared_entry_has_no_button(sanne: Worker) -> None:
    page = await sanne.get(f"{LIST}/noodnummer")
    assert "Dit onderwerp is landelijk" in words_in(page)
    assert "/noodnummer/klopt" not in page.text


async def test_a_form_without_its_hidden_field_is_refused(sanne: Worker, folder: Path) -> None:
    answer = await sanne.client.post(f"{LIST}/fiets/klopt", data={"against": "source"})
    assert answer.status_code == 403
    assert load_kaart(folder).entry("fiets").verified.by == "redactie"


async def test_handled_reports_go_and_newer_ones_stay(sanne: Worker, upkeep: Upkeep) -> None:
    await upkeep.reports.add("dorp", "fiets", What.CHANGED, "Nu in de <i>Dorpsstraat</i>.")
    page = await sanne.get(f"{LIST}/fiets")
    assert "Nu in de <i>Dorpsstraat</i>." in words_in(page)
    assert "<i>" not in page.text
    last = (await upkeep.reports.open("dorp"))[-1].id
    await upkeep.reports.add("dorp", "fiets", What.CLOSED)
    answer = await sanne.client.post(f"{LIST}/fiets/afgehandeld", data={"csrf": csrf_in(page), "tot": str(last)})
    assert answer.headers["location"] == f"{LIST}?gelukt=afgehandeld"
    assert [report.what for report in await upkeep.reports.open("dorp")] == [What.CLOSED]


async def test_reports_about_an_entry_that_went_can_be_handled(sanne: Worker, upkeep: Upkeep) -> None:
    assert (await sanne.get(f"{LIST}/weg")).status_code == 404
    await upkeep.reports.add("dorp", "weg", What.CLOSED)
    page = await sanne.get(f"{LIST}/weg")
    assert "Dit onderwerp staat niet meer in de kaart." in words_in(page)
    last = (await upkeep.reports.open("dorp"))[-1].id
    await sanne.post(f"{LIST}/weg/afgehandeld", f"{LIST}/weg", tot=str(last))
    assert await upkeep.reports.open("dorp") == []


async def test_a_kaart_that_is_broken_meanwhile_is_told(sanne: Worker, folder: Path) -> None:
    add(folder / "entries/geld.yaml", "kleur: rood\n")
    answer = await sanne.post(f"{LIST}/fiets/klopt", f"{LIST}/fiets", against="source")
    assert answer.status_code == 422
    assert "Dat lukte niet" in words_in(answer)
    assert "by: redactie" in (folder / "entries/fiets.yaml").read_text()
