"""From a group of questions to what changes in the kaart. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from fastapi.datastructures import FormData
from ruamel.yaml.comments import CommentedMap

from api.desk.kaart.document import plain, put
from api.publishing.cases import Case
from api.publishing.edits import Change
from api.signals.cleaning import MARKS, NAME, marked, unmarked
from api.signals.errors import NothingChosen, StillPersonal
from api.signals.groups import Group
from sociale_kaart.kaart import Kaart

LONGEST = 200
LIKELY = 0.5
"""From this probability on, the nearest entry is chosen beforehand; below it a tap too much would publish nonsense."""


@dataclass(frozen=True)
class Form:
    """What somebody chose: the entry, the questions, and the words of each by the id of its message, with its language."""

    entry_id: str
    chosen: frozenset[int]
    texts: Mapping[int, tuple[str, str]]

    @classmethod
    def first(cls, group: Group, kaart: Kaart) -> Form:
        """What the page proposes: the most central question of each language, and the nearest own entry when it is likely."""
        near = group.near[0].id if group.near and (group.probability or 0) >= LIKELY and kaart.is_own(group.near[0].id) else ""
        chosen = frozenset(questions[0].id for questions in group.examples.values())
        return cls(near, chosen, _proposed(group))


@dataclass(frozen=True)
class Plan:
    """What is published: the change of the entry, the cases of the question set, and a note that says so."""

    changes: Mapping[str, Change]
    cases: Sequence[Case]
    note: str


def read_form(form: FormData, group: Group) -> Form:
    """What was sent. Only examples of the group count; their words may have been edited."""
    proposed = _proposed(group)
    sent = set(form.getlist("vraag"))
    texts = {
        id: (language, " ".join(str(form.get(f"tekst-{id}", text)).split())[:LONGEST])
        for id, (language, text) in proposed.items()
    }
    return Form(str(form.get("onderwerp", "")), frozenset(id for id in proposed if str(id) in sent), texts)


def adding(form: Form, kaart: Kaart) -> Plan:
    """The publication that puts the chosen questions into the kaart.

    Raises:
        NothingChosen: no question with words, or no entry of the kaart.
        StillPersonal: a question still holds a number, an address or the like. Names are for the editor to see.
    """
    cases = [Case(*form.texts[id], form.entry_id) for id in sorted(form.chosen) if form.texts[id][1]]
    if not cases or form.entry_id not in kaart:
        raise NothingChosen
    for case in cases:
        if _personal(case.text):
            raise StillPersonal(question=case.text)
    by_language: dict[str, list[str]] = {}
    for case in cases:
        by_language.setdefault(case.language, []).append(case.text)
    note = f"{form.entry_id}: {len(cases)} {'vraag' if len(cases) == 1 else 'vragen'} van nieuwkomers"
    return Plan({form.entry_id: _asking(by_language)}, cases, note)


def prefilled(group: Group, languages: Collection[str]) -> dict[str, list[str]]:
    """The fields of the form for a new entry that the group fills: its questions, in each language of the kaart."""
    return {
        f"{language}.questions": ["\n".join(filter(None, (unmarked(question.text) for question in questions)))]
        for language, questions in group.examples.items()
        if language in languages
    }


def _personal(text: str) -> bool:
    """Whether a mark stands in it, or would in the place of something else than a name."""
    found = marked(text)
    return any(mark in text for mark in MARKS) or any(mark in found for mark in MARKS - {NAME})


def _asking(questions: Mapping[str, Sequence[str]]) -> Change:
    """Add example questions, after those that stand there; in a language that the entry has no text in, none are added."""

    def change(document: CommentedMap) -> None:
        for language, texts in questions.items():
            if language not in document["texts"]:
                continue
            now = plain(document["texts"][language].get("questions") or [])
            there = {question.casefold() for question in now}
            new = [text for text in dict.fromkeys(texts) if text.casefold() not in there]
            put(document, ("texts", language, "questions"), [*now, *new], [])

    return change


def _proposed(group: Group) -> dict[int, tuple[str, str]]:
    return {
        question.id: (language, unmarked(question.text))
        for language, questions in group.examples.items()
        for question in questions
    }
