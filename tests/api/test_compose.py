"""Every entry, facet, question and outcome can be said in every language, with source and date, and nothing left open."""

from __future__ import annotations

import datetime as dt
import itertools
from pathlib import Path

import pytest

from api.answers.answer import Answer, Ranked
from api.answers.compose import Composer
from api.answers.reply import Reply, as_text
from api.i18n.catalogue import load_catalogue
from api.rasa.form import next_question
from sociale_kaart.freshness import due_on
from sociale_kaart.hours import AMSTERDAM
from sociale_kaart.kaart import Kaart
from sociale_kaart.loader import load_kaart
from sociale_kaart.rules import Rule
from sociale_kaart.schema import Facet, Location, Schedule, Weekday

NIJMEGEN = Path(__file__).parents[2] / "sociale_kaart/nijmegen"
NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
KAART: Kaart = load_kaart(NIJMEGEN)
CATALOGUE = load_catalogue()
COMPOSER = Composer(KAART, CATALOGUE)
LANGUAGES = KAART.municipality.languages
PERSON = "/person"


def check(reply: Reply) -> None:
    text = as_text(reply)
    assert "{" not in text
    assert "None" not in text
    assert reply.buttons[-1].payload == PERSON


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_is_said_with_source_date_and_a_person(language: str) -> None:
    for entry in KAART:
        reply = COMPOSER.entry(entry, language, NOW)
        check(reply)
        assert "2026" in reply.sources[-1]
        assert KAART.municipality.sources[entry.sources[0].document].title in reply.sources[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_facet_is_answered_or_said_to_be_unknown(language: str) -> None:
    for entry, facet in itertools.product(KAART, Facet):
        reply = COMPOSER.facet(entry, facet, language, NOW)
        check(reply)
        assert bool(reply.facts) != bool(reply.paragraphs)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_draft_is_labelled(language: str) -> None:
    entry = KAART.entry("zwemlessen")
    assert COMPOSER.entry(entry, language, NOW).notes[0] == CATALOGUE.text(language, "answer.label.draft")


def test_an_overdue_entry_says_so() -> None:
    entry = KAART.entry("zwemlessen")
    later = NOW + dt.timedelta(days=entry.review_interval_days)
    assert len(COMPOSER.entry(entry, "nl", later).notes) == len(COMPOSER.entry(entry, "nl", NOW).notes) + 1


def test_an_entry_grows_old_at_midnight_in_the_netherlands() -> None:
    entry = KAART.entry("zwemlessen")
    days = (due_on(entry), due_on(entry) + dt.timedelta(days=entry.review_interval_days))
    overdue, stale = (dt.datetime.combine(day, dt.time(), AMSTERDAM).astimezone(dt.UTC) for day in days)
    before = dt.timedelta(minutes=1)
    assert len(COMPOSER.entry(entry, "nl", overdue).notes) == len(COMPOSER.entry(entry, "nl", overdue - before).notes) + 1
    told = COMPOSER.entry(entry, "nl", stale)
    assert told == COMPOSER.facet(entry, Facet.WHERE, "nl", stale), "only whom to ask"
    assert told != COMPOSER.entry(entry, "nl", stale - before)
    assert told != COMPOSER.facet(entry, Facet.WHERE, "nl", stale - before)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_outcome_of_the_form_lists_steps_reasons_and_that_it_decides_nothing(language: str) -> None:
    rule = KAART.rule("inrichtingskrediet")
    for values in itertools.product(*([option.value for option in question.options] for question in rule.questions)):
        given = dict(zip([question.id for question in rule.questions], values, strict=True))
        reply = COMPOSER.answer(Answer(kind="outcome", rule=rule.id, given=given), language, NOW)
        check(reply)
        assert reply.notes[0] == CATALOGUE.text(language, "rule.not_a_decision")
        assert reply.paragraphs or reply.sections


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_ask_back_offers_three_entries_and_none_of_them(language: str) -> None:
    entries = tuple(Ranked(id=id, score=0.5) for id in ("inburgering", "brede-intake", "leerroutes", "stips"))
    reply = COMPOSER.answer(Answer(kind="ask_back", zone="ask_back", entries=entries), language, NOW)
    assert [button.payload for button in reply.buttons[:3]] == [f'/ask{{"entry_id":"{ranked.id}"}}' for ranked in entries[:3]]
    assert reply.buttons[3].payload == "/deny"


@pytest.mark.parametrize("language", LANGUAGES)
def test_hours_and_places_are_said_when_they_are_known(language: str) -> None:
    schedule = Schedule(byday=(Weekday.MO,), opens_at=dt.time(9), closes_at=dt.time(12))
    entry = KAART.entry("stips").model_copy(update={"schedules": (schedule,), "locations": (Location(address_1="Straat 1"),)})
    assert "Straat 1" in as_text(COMPOSER.facet(entry, Facet.WHERE, language, NOW))
    when = as_text(COMPOSER.facet(entry, Facet.WHEN, language, NOW))
    # 9:00 UTC on a Monday in November is 10:00 in Amsterdam: open, until 12:00.
    assert "09:00-12:00" in when
    assert when.count("12:00") == 2


def test_a_district_alone_is_no_place_to_go_to() -> None:
    entry = KAART.entry("zwemlessen")
    told = entry.model_copy(update={"locations": (Location(district="Noord"),)})
    assert COMPOSER.facet(told, Facet.WHERE, "nl", NOW) == COMPOSER.facet(entry, Facet.WHERE, "nl", NOW)


@pytest.mark.parametrize("language", LANGUAGES)
def test_danger_is_urgent_and_has_no_choices_before_the_numbers(language: str) -> None:
    for kind in ("emergency", "suicide", "violence", "child"):
        reply = COMPOSER.danger(language, kind)
        assert reply.urgent
        assert "112" in as_text(reply)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_nobody_looked_at_for_too_long_is_not_told(language: str) -> None:
    entry = KAART.entry("zwemlessen")
    later = NOW + dt.timedelta(days=2 * entry.review_interval_days + 2)
    for reply in (COMPOSER.entry(entry, language, later), COMPOSER.facet(entry, Facet.WHERE, language, later)):
        check(reply)
        assert entry.texts[language].answer[0] not in as_text(reply)
        assert not reply.sections


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_ended_offers_what_there_is_instead(language: str) -> None:
    ended = [entry for entry in KAART if entry.state == "ended"]
    assert ended
    for entry in ended:
        reply = COMPOSER.entry(entry, language, NOW)
        assert reply.paragraphs[0] == CATALOGUE.text(language, "answer.state.ended")
        assert [button.payload for button in reply.buttons][: len(entry.instead)] == [
            f'/ask{{"entry_id":"{id}"}}' for id in entry.instead
        ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", KAART.rules, ids=lambda rule: rule.id)
def test_every_rule_can_be_walked_from_question_to_outcome(language: str, rule: Rule) -> None:
    """Every path of answers: each question can be tapped, and each outcome says that it decides nothing, and its source."""
    paths: list[dict[str, str]] = [{}]
    while paths:
        given = paths.pop()
        question = next_question(rule, given)
        if question is None:
            reply = COMPOSER.answer(Answer(kind="outcome", rule=rule.id, given=given), language, NOW)
            check(reply)
            assert reply.notes[0] == CATALOGUE.text(language, "rule.not_a_decision")
            assert reply.paragraphs or reply.sections
            assert reply.sources
        else:
            asked = COMPOSER.answer(Answer(kind="question", rule=rule.id, question=question.id), language, NOW)
            assert [button.title for button in asked.buttons][: len(question.options)] == [
                option.label[language] for option in question.options
            ]
            paths += [given | {question.id: option.value} for option in question.options]


def test_a_kaart_in_dutch_alone_is_shown_in_dutch_and_says_so() -> None:
    dutch = KAART.entry("zwemlessen").model_copy(update={"texts": {"nl": KAART.entry("zwemlessen").texts["nl"]}})
    reply = COMPOSER.entry(dutch, "ti", NOW)
    assert reply.title == dutch.texts["nl"].name
    assert reply.notes[0] == CATALOGUE.text("ti", "answer.not_translated")
