"""The model card: what the encoder is, what it learned from, how good it is and what it cannot do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_LICENCES = """\
| data | licence |
| --- | --- |
| FLORES-200 dev (510 sentences, by SIB-200): measured on, never learned from | CC BY-SA 4.0 |
| NTREX-128; Travis volunteers; XQuAD questions; xSID; Ge'ez Frontier Foundation dictionary | CC BY-SA 4.0 |
| PUD | CC BY-SA 3.0 |
| HornMT; GATITOS; African Storybook; AfriSenti (n-gram counts only) | CC BY 4.0 |
| Tatoeba | CC BY 2.0 FR |
| TICO-19; Refugee Phrasebook; Doctors of the World COVID-19 guidance; Washington State vaccine record texts | CC0 1.0 |
| CLDR names | Unicode License v3 |
| Universal Declaration of Human Rights | public domain |
| interface texts: Integreat, Refugies.info, MSF assistant, GOV.UK, Smittestopp, Your Priorities, TigQA | MIT |
| interface texts: 121 (Red Cross), Corona-Warn-App, ODK Collect, Lingua | Apache-2.0 |
| interface texts: Primero, Just Match, Wayfinder, KoboToolbox, HumHub, Element X, Nextcloud | AGPL-3.0 |
| interface texts: HCW, Oppia, MediaWiki, NewPipe, Psiphon, AllTrans, Tusky, AnkiDroid, OpenStreetMap | GPL-2.0 or GPL-3.0 |
| interface texts: SwissCovid, Common Voice, mozilla.org; CoronaMelder; IoGT | MPL-2.0; EUPL-1.2; BSD-3-Clause |
| the kaart's own names, summaries, answers, facts and questions | as the kaart |
| question variants (`knowledge/variants/`) but those kept for development | as the project |
| all-MiniLM-L6-v2, the teacher: what it says of the English texts above | Apache-2.0 |
"""

_TEMPLATE = """\
---
language: [nl, en, ar, ti, uk]
library_name: sentence-transformers
pipeline_tag: sentence-similarity
---
# Encoder of the kaart assistant

Turns a sentence in Dutch, English, Arabic, Tigrinya or Ukrainian into a vector of {dimension} numbers, so that sentences that
mean the same lie close together, whatever their language. `SentenceTransformer(folder)` loads it, offline, with the library's
own modules alone.

## What it is

{body}
It learned, {epochs} times over, that a sentence and its translation belong together, and so do two texts of one entry of the
kaart, among {batch} others at a time; parts were left out, words mistyped and some texts written in Latin letters at random.
{teaching_told} `python -m knowledge.training CORPORA --kaart sociale_kaart/nijmegen
--kaart sociale_kaart/landelijk --teacher FOLDER` makes it again (seed {seed}).

## Data

{licences}
MSF assistant and Your Priorities look machine-translated. No sentence of the data is in this folder: only numbers,
and {kept}. Tatoeba, PUD, xSID and XQuAD are published test sets: scores of this encoder on them
mean nothing.

## Figures

Translation that comes first among {sentences} sentences never trained on (FLORES-200 dev), per cent:

{translations}
{questions}
## Limits

- It knows words, not sentences: negation, word order and who does what to whom are invisible to it.
- Latin letters for Arabic, Tigrinya and Ukrainian were learned from random spellings; there it finds far less. Dialect Arabic and
  Russian were hardly in the data.
- A word that it never met is only the sum of its parts; names of places and organisations may come out as anything.
- Scores are not probabilities and differ between languages: calibrate before any threshold.
- The figures are of translated news and travel texts and of questions that the kaart's authors wrote; people ask differently.
- A development question is never learned from, nor are other questions of its entry in its style; the translation of an example
  question of the kaart into another language may be, and may be among what is searched.
"""

_ROWS = """\
One table of at most {rows} rows, one for each {row}.
A sentence is the normalised sum of the rows of its parts. `tokenizer.json` normalises the spelling and finds the parts; how is
told in `knowledge/training/{module}`. Rows are stored in 8 bits with one scale each. There is no attention and no word order.
"""
_ATTENTION = "A small transformer over byte-pair pieces of words; a sentence is the mean of its pieces.\n"
_SHAPES = {
    "ngrams": (
        _ROWS,
        {"row": "frequent character n-gram (up to 4 in Ethiopic script, 5 in others)", "module": "tokenizer.py"},
        "n-grams of at most five characters",
    ),
    "pieces": (_ROWS, {"row": "frequent byte-pair piece of a word", "module": "pieces.py"}, "pieces of words"),
    "transformer": (
        "A small transformer over byte-pair pieces of words; a sentence is the mean of its pieces.\n",
        {},
        "pieces of words",
    ),
}


def _table(head: str, lines: Mapping[str, Mapping[str, float]]) -> str:
    columns = list(dict.fromkeys(column for cells in lines.values() for column in cells))
    rows: list[Sequence[str]] = [[head, *columns], ["---"] * (len(columns) + 1)]
    rows += [
        [name, *(f"{100 * cells[column]:.0f}" if column in cells else "" for column in columns)] for name, cells in lines.items()
    ]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in rows)


def _translations(shares: Mapping[str, float]) -> str:
    if not shares:
        return "not measured\n"
    lines: dict[str, dict[str, float]] = {}
    for pair, share in shares.items():
        source, _, target = pair.partition(">")
        lines.setdefault(f"to {target}", {})[source] = share
    return _table("", lines)


def _questions(count: int, shares: Mapping[str, Mapping[str, float]]) -> str:
    if not shares:
        return ""
    lines = {name.replace("_", " "): cells for name, cells in shares.items()}
    head = f"Right entry of the kaart first, for its {count} development questions, by this encoder alone, per cent:\n\n"
    return head + _table("searched in", lines)


def card(figures: Mapping[str, Any]) -> str:
    """The model card as Markdown, from the content of `figures.json`."""
    taught = (
        "Every text was drawn towards what an English encoder, all-MiniLM-L6-v2, says of its English (knowledge distillation)."
    )
    body, words, kept = _SHAPES[figures["recipe"]["shape"]]
    return _TEMPLATE.format(
        **figures["recipe"],
        body=body.format(**figures["recipe"], **words),
        kept=kept,
        teaching_told=taught if figures.get("taught") else "It had no teacher.",
        licences=_LICENCES,
        sentences=figures["development_sentences"],
        translations=_translations(figures["translation_first"]),
        questions=_questions(figures["development_questions"], figures["right_entry_first"]),
    )
