"""From an answer object to a reply: every word comes from the kaart or the catalogue."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable

from api.answers.answer import Answer
from api.answers.facts import FactSheet
from api.answers.moments import date_in_words
from api.answers.reply import Button, Fact, Reply, Section, Step
from api.i18n.catalogue import Catalogue
from knowledge.languages import offered
from sociale_kaart.freshness import Freshness, freshness
from sociale_kaart.hours import AMSTERDAM
from sociale_kaart.kaart import Kaart
from sociale_kaart.rules import UNKNOWN, Rule, decide, said
from sociale_kaart.schema import Entry, Facet, ResidenceStatus, ReviewState, SourceRef, State, Text, Verified

MAX_BUTTONS = 8
OUTCOME_SECTIONS = (("step", "rule.steps"), ("bring", "rule.bring"), ("keep", "rule.keep"), ("unknown", "rule.unknown"))
ASKABLE = (Facet.WHERE, Facet.WHEN, Facet.COST, Facet.FOR_WHOM)
"""Facets that get a button when the answer does not hold them already."""


class Composer:
    """Puts answers into words for one kaart."""

    def __init__(self, kaart: Kaart, catalogue: Catalogue) -> None:
        self._kaart, self._catalogue = kaart, catalogue

    def text(self, language: str, key: str, buttons: Iterable[Button] = (), **values: object) -> Reply:
        """A catalogue sentence with the way to a person under it."""
        names = {"municipality": self._kaart.municipality.name, "desk": self._kaart.municipality.desk.name_in(language)}
        words = self._catalogue.text(language, key, **(names | values))
        return Reply(language=language, paragraphs=(words,), buttons=tuple(buttons) or (self.person(language),))

    def person(self, language: str) -> Button:
        """The button that is always there."""
        return self._button(language, "person", "/person")

    def danger(self, language: str, kind: str) -> Reply:
        """The fixed text for danger."""
        paragraphs = self._catalogue.text(language, f"danger.{kind}").strip().split("\n")
        note = self._catalogue.text(language, "person.danger_note")
        return Reply(language=language, paragraphs=tuple(filter(None, paragraphs)), notes=(note,), urgent=True)

    def languages(self, language: str, key: str, **values: object) -> Reply:
        """A sentence with one button per language, each in its own name."""
        buttons = [Button(title=known.own_name, payload=_payload("language", language=known.code)) for known in offered()]
        return self.text(language, key, [*buttons, self.person(language)], **values)

    def forget(self, language: str) -> Reply:
        """Asks whether the conversation may really be deleted."""
        yes, no = self._button(language, "yes", "/forget_confirmed"), self._button(language, "no", "/deny")
        return self.text(language, "forget.ask", [yes, no])

    def ask_status(self, language: str) -> Reply:
        """Asks on what ground someone is here; a button for each, and for not saying it."""
        statuses = [*ResidenceStatus, UNKNOWN]
        buttons = [
            Button(title=self._catalogue.text(language, f"status.me.{status}"), payload=_payload("status", value=status))
            for status in statuses
        ]
        return self.text(language, "status.ask", [*buttons, self.person(language)])

    def for_status(self, entry: Entry | None, status: str, language: str) -> Reply:
        """What differs for someone with this status, as far as the entry says so."""
        line = entry.text(language).for_status.get(status) if entry else None  # type: ignore[call-overload]
        if entry is None or line is None:
            return self.text(language, "status.noted")
        notes = self._label_of(entry.text(language).review.state, language)
        button = self._entry_button(entry, language)
        return Reply(language=language, paragraphs=(line,), notes=notes, buttons=(button, self.person(language)))

    def answer(self, answer: Answer, language: str, now: dt.datetime, status: str | None = None) -> Reply:
        """The reply for an answer that says something (`person`, `language`, `forget` and `feedback` are the flow's)."""
        if answer.kind == "entry":
            return self.entry(self._kaart.entry(answer.entries[0].id), language, now, status)
        if answer.kind == "facet" and answer.facet:
            return self.facet(self._kaart.entry(answer.entries[0].id), answer.facet, language, now)
        if answer.kind == "ask_back":
            return self._ask_back(answer, language)
        if answer.kind == "question" and answer.rule and answer.question:
            return self._question(self._kaart.rule(answer.rule), answer.question, language)
        if answer.kind == "outcome" and answer.rule:
            return self._outcome(self._kaart.rule(answer.rule), answer.given, language)
        return self.text(language, answer.key or "answer.not_understood")

    def entry(self, entry: Entry, language: str, now: dt.datetime, status: str | None = None) -> Reply:
        """The whole entry: answer, known facts, steps, source, and what one would ask next; when stale, whom to ask alone."""
        if _freshness(entry, now) is Freshness.STALE:
            return self._stale(entry, language, now)
        text = entry.text(language)
        sheet = FactSheet(entry, language, self._catalogue, now)
        facts = tuple(Fact(label=self._label(language, facet), value=value) for facet, value in sheet.known())
        steps = tuple(Step(text=step) for step in text.steps)
        heading = self._catalogue.text(language, "answer.steps")
        return Reply(
            language=language,
            title=text.name,
            paragraphs=(*self._state(entry, language), *text.answer, *self._own_status(text, status)),
            facts=facts,
            sections=(*self._by_status(text, status, language), *([Section(heading=heading, steps=steps)] if steps else [])),
            notes=self._notes(entry, language, now),
            sources=self._sources(entry.sources, entry.verified, language),
            link=f"/{language}/{entry.id}",
            about=entry.id,
            buttons=self._next(entry, language, {facet for facet, _ in sheet.known()}),
        )

    def facet(self, entry: Entry, facet: Facet, language: str, now: dt.datetime) -> Reply:
        """One fact of the entry, or the plain statement that nobody knows it."""
        if facet is not Facet.CONTACT and _freshness(entry, now) is Freshness.STALE:
            return self._stale(entry, language, now)
        name = entry.text(language).name
        value = FactSheet(entry, language, self._catalogue, now).value(facet)
        unknown = self._catalogue.text(language, f"facet.unknown.{facet}", name=name)
        return Reply(
            language=language,
            title=name,
            paragraphs=() if value else (unknown,),
            facts=(Fact(label=self._label(language, facet), value=value),) if value else (),
            notes=self._notes(entry, language, now),
            sources=self._sources(entry.sources, entry.verified, language),
            buttons=(self._button(language, "more", _payload("ask", entry_id=entry.id)), self.person(language)),
            about=entry.id,
            facet=facet,
        )

    def _stale(self, entry: Entry, language: str, now: dt.datetime) -> Reply:
        """Nobody looked for too long: the name, how to get in touch, and that it must be asked."""
        sheet = FactSheet(entry, language, self._catalogue, now)
        contact = sheet.value(Facet.CONTACT)
        date = date_in_words(self._catalogue, language, entry.verified.on)
        return Reply(
            language=language,
            title=entry.text(language).name,
            paragraphs=(self._catalogue.text(language, "answer.stale", date=date),),
            facts=(Fact(label=self._label(language, Facet.CONTACT), value=contact),) if contact else (),
            notes=self._label_of(entry.text(language).review.state, language),
            sources=self._sources(entry.sources, entry.verified, language),
            buttons=(self.person(language),),
        )

    def _own_status(self, text: Text, status: str | None) -> tuple[str, ...]:
        return tuple(line for known, line in text.for_status.items() if known == status)

    def _by_status(self, text: Text, status: str | None, language: str) -> tuple[Section, ...]:
        """What differs, group by group, for who did not say which one is theirs."""
        if not text.for_status or status in set(ResidenceStatus):
            return ()
        lines = ((self._catalogue.text(language, f"status.{known}"), line) for known, line in text.for_status.items())
        steps = tuple(Step(text=f"{group}: {line}") for group, line in lines)
        return (Section(heading=self._catalogue.text(language, "status.differs"), steps=steps, ordered=False),)

    def _ask_back(self, answer: Answer, language: str) -> Reply:
        chosen = [self._kaart.entry(ranked.id) for ranked in answer.entries[:3]]
        buttons = [self._entry_button(entry, language) for entry in chosen]
        none = Button(title=self._catalogue.text(language, "answer.none_of_these"), payload="/deny")
        return self.text(language, "answer.ask_back", [*buttons, none, self.person(language)])

    def _question(self, rule: Rule, id: str, language: str) -> Reply:
        question = rule.question(id)
        buttons = [
            Button(title=said(option.label, language), payload=_payload("rule_answer", value=option.value))
            for option in question.options
        ]
        stop = self._button(language, "stop", "/stop")
        return Reply(
            language=language, paragraphs=(said(question.text, language),), buttons=(*buttons, stop, self.person(language))
        )

    def _outcome(self, rule: Rule, given: dict[str, str], language: str) -> Reply:
        outcome = decide(rule, given)
        because = self._catalogue.text(language, "rule.because")
        sections = []
        for section, key in OUTCOME_SECTIONS:
            rows = [row for row in outcome.rows if row.section == section]
            lines = tuple(
                Step(text=said(row.text, language), because=f"{because} {said(row.because, language)}" if row.because else None)
                for row in rows
            )
            if lines:
                sections.append(Section(heading=self._catalogue.text(language, key), steps=lines, ordered=section == "step"))
        if outcome.missing:
            asked = tuple(Step(text=said(question.text, language)) for question in outcome.missing)
            sections.append(Section(heading=self._catalogue.text(language, "rule.missing"), steps=asked, ordered=False))
        warnings = outcome.of("warning")
        entry = self._kaart.entry(rule.entry)
        return Reply(
            language=language,
            title=said(rule.title, language),
            paragraphs=tuple(said(row.text, language) for row in warnings),
            sections=tuple(sections),
            notes=(self._catalogue.text(language, "rule.not_a_decision"), *self._label_of(rule.review.state, language)),
            sources=self._sources(rule.sources, rule.verified, language),
            buttons=(self._entry_button(entry, language), *self._related(entry, language), self.person(language)),
        )

    def _state(self, entry: Entry, language: str) -> tuple[str, ...]:
        return () if entry.state is State.ACTIVE else (self._catalogue.text(language, f"answer.state.{entry.state}"),)

    def _notes(self, entry: Entry, language: str, now: dt.datetime) -> tuple[str, ...]:
        notes = list(self._label_of(entry.text(language).review.state, language))
        if language not in entry.texts:
            notes.insert(0, self._catalogue.text(language, "answer.not_translated"))
        if _freshness(entry, now) is not Freshness.FRESH:
            date = date_in_words(self._catalogue, language, entry.verified.on)
            notes.append(self._catalogue.text(language, "answer.overdue", date=date))
        if language != "nl":
            notes.append(self._catalogue.text(language, "answer.dutch_name", name=entry.texts["nl"].name))
        return tuple(notes)

    def _label_of(self, state: ReviewState, language: str) -> tuple[str, ...]:
        return () if state is ReviewState.REVIEWED else (self._catalogue.text(language, f"answer.label.{state}"),)

    def _sources(self, sources: Iterable[SourceRef], verified: Verified, language: str) -> tuple[str, ...]:
        documents = self._kaart.municipality.sources
        lines = []
        for ref in sources:
            document = documents[ref.document]
            where = f"{document.title}, {ref.chapter}" if ref.chapter else document.title
            lines.append(self._catalogue.text(language, "answer.source", source=f"{where} ({document.date})"))
        date = date_in_words(self._catalogue, language, verified.on)
        return (*lines, self._catalogue.text(language, f"answer.checked.{verified.against}", date=date))

    def _next(self, entry: Entry, language: str, known: set[Facet]) -> tuple[Button, ...]:
        buttons = [self._entry_button(self._kaart.entry(id), language) for id in entry.instead if id in self._kaart]
        buttons += [self._button(language, "start", _payload("ask", rule=entry.rule))] if entry.rule else []
        askable = ASKABLE if entry.state is not State.ENDED else ()
        buttons += [self._button(language, facet, f"/facet_{facet}") for facet in askable if facet not in known]
        buttons += self._related(entry, language)
        buttons += [self._button(language, "good", "/feedback_good"), self._button(language, "bad", "/feedback_bad")]
        once = list({button.payload: button for button in buttons}.values())
        return (*once[:MAX_BUTTONS], self.person(language))

    def _related(self, entry: Entry, language: str) -> list[Button]:
        return [self._entry_button(self._kaart.entry(id), language) for id in entry.related if id in self._kaart][:2]

    def _entry_button(self, entry: Entry, language: str) -> Button:
        return Button(title=entry.text(language).name, payload=_payload("ask", entry_id=entry.id))

    def _button(self, language: str, name: str, payload: str) -> Button:
        return Button(title=self._catalogue.text(language, f"button.{name}"), payload=payload)

    def _label(self, language: str, facet: Facet) -> str:
        return self._catalogue.text(language, f"facet.{facet}")


def _freshness(entry: Entry, now: dt.datetime) -> Freshness:
    """By the local day."""
    return freshness(entry, now.astimezone(AMSTERDAM).date())


def _payload(intent: str, **entities: str) -> str:
    return f"/{intent}{json.dumps(entities, separators=(',', ':'))}"
