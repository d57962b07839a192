"""The loader: a kaart or every problem at once, each with file, line and field."""

from __future__ import annotations

import datetime as dt

import pytest

from sociale_kaart.errors import KaartInvalid
from sociale_kaart.schema import Weekday

BANK, WINKEL, GELD = "entries/bank.yaml", "entries/winkel.yaml", "rules/geld.yaml"


def problems(folder) -> list[tuple[str, int, str, str]]:
    """(file below the folder, line, field, why) of every problem."""
    with pytest.raises(KaartInvalid) as caught:
        folder.load()
    return [(p.file.removeprefix(f"{folder.path}/"), p.line, p.field, p.why) for p in caught.value.problems]


def test_valid_kaart_loads(folder):
    kaart = folder.load()
    assert [entry.id for entry in kaart] == ["bank", "winkel"]
    assert kaart.rule("geld").entry == "bank"
    assert "bank" in kaart
    assert "park" not in kaart
    assert kaart.find(None) is None
    assert kaart.entry("bank").verified.on == dt.date(2026, 1, 31)


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "why"),
    [
        ("state: active", "state: active\nphone: none", 5, "phone", "Extra inputs"),
        ("state: active\n", "", 1, "state", "Field required"),
        ("state: active", "state: open", 4, "state", "'active', 'ended'"),
        ("themes: [housing]", "themes: housing", 3, "themes", "valid tuple"),
        ("themes: [housing]", "themes: [housing, hausing]", 3, "themes.1", "Input should be"),
        ("on: 2026-01-31", "on: 2026-13-31", 7, "verified.on", "valid date"),
        ("    summary: Dit is bank.\n", "", 9, "texts.nl.summary", "Field required"),
        ("    summary: Dit is bank.\n", "    summary: 12\n", 11, "texts.nl.summary", "valid string"),
        ("[Je kunt er terecht.]", "[Een., Twee., Drie., Vier.]", 12, "texts.nl.answer", "at most 3"),
        (", voor wie bank]", "]", 13, "texts.nl.questions", "at least 5"),
        ("review: {state: draft}", "review: {state: reviewed}", 14, "texts.nl.review", "names who reviewed it"),
        ("  nl:\n", "  be:\n", 8, "texts", "texts needs nl"),
    ],
)
def test_wrong_field_is_named_with_its_line(folder, old, new, line, field, why):
    folder.change(BANK, old, new)
    [(file, at, name, reason)] = problems(folder)
    assert (file, at, name) == (BANK, line, field)
    assert why in reason


@pytest.mark.parametrize(
    ("hours", "field"),
    [
        ("opens_at: 540, closes_at: 17:00", "opens_at"),
        ("opens_at: 09:00, closes_at: 25:00", "closes_at"),
        ("opens_at: 09:00:30, closes_at: 17:00", "opens_at"),
        ("opens_at: 09:00, closes_at: 09:00", None),
        ("opens_at: 09:00, closes_at: 17:00, valid_from: 2026-02-01, valid_to: 2026-01-01", None),
    ],
)
def test_impossible_hours_are_refused(folder, hours, field):
    folder.change(BANK, "state: active", f"state: active\nschedules:\n  - {{byday: [MO], {hours}}}")
    [(_, line, name, _)] = problems(folder)
    assert (line, name) == (6, f"schedules.0.{field}" if field else "schedules.0")


def test_hours_without_quotes_are_times(folder):
    """YAML 1.1 reads 10:30 as the number 630, which is half past midnight and ten minutes too much."""
    folder.change(BANK, "state: active", "state: active\nschedules:\n  - {byday: [MO, TU], opens_at: 9:00, closes_at: 10:30}")
    [schedule] = folder.load().entry("bank").schedules
    assert (schedule.opens_at, schedule.closes_at) == (dt.time(9), dt.time(10, 30))
    assert schedule.byday == (Weekday.MO, Weekday.TU)


def test_words_of_yaml_1_1_stay_words(folder):
    folder.change(BANK, "waar is bank", "on")
    folder.change(BANK, "wat is bank", "no")
    folder.change(BANK, "name: Naam van bank", "name: yes")
    text = folder.load().entry("bank").texts["nl"]
    assert text.questions[:2] == ("on", "no")
    assert text.name == "yes"


def test_true_and_false_are_booleans(folder):
    folder.change(BANK, "state: active", "state: active\nopen_always: true")
    assert folder.load().entry("bank").open_always is True


def test_bad_yaml(folder):
    folder.change(BANK, "themes: [housing]", "themes: [housing")
    [(file, line, field, why)] = problems(folder)
    assert (file, line, field) == (BANK, 4, "(file)")
    assert "not valid YAML" in why


def test_empty_file(folder):
    folder.write(BANK, "")
    assert problems(folder)[0][:3] == (BANK, 1, "(file)")


