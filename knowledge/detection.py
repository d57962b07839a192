"""Which language a message is in. 'I do not know' is a value.

The alphabet decides first; within an alphabet, a table of letter sequences (learned by knowledge.training.detection) and
letters that only some languages have. Where nothing is clear, the language of the conversation so far is kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from math import exp
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from knowledge.naming import greeted

MODEL: Final = Path(__file__).with_suffix(".tsv")
SCALE: Final = 10
"""Evidence in the table is a natural logarithm times this."""

_LONGEST: Final = 4
_LETTERS: Final = 100  # more letters than this tell nothing new
_OVERLAP: Final = 4.0  # letter sequences of one word tell the same thing more than once
_WHOLE: Final = 5  # a word known as a whole tells more than its parts
_MARGIN: Final = 0.75  # least confidence to name a language
_LEAST_FIT: Final = 1.25  # least evidence per letter sequence (logarithm): below, the text is in none of the languages
_FOREIGN: Final = 0.25  # share of words in another alphabet than Latin from which on that alphabet decides

_NAMES: Final = frozenset(
    [
        "duo",
        "ind",
        "coa",
        "bsn",
        "digid",
        "uwv",
        "ggd",
        "isk",
        "azc",
        "svb",
        "cak",
        "b1",
        "a2",
        "b2",
        "nijmegen",
        "whatsapp",
        "ok",
        "oke",
        "okay",
    ]
)
"""Names and signs that stand in every language."""
_ADDRESS = re.compile(r"\S*(?:://|www\.|@)\S*|\S+\.(?:nl|com|org|eu)\b")
_WORD = re.compile(r"[^\W_]+(?:['’`ʼ][^\W_]+)*")


class Script(StrEnum):
    """Alphabets of the languages in the table."""

    LATIN = "Latin"
    CYRILLIC = "Cyrillic"
    ARABIC = "Arabic"
    ETHIOPIC = "Ethiopic"


_BLOCKS: Final = (
    (0x0041, 0x024F, Script.LATIN),
    (0x1E00, 0x1EFF, Script.LATIN),
    (0x0400, 0x052F, Script.CYRILLIC),
    (0x0600, 0x077F, Script.ARABIC),
    (0x08A0, 0x08FF, Script.ARABIC),
    (0x1200, 0x139F, Script.ETHIOPIC),
    (0x2D80, 0x2DDF, Script.ETHIOPIC),
    (0xAB00, 0xAB2F, Script.ETHIOPIC),
)

_HOME: Final = {Script.CYRILLIC: ("uk", "ru"), Script.ARABIC: ("ar", "fa"), Script.ETHIOPIC: ("ti", "am")}
"""Per alphabet, the offered language that keeps a short text that could be either, and the one it could be."""

_TELLING: Final = {
    Script.CYRILLIC: {"uk": "іїєґ", "ru": "ыэёъ", "bg": "ъ"},
    Script.ARABIC: {"fa": "پچژگ", "ckb": "ڤێۆڕڵەۊ", "ps": "ټډړښګېۍځڅڼږ", "ur": "ٹڈڑںےہھ"},
    Script.ETHIOPIC: {"ti": "ቐቑቒቓቔቕቖቛቝ"},
    Script.LATIN: {
        "de": "ßäüö",
        "tr": "şğıçüö",
        "pl": "łśćńźżąęó",
        "es": "ñ¿¡óíá",
        "fr": "çœèêàùâ",
        "pt": "ãõç",
        "kmr": "êîûşç",
        "it": "èòàù",
    },
}
"""Letters that tell a language by themselves."""
_TELLS: Final = {Script.LATIN: 2.0, Script.CYRILLIC: 4.0, Script.ARABIC: 4.0, Script.ETHIOPIC: 4.0}
"""What one such letter adds (logarithm); accents in Latin are shared by several languages."""
_EXPECTED: Final = {Script.CYRILLIC: {"uk": ("іїєґ", 0.13), "ru": ("ыэёъ", 0.03)}}
"""Letters that a longer text in that language holds, and what every letter of a text without them takes away (logarithm)."""
_OFTEN: Final = 5  # more of them tell nothing new
_AT_HOME: Final = 1.0  # what the offered language of an alphabet has before anything is read (logarithm)
_NOT_ARABIC: Final = "پچژگڤێۆڕڵەټډړښګېۍځڅڼږٹڈڑںےہھیک"


@dataclass(frozen=True)
class Detection:
    """What was found. `code` None: not known. `confidence` 0 to 1. `close`: the language that it could also be."""

    code: str | None
    confidence: float
    close: str | None


_UNKNOWN: Final = Detection(None, 0.0, None)


def tokens(text: str) -> Iterator[str]:
    """The words of a text as they are compared: lower case, web and mail addresses and bare numbers left out."""
    folded = unicodedata.normalize("NFKC", _ADDRESS.sub(" ", text)).lower().replace("ـ", "")
    return (word for word in _WORD.findall(folded) if not word.isnumeric() and word not in _NAMES)


def grams(word: str) -> Iterator[str]:
    """The letter sequences of a word, its edges marked, and the word itself."""
    marked = f"_{word[:20]}_"
    for size in range(1, _LONGEST + 1):
        for at in range(len(marked) - size + 1):
            if (gram := marked[at : at + size]) != "_":
                yield gram
    if len(marked) > _LONGEST:
        yield marked


@cache
def _script_of(char: str) -> Script | None:
    code = ord(char)
    return next((script for low, high, script in _BLOCKS if low <= code <= high), None)


def _script(found: list[str]) -> Script | None:
    """The alphabet of the message: another than Latin wins early, because Dutch names stand in every language."""
    counts = Counter(script for word in found if (script := _word_script(word)))
    if not counts:
        return None
    foreign = [(number, script) for script, number in counts.items() if script is not Script.LATIN]
    if foreign:
        number, script = max(foreign)
        if number >= _FOREIGN * counts.total():
            return script
    return Script.LATIN if counts[Script.LATIN] else None


def _word_script(word: str) -> Script | None:
    return next((script for char in word if char.isalpha() and (script := _script_of(char))), None)


@dataclass(frozen=True)
class _Table:
    """Evidence of one alphabet: `lifts` is int16 [letter sequences, languages]; its first row, all zero, is for unknown ones."""

    names: tuple[str, ...]
    rows: Mapping[str, int]
    lifts: npt.NDArray[np.int16]


@cache
def _tables() -> Mapping[Script, _Table]:
    found: dict[Script, dict[str, dict[str, int]]] = {script: {} for script in Script}
    for line in MODEL.read_text(encoding="utf-8").splitlines():
        script, gram, evidence = line.split("\t")
        pairs = (pair.split(":") for pair in evidence.split(" "))
        found[Script(script)][gram] = {name: int(value) for name, value in pairs}
    return {script: _table(lifts) for script, lifts in found.items()}


def _table(evidence: Mapping[str, Mapping[str, int]]) -> _Table:
    names = tuple(sorted({name for lifts in evidence.values() for name in lifts}))
    matrix = np.zeros((len(evidence) + 1, len(names)), dtype=np.int16)
    for row, lifts in enumerate(evidence.values(), 1):
        for name, value in lifts.items():
            matrix[row, names.index(name)] = value
    return _Table(names, {gram: row for row, gram in enumerate(evidence, 1)}, matrix)


def _read(table: _Table, found: list[str]) -> tuple[dict[str, float], float]:
    """Per language the sum of the evidence (logarithm), and the best language's evidence per letter sequence."""
    parts = [gram for word in found for gram in grams(word)]
    known = [row for gram in parts if (row := table.rows.get(gram, 0))]
    whole = [row for gram in parts if gram[0] == gram[-1] == "_" and (row := table.rows.get(gram, 0))]
    sums = table.lifts[known].sum(axis=0) + table.lifts[whole].sum(axis=0) * (_WHOLE - 1)
    scores = dict(zip(table.names, (sums / SCALE / _OVERLAP).tolist(), strict=True))
    return scores, float(sums.max()) / SCALE / max(len(parts), 1)


