"""What a machine may draft: a kaart with gaps is read, and what is never left to a machine is refused with the reason."""

from __future__ import annotations

import pytest

from sociale_kaart.drafts import load_unfinished, no_machine, outdated, unfinished_rules
from sociale_kaart.errors import KaartInvalid

BANK = "entries/bank.yaml"


def bank(folder):
    return next(entry for entry in load_unfinished(folder.path).entries if entry.id == "bank")


def without_english(folder) -> None:
    folder.write(BANK, (folder.path / BANK).read_text(encoding="utf-8").partition("  en:\n")[0])


def test_a_kaart_with_gaps_is_read_though_it_cannot_be_served(folder):
    without_english(folder)
    with pytest.raises(KaartInvalid, match="has no text in en"):
        folder.load()
    unfinished = load_unfinished(folder.path)
    assert list(bank(folder).texts) == ["nl"]
    assert unfinished.files["bank"] == folder.path / BANK
    assert no_machine(bank(folder), "en") is None


def test_a_file_that_is_wrong_by_itself_is_still_refused(folder):
    folder.change(BANK, "state: active", "state: open")
    with pytest.raises(KaartInvalid, match="state"):
        load_unfinished(folder.path)


def test_shared_entries_are_read_from_their_own_folder(folder, tmp_path):
    town, shared = type(folder)(tmp_path / "dorp"), type(folder)(tmp_path / "land")
    town.change("kaart.yaml", "name: Dorp", "name: Dorp\nextends: land")
    (town.path / BANK).unlink()
    shared.change(BANK, "name: Naam van bank", "name: Bank van het land")
    unfinished = load_unfinished(town.path)
    assert unfinished.files == {"winkel": town.path / "entries/winkel.yaml", "bank": shared.path / BANK}
    assert [entry.texts["nl"].name for entry in unfinished.entries] == ["Naam van winkel", "Bank van het land"]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("kind: desk", "kind: emergency", "danger"),
        ("themes: [housing]", "themes: [housing, emergency]", "danger"),
        ("summary: Dit is bank.", "summary: Dit kost € 20.", "amount"),
        ("answer: [Je kunt er terecht.]", "answer: [Het kost 20 euro.]", "amount"),
        ("answer: [Je kunt er terecht.]", "answer: [Het kost twintig euro.]", "amount"),
        ("answer: [Je kunt er terecht.]", "answer: [Je kunt er terecht.]\n    facts: {cost: Vijftig cent.}", "amount"),
        ("answer: [Je kunt er terecht.]", "answer: [Ja.]\n    for_status: {asylum_seeker: 'Je krijgt €5.'}", "amount"),
    ],
)  # fmt: skip
def test_what_is_never_left_to_a_machine(folder, old, new, why):
    folder.change(BANK, old, new)
    assert why in no_machine(bank(folder), "en")


def test_what_a_person_reviewed_is_left_to_a_person(folder):
    file = (folder.path / BANK).read_text(encoding="utf-8")
    before, _, after = file.rpartition("{state: draft}")
    folder.write(BANK, f"{before}{{state: reviewed, by: Native speaker, on: 2026-01-01}}{after}")
    assert "Native speaker" in no_machine(bank(folder), "en")


def test_a_question_with_an_amount_is_no_reason(folder):
    folder.change(BANK, "wat kost bank", "kost bank 20 euro")
    assert no_machine(bank(folder), "en") is None


def test_outdated_is_what_was_made_from_another_dutch_text(folder):
    assert not outdated(bank(folder), "en")  # no hash: nobody knows
    text = (folder.path / BANK).read_text(encoding="utf-8")
    folder.write(BANK, f"{text}    source_hash: {bank(folder).texts['nl'].hash}\n")
    assert not outdated(bank(folder), "en")
    folder.change(BANK, "summary: Dit is bank.", "summary: Dit is een andere bank.")
    assert outdated(bank(folder), "en")
    assert not outdated(bank(folder), "uk")


def test_rules_that_lack_a_language_are_named(folder):
    rules = load_unfinished(folder.path).rules
    assert [rule.id for rule in unfinished_rules(rules, "uk")] == ["geld"]
    assert list(unfinished_rules(rules, "en")) == []