def test_alias_is_refused(folder):
    folder.change(BANK, "state: active", "state: active\nclosed_on: [*a]")
    [(file, line, _, why)] = problems(folder)
    assert (file, line) == (BANK, 5)
    assert "alias" in why


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("Dit is &bank.", None),
        ("&Dit is bank.", "an anchor"),
        ("!Dit is bank.", "a tag"),
        ("!!int x", "a tag"),
        ('"\\0"', "U+0000"),
        ('"\\x1b[2J"', "U+001B"),
        ('"\\uD800"', "U+D800"),
        ('"\\u202Eknab si tiD"', "U+202E"),
        ("Dit \u202eis bank.", "U+202E"),
        ("Dit is bank\u2028", "U+2028"),
        ("Dit is b\ufffdnk", "U+FFFD"),
        ('"\\U00110000"', "too large"),
        ('"\\UFFFFFFFF"', "too large"),
        (f"{'[' * 20_000}", "more than 40"),
        (f"{'[' * 41}{']' * 41}", "more than 40"),
        ("<<", None),
        ("9" * 50, None),
    ],
)
def test_what_could_hide_or_break_something_is_refused_with_its_line(folder, new, why):
    folder.change(BANK, "    summary: Dit is bank.", f"    summary: {new}")
    if why is None:
        assert folder.load().entry("bank").texts["nl"].summary == new
    else:
        [(file, line, field, reason)] = problems(folder)
        assert (file, line, field) == (BANK, 11, "(file)")
        assert why in reason


def test_a_merge_key_overrides_nothing(folder):
    folder.change(BANK, "state: active", "<<: {state: ended}\nstate: active")
    assert problems(folder) == [(BANK, 4, "<<", "Extra inputs are not permitted")]


def test_a_number_in_a_directive_that_python_cannot_hold(folder):
    folder.write(BANK, f"%YAML {'9' * 5000}.1\n---\n" + (folder.path / BANK).read_text(encoding="utf-8"))
    [(file, line, field, why)] = problems(folder)
    assert (file, line, field) == (BANK, 1, "(file)")
    assert "too large" in why


@pytest.mark.parametrize(
    ("old", "new", "field", "why"),
    [
        ("on: 2026-01-31", "on: 0", "verified.on", "must be a date"),
        ("on: 2026-01-31", "on: 86400", "verified.on", "must be a date"),
        ("state: active", "state: active\nopen_always: on", "open_always", "true or false"),
        ("state: active", "state: active\nopen_always: 1", "open_always", "true or false"),
        ("state: active", "state: active\nreview_interval_days: true", "review_interval_days", "must be a number"),
        ("state: active", f"state: active\nreview_interval_days: {'9' * 5000}", "review_interval_days", "size"),
        ("state: active", "state: active\ncontact: {url: 'javascript:alert(1)'}", "contact.url", "must be a web address"),
        ("state: active", "state: active\ncontact: {url: https:/dorp.example}", "contact.url", "must be a web address"),
        ("state: active", "state: active\ncontact: {url: https://dorp .example}", "contact.url", "must be a web address"),
    ],
)
def test_a_value_is_not_taken_for_another_one(folder, old, new, field, why):
    """Left to itself, the schema would read 0 as the first of January 1970, and `on` as true."""
    folder.change(BANK, old, new)
    [(_, _, name, reason)] = problems(folder)
    assert name == field
    assert why in reason


def test_a_long_name_is_shown_in_part(folder):
    folder.change(BANK, "state: active", f"{'x' * 500}: active")
    assert sorted((field[:61], len(field)) for _, _, field, _ in problems(folder)) == [("state", 5), ("x" * 60 + "…", 61)]


def test_what_is_no_file_is_not_passed_over(folder):
    (folder.path / "entries/park.yaml").symlink_to("weg.yaml")
    (folder.path / "entries/meer").symlink_to(folder.path / "rules", target_is_directory=True)
    assert [(file, line, field) for file, line, field, _ in problems(folder)] == [
        ("entries/meer", 1, "(file)"),
        ("entries/park.yaml", 1, "(file)"),
    ]


def test_a_folder_in_the_place_of_a_file(folder):
    (folder.path / "kaart.yaml").unlink()
    (folder.path / "kaart.yaml").mkdir()
    assert problems(folder) == [("kaart.yaml", 1, "(file)", "cannot be read: Is a directory")]


def test_a_file_that_is_too_large(folder):
    folder.write(BANK, "#" * 1_000_001)
    assert problems(folder) == [(BANK, 1, "(file)", "is larger than 1,000,000 bytes")]


def test_duplicate_key(folder):
    folder.change(BANK, "    summary: Dit is bank.", "    summary: Eerst.\n    summary: Daarna.")
    assert problems(folder) == [(BANK, 12, "texts.nl.summary", "stands here twice")]


