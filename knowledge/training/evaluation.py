"""How good an encoder is on what it was not trained on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from knowledge.encoder import Encoder
from knowledge.passages import Passage
from knowledge.training.corpora import LANGUAGES, Rows

Figures = dict[str, float]
_TARGETS = ("en", "nl")


def translations(encoder: Encoder, rows: Rows, texts: Sequence[str]) -> Figures:
    """Share of held-out sentences whose translation comes first among all of them: `ti>en` and so on."""
    if not len(rows):
        return {}
    vectors = {
        language: encoder.encode([texts[number] for number in rows[:, column]]) for column, language in enumerate(LANGUAGES)
    }
    places = np.arange(len(rows))
    return {
        f"{source}>{target}": _share((vectors[source] @ vectors[target].T).argmax(axis=1) == places)
        for target in _TARGETS
        for source in LANGUAGES
        if source != target
    }


def questions(encoder: Encoder, passages: Sequence[Passage]) -> dict[str, Figures]:
    """Share of the kaart's development questions with the right entry first, by language and over `all`.

    `all_texts`: among the texts of all languages; `dutch_texts`: among the Dutch ones alone, as if no translation existed.
    """
    index = [passage for passage in passages if not passage.development]
    asked = [passage for passage in passages if passage.development]
    if not index or not asked:
        return {}
    scores = encoder.encode([passage.text for passage in asked]) @ encoder.encode([passage.text for passage in index]).T
    dutch = np.array([passage.language == "nl" for passage in index])
    found = {"all_texts": scores.argmax(axis=1), "dutch_texts": np.where(dutch, scores, -np.inf).argmax(axis=1)}
    return {name: _by_language(asked, [index[place].entry_id for place in places]) for name, places in found.items()}


def _by_language(asked: Sequence[Passage], answers: Iterable[str]) -> Figures:
    right = np.array([passage.entry_id == answer for passage, answer in zip(asked, answers, strict=True)])
    languages = np.array([passage.language for passage in asked])
    return {language: _share(right[languages == language]) for language in sorted(set(languages))} | {"all": _share(right)}


def _share(hits: npt.NDArray[np.bool_]) -> float:
    return round(float(hits.mean()), 3)
