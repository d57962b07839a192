"""Each check over a whole kaart: silent on a good sample, telling on a bad one."""

from __future__ import annotations

import pytest

from sociale_kaart import checks
from sociale_kaart.errors import KaartInvalid
from sociale_kaart.municipality import Homonym
from sociale_kaart.schema import Kind, ResidenceStatus, State, Theme


def with_entry(kaart, id: str, **changes):
    """The kaart with some fields of one entry changed."""
    entries = tuple(entry.model_copy(update=changes) if entry.id == id else entry for entry in kaart.entries)
    return type(kaart)(kaart.municipality, entries, kaart.rules)


def with_rule(kaart, **changes):
    return type(kaart)(kaart.municipality, kaart.entries, (kaart.rules[0].model_copy(update=changes),))


def with_settings(kaart, **changes):
    return type(kaart)(kaart.municipality.model_copy(update=changes), kaart.entries, kaart.rules)


@pytest.fixture
def kaart(folder):
    return folder.load()


def test_the_good_sample_passes_every_check(kaart):
    assert list(checks.check_kaart(kaart)) == []


def test_language_missing_or_too_many(kaart):
    texts = kaart.entry("bank").texts
    bad = with_entry(kaart, "bank", texts={"nl": texts["nl"], "uk": texts["en"]})
    assert list(checks.languages_complete(bad)) == [
        ("entry:bank", ("texts",), "has no text in en"),
        ("entry:bank", ("texts", "uk"), "is not a language of this kaart"),
    ]


def test_desk_without_a_name(kaart):
    desk = kaart.municipality.desk.model_copy(update={"name": {"nl": "het loket"}})
    assert list(checks.languages_complete(with_settings(kaart, desk=desk))) == [("kaart", ("desk", "name"), "has no text in en")]


def test_related_entry(kaart):
    assert list(checks.references_exist(with_entry(kaart, "bank", related=("winkel",)))) == []
    bad = with_entry(kaart, "bank", related=("winkel", "park"))
    assert list(checks.references_exist(bad)) == [("entry:bank", ("related", "1"), "names park, which is not in the kaart")]
    assert list(checks.references_exist(bad, unreadable={"park"})) == []


def test_rule_of_an_entry(kaart):
    assert list(checks.references_exist(with_entry(kaart, "bank", rule="geld"))) == []
    [(owner, field, _)] = checks.references_exist(with_entry(kaart, "bank", rule="goud"))
    assert (owner, field) == ("entry:bank", ("rule",))


def test_entry_of_a_rule(kaart):
    [(owner, field, _)] = checks.references_exist(with_rule(kaart, entry="park"))
    assert (owner, field) == ("rule:geld", ("entry",))


def test_source_that_the_settings_lack(kaart):
    found = list(checks.references_exist(with_settings(kaart, sources={})))
    assert [owner for owner, _, _ in found] == ["entry:bank", "entry:winkel", "rule:geld"]
    assert {field for _, field, _ in found} == {("sources", "0", "document")}


def test_question_under_two_entries(kaart):
    text = kaart.entry("winkel").texts["nl"]
    texts = kaart.entry("winkel").texts | {"nl": text.model_copy(update={"questions": (*text.questions, "Waar  is BANK")})}
    bad = with_entry(kaart, "winkel", texts=texts)
    field = ("texts", "nl", "questions", "5")
    assert list(checks.questions_unique(bad)) == [("entry:winkel", field, "is also a question of bank")]


def test_dutch_has_no_source_hash(kaart):
    texts = kaart.entry("bank").texts
    dutch = texts["nl"]
    fine = with_entry(kaart, "bank", texts=texts | {"en": texts["en"].model_copy(update={"source_hash": dutch.hash})})
    assert list(checks.hashes_known(fine)) == []
    bad = with_entry(kaart, "bank", texts=texts | {"nl": dutch.model_copy(update={"source_hash": dutch.hash})})
    assert [(owner, field) for owner, field, _ in checks.hashes_known(bad)] == [("entry:bank", ("texts", "nl", "source_hash"))]


def test_emergency_theme_comes_first(kaart):
    fine = with_entry(kaart, "bank", kind=Kind.EMERGENCY, themes=(Theme.EMERGENCY, Theme.HEALTH))
    assert list(checks.emergencies_reachable(fine)) == []
    bad = with_entry(kaart, "bank", kind=Kind.EMERGENCY, themes=(Theme.HEALTH, Theme.EMERGENCY))
    assert [(owner, field) for owner, field, _ in checks.emergencies_reachable(bad)] == [("entry:bank", ("themes",))]


def test_case_that_the_table_does_not_meet(kaart):
    case = kaart.rules[0].cases[0]
    bad = with_rule(kaart, cases=(case, case.model_copy(update={"then": ("keep",)})))
    [(owner, field, why)] = checks.rules_hold(bad)
    assert (owner, field) == ("rule:geld", ("cases", "1"))
    assert "'ask', 'keep'" in why


@pytest.mark.parametrize(
    ("english", "field"),
    [
        (", en: Money", "title"),
        (', en: "Do you live alone?"', "questions.1.text"),
        (", en: I do not know", "questions.0.options.2.label"),
        (", en: Ask for more.", "rows.1.text"),
    ],
)
def test_rule_text_without_a_language(folder, english, field):
    folder.change("rules/geld.yaml", english, "")
    with pytest.raises(KaartInvalid) as caught:
        folder.load()
    assert [(problem.field, problem.why) for problem in caught.value.problems] == [(field, "has no text in en")]


def test_statuses_are_the_same_in_every_language(kaart):
    texts = kaart.entry("bank").texts
    dutch = texts["nl"].model_copy(update={"for_status": {ResidenceStatus.ASYLUM_SEEKER: "Voor jou is het anders."}})
    bad = with_entry(kaart, "bank", texts=texts | {"nl": dutch})
    [(owner, field, why)] = checks.statuses_agree(bad)
    assert (owner, field) == ("entry:bank", ("texts", "en", "for_status"))
    assert "asylum_seeker" in why


def test_what_ended_leads_on(kaart):
    assert list(checks.ended_lead_on(with_entry(kaart, "bank", state=State.ENDED, instead=("winkel",)))) == []
    for changes in ({"state": State.ENDED}, {"instead": ("winkel",)}):
        [(owner, field, _)] = checks.ended_lead_on(with_entry(kaart, "bank", **changes))
        assert (owner, field) == ("entry:bank", ("instead",))


@pytest.mark.parametrize(
    "line", ["Het kost € 5.", "Het kost 1.250 euro.", "It costs $ 10.", "يكلف 150 يورو", "150 ዩሮ", "1250 євро"]
)
def test_an_amount_of_money_is_refused(kaart, line):
    texts = kaart.entry("bank").texts
    bad = with_entry(kaart, "bank", texts=texts | {"en": texts["en"].model_copy(update={"steps": (line,)})})
    assert [finding[:2] for finding in checks.amounts_absent(bad)] == [("entry:bank", ("texts", "en", "steps"))]


def test_homonyms_name_entries_that_there_are(kaart):
    fine, bad = (Homonym(terms=("geld",), choices=("bank", other)) for other in ("winkel", "park"))
    assert list(checks.references_exist(with_settings(kaart, homonyms=(fine,)))) == []
    [(owner, field, _)] = checks.references_exist(with_settings(kaart, homonyms=(bad,)))
    assert (owner, field) == ("kaart", ("homonyms", "0", "choices", "1"))