def test_file_is_named_after_its_id(folder):
    folder.change(BANK, "id: bank", "id: banken")
    folder.change(GELD, "entry: bank", "entry: banken")
    assert problems(folder) == [(BANK, 1, "id", "must be the file's name, bank")]


def test_same_id_in_two_folders(folder):
    folder.write("entries/geld/bank.yaml", (folder.path / BANK).read_text())
    [(file, line, field, why)] = problems(folder)
    assert (file, line, field) == ("entries/geld/bank.yaml", 1, "id")
    assert "also the id of" in why


def test_forgotten_file_ending(folder):
    folder.write("entries/park.yml", "id: park")
    assert problems(folder) == [("entries/park.yml", 1, "(file)", "is not read: a name here ends in .yaml")]


def test_file_that_is_not_utf8(folder):
    (folder.path / BANK).write_bytes(b"id: bank\nkind: desk\nname: caf\xe9\n")
    assert problems(folder) == [(BANK, 3, "(file)", "is not UTF-8 text")]


def test_byte_order_mark_is_no_problem(folder):
    path = folder.path / BANK
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(folder.load().entries) == 2


def test_control_character(folder):
    folder.change(BANK, "Dit is bank", "Dit is \x07bank")
    [(file, line, _, why)] = problems(folder)
    assert (file, line) == (BANK, 11)
    assert "U+0007" in why


def test_missing_settings(folder):
    (folder.path / "kaart.yaml").unlink()
    assert problems(folder) == [("kaart.yaml", 1, "(file)", "is missing")]


def test_all_problems_in_all_files_at_once(folder):
    """Wrong fields, bad YAML and what only shows across files: one list, in order of file and line."""
    folder.change("kaart.yaml", "en: the desk", "fr: le bureau")
    folder.change(BANK, "kind: desk", "kind: bench\ncolour: red")
    folder.change(BANK, "    answer: [You can go there.]\n", "")
    folder.change(WINKEL, "state: active", "state: active\nrelated: [park, bank]")
    folder.change(WINKEL, "document: BOEK", "document: KRANT")
    folder.change(GELD, "section: keep", "section: bewaren")
    folder.write("entries/park-b.yaml", "id: [")
    found = problems(folder)
    assert [(file, line, field) for file, line, field, _ in found] == [
        (BANK, 2, "kind"),
        (BANK, 3, "colour"),
        (BANK, 16, "texts.en.answer"),
        ("entries/park-b.yaml", 1, "(file)"),
        (WINKEL, 5, "related.0"),
        (WINKEL, 7, "sources.0.document"),
        ("kaart.yaml", 5, "desk.name"),
        (GELD, 20, "rows.3.section"),
    ]
    assert "park" in found[4][3]


def test_a_broken_file_is_one_problem(folder):
    """Entries that name it are not blamed for it."""
    folder.change(WINKEL, "state: active", "state: active\nrelated: [bank]")
    folder.change(BANK, "state: active", "state: activ")
    assert [(file, field) for file, _, field, _ in problems(folder)] == [(BANK, "state")]


def test_message_lists_each_problem_on_a_line(folder):
    folder.change(BANK, "state: active", "state: activ")
    with pytest.raises(KaartInvalid) as caught:
        folder.load()
    assert str(caught.value).startswith(f"{folder.path}/{BANK}:4: state: ")


def test_shared_entries_are_taken_over_and_an_own_one_goes_first(folder):
    shared = type(folder)(folder.path.parent / "land")
    shared.write("kaart.yaml", 'id: land\nsources:\n  WET: {title: Een wet, date: "2025"}\n')
    (shared.path / "rules/geld.yaml").unlink()
    (shared.path / "entries/bank.yaml").rename(shared.path / "entries/duo.yaml")
    text = (shared.path / "entries/duo.yaml").read_text(encoding="utf-8")
    shared.write("entries/duo.yaml", text.replace("bank", "duo").replace("BOEK", "WET").replace("rule: geld\n", ""))
    folder.change("kaart.yaml", "name: Dorp\n", "name: Dorp\nextends: land\n")
    kaart = folder.load()
    assert kaart.is_own("winkel")
    assert not kaart.is_own("duo")
    assert kaart.municipality.sources["WET"].title == "Een wet"


def test_a_missing_shared_folder_is_said(folder):
    folder.change("kaart.yaml", "name: Dorp\n", "name: Dorp\nextends: maan\n")
    assert [(line, field, why) for _, line, field, why in problems(folder)] == [(1, "(file)", "is missing")]


def test_a_kaart_is_named_after_its_folder(folder):
    folder.change("kaart.yaml", "id: dorp", "id: stad")
    assert ("kaart.yaml", 1, "id", "must be the folder's name, dorp") in problems(folder)
