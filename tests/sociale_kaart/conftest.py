"""A small valid kaart in a folder, to break in one place per test."""

from __future__ import annotations

from pathlib import Path

import pytest

from sociale_kaart.kaart import Kaart
from sociale_kaart.loader import load_kaart

SETTINGS = """\
id: dorp
name: Dorp
languages: [nl, en]
desk:
  name: {nl: het loket, en: the desk}
sources:
  BOEK: {title: Een boek, date: "2024"}
"""

ENTRY = """\
id: %(id)s
kind: desk
themes: [housing]
state: active
sources:
  - {document: BOEK, chapter: "1"}
verified: {on: 2026-01-31, by: redactie, against: source}
texts:
  nl:
    name: Naam van %(id)s
    summary: Dit is %(id)s.
    answer: [Je kunt er terecht.]
    questions: [waar is %(id)s, wat is %(id)s, wanneer open %(id)s, wat kost %(id)s, voor wie %(id)s]
    review: {state: draft}
  en:
    name: Name of %(id)s
    summary: This is %(id)s.
    answer: [You can go there.]
    questions: ["where is %(id)s", "what is %(id)s", "when open %(id)s", "what cost %(id)s", "for whom %(id)s"]
    review: {state: draft}
"""

RULE = """\
id: geld
entry: bank
title: {nl: Geld, en: Money}
questions:
  - id: rich
    text: {nl: "Ben je rijk?", en: "Are you rich?"}
    options:
      - {value: "yes", label: {nl: Ja, en: "Yes"}}
      - {value: "no", label: {nl: Nee, en: "No"}}
      - {value: unknown, label: {nl: Weet ik niet, en: I do not know}}
  - id: alone
    text: {nl: "Woon je alleen?", en: "Do you live alone?"}
    options:
      - {value: "yes", label: {nl: Ja, en: "Yes"}}
      - {value: "no", label: {nl: Nee, en: "No"}}
rows:
  - {id: ask, section: step, when: {rich: ["no"]}, text: {nl: Vraag geld., en: Ask for money.}}
  - {id: more, section: step, when: {rich: ["no"], alone: ["no"]}, text: {nl: Vraag meer., en: Ask for more.}}
  - {id: find_out, section: warning, when: {rich: [unknown]}, text: {nl: Zoek het uit., en: Find out.}}
  - {id: keep, section: keep, text: {nl: Bewaar de bon., en: Keep the receipt.}}
cases:
  - {name: alone, given: {rich: "no", alone: "yes"}, then: [ask, keep]}
  - {name: nothing known, given: {}, then: [find_out, keep], missing: [rich, alone]}
sources: [{document: BOEK}]
verified: {on: 2026-01-31, by: redactie, against: source}
review: {state: draft}
"""


class Folder:
    """The folder of a small kaart: entries `bank` and `winkel`, rule `geld`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.write("kaart.yaml", SETTINGS)
        for id in ("bank", "winkel"):
            self.write(f"entries/{id}.yaml", ENTRY % {"id": id})
        self.write("rules/geld.yaml", RULE)

    def write(self, name: str, text: str) -> None:
        (self.path / name).parent.mkdir(parents=True, exist_ok=True)
        (self.path / name).write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        """Replace `old`, which must stand there, the first time that it does."""
        text = (self.path / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new, 1))

    def load(self) -> Kaart:
        return load_kaart(self.path)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "dorp")


@pytest.fixture(scope="session")
def nijmegen(kaart) -> Kaart:
    """The kaart that the project ships."""
    return kaart
