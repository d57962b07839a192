"""Whose task an entry is, and which entries wait for a new look."""

from __future__ import annotations

import datetime as dt

import pytest

from sociale_kaart.errors import KaartInvalid
from sociale_kaart.freshness import Freshness, due, owner_of

LOOKED = dt.date(2026, 1, 31)
OWNERS = "owners:\n  loket: {name: het loket}\n  bieb: {name: de bieb, email: bieb@example.org}\nowner: loket\n"


def add(folder, name: str, text: str) -> None:
    folder.write(name, (folder.path / name).read_text(encoding="utf-8") + text)


def wrongs(folder) -> list[str]:
    with pytest.raises(KaartInvalid) as refused:
        folder.load()
    return [str(problem).removeprefix(f"{folder.path}/") for problem in refused.value.problems]


def test_an_owner_of_an_entry_goes_before_that_of_the_kaart(folder):
    add(folder, "kaart.yaml", OWNERS)
    add(folder, "entries/bank.yaml", "owner: bieb\n")
    kaart = folder.load()
    assert [owner_of(kaart, kaart.entry(id)).name for id in ("bank", "winkel")] == ["de bieb", "het loket"]


def test_without_owners_nobody_is_named(folder):
    kaart = folder.load()
    assert owner_of(kaart, kaart.entry("bank")) is None


def test_owners_that_are_not_there_are_refused_with_their_line(folder):
    add(folder, "kaart.yaml", "owner: loket\n")
    add(folder, "entries/bank.yaml", "owner: bieb\n")
    first, second = wrongs(folder)
    assert first.startswith("entries/bank.yaml:21: owner: names bieb")
    assert second.startswith("kaart.yaml:8: owner: names loket")


@pytest.mark.parametrize(
    "email", ["bieb", "bieb@", "a b@example.org", '"bieb@example.org\\nBcc: x@example.org"', "a@b@example.org"]
)
def test_an_address_that_is_none_is_refused(folder, email):
    add(folder, "kaart.yaml", f"owners:\n  bieb: {{name: de bieb, email: {email}}}\n")
    assert "owners.bieb.email" in wrongs(folder)[0]


def test_due_tells_state_days_and_owner_and_the_longest_first(folder):
    add(folder, "kaart.yaml", OWNERS)
    add(folder, "entries/winkel.yaml", "review_interval_days: 30\n")
    kaart = folder.load()
    assert due(kaart, LOOKED + dt.timedelta(days=30)) == []
    [first] = due(kaart, LOOKED + dt.timedelta(days=31))
    assert (first.entry.id, first.state, first.days, first.owner.name) == ("winkel", Freshness.OVERDUE, 1, "het loket")
    found = due(kaart, LOOKED + dt.timedelta(days=200))
    assert [(item.entry.id, item.state, item.days) for item in found] == [
        ("winkel", Freshness.STALE, 170),
        ("bank", Freshness.OVERDUE, 20),
    ]


def test_what_several_kaarten_share_has_no_owner_here(folder):
    add(folder, "kaart.yaml", OWNERS + "extends: samen\n")
    shared = (folder.path / "entries/bank.yaml").read_text(encoding="utf-8").replace("bank", "nood")
    samen = folder.path.parent / "samen"
    (samen / "entries").mkdir(parents=True)
    (samen / "kaart.yaml").write_text("id: samen\nsources: {}\n", encoding="utf-8")
    (samen / "entries/nood.yaml").write_text(shared, encoding="utf-8")
    kaart = folder.load()
    assert "nood" in kaart
    assert owner_of(kaart, kaart.entry("nood")) is None