def _add_signs(script: Script, letters: str, scores: dict[str, float]) -> None:
    """Adds what single letters tell, and what speaks for the offered language of the alphabet."""
    for name, signs in _TELLING[script].items():
        scores[name] = scores.get(name, 0.0) + _TELLS[script] * min(sum(map(letters.count, signs)), _OFTEN)
    for name, (signs, loss) in _EXPECTED.get(script, {}).items():
        if not any(sign in letters for sign in signs):
            scores[name] = scores.get(name, 0.0) - loss * len(letters)
    if script in _HOME:
        scores[_HOME[script][0]] += _AT_HOME
    if script is Script.ARABIC:
        scores["ar"] -= _TELLS[script] * min(sum(map(letters.count, _NOT_ARABIC)), _OFTEN)


def _most_likely(scores: Mapping[str, float]) -> list[tuple[float, str]]:
    """Languages with their share of belief, the most likely first; two alphabets of one language count together."""
    top = max(scores.values())
    shares: Counter[str] = Counter()
    for name, score in scores.items():
        shares[name.split("-")[0]] += exp(max(score - top, -60))  # type: ignore[assignment]
    total = sum(shares.values())
    return sorted(((share / total, name) for name, share in shares.items()), reverse=True)


def detect(text: str, previous: str | None = None) -> Detection:
    """The language of a message. `previous`: the conversation's, kept where the text alone decides nothing. Never raises."""
    found = list(tokens(text[: 8 * _LETTERS]))
    if code := greeted(" ".join(found)):
        return _kept(previous, Detection(code, _MARGIN, None))
    script = _script(found)
    if script is None:
        return _kept(previous, _UNKNOWN)
    spoken = list(_first(word for word in found if _word_script(word) is script))
    table = _tables()[script]
    scores, fit = _read(table, spoken)
    _add_signs(script, "".join(spoken), scores)
    ranked = _most_likely(scores)
    confidence, code = ranked[0]
    told = script is not Script.LATIN or len(spoken) > 1 or f"_{spoken[0]}_" in table.rows
    if confidence >= _MARGIN and fit >= _LEAST_FIT and told:
        close = ranked[1][1] if ranked[1][0] >= 1 - _MARGIN else None
        return Detection(code, round(confidence, 3), close)
    return _undecided(script, ranked, previous)


def _first(found: Iterable[str]) -> Iterator[str]:
    """Words until enough letters are read."""
    letters = 0
    for word in found:
        yield word
        if (letters := letters + len(word)) > _LETTERS:
            return


def _undecided(script: Script, ranked: list[tuple[float, str]], previous: str | None) -> Detection:
    """A text that could be in several languages: the conversation's, else the offered one of the alphabet, else unknown."""
    likely = [name for share, name in ranked if share >= 1 - _MARGIN]
    if previous is None and script in _HOME and _HOME[script][0] in likely:
        home, rival = _HOME[script]
        return Detection(home, round({name: share for share, name in ranked}[home], 3), rival)
    return _kept(previous, Detection(None, round(ranked[0][0], 3), likely[0] if likely else None))


def _kept(previous: str | None, otherwise: Detection) -> Detection:
    return Detection(previous, 0.5, otherwise.close) if previous else otherwise
