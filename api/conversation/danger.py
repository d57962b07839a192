"""Danger in a message: fixed rules, before any model or network, in every language whatever language was chosen.

A rule names groups of words that stand near each other in one sentence (`danger.yaml`). What turns such words into a
question about a service, or into a story of long ago, stands beside it; a danger of now outweighs a story.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Final

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from knowledge.text import words

RULES: Final = Path(__file__).with_name("danger.yaml")

_AROUND: Final = 9  # words before and after a match in which a question or a story is looked for
_BESIDE: Final = 5  # the same for what makes one rule harmless
_SENTENCE = re.compile(r"[.!?;؟؛።፧…]+|፡፡|::")
_THRICE = re.compile(r"(.)\1{2,}")
_ROWS: Final = {"ቐ": "ቀ", "ኸ": "ከ", "ዐ": "አ"}
_ORDERS: Final = 7
_SAME: Final = str.maketrans(
    {chr(ord(a) + i): chr(ord(b) + i) for a, b in _ROWS.items() for i in range(_ORDERS)}
    | {"ዐ": "ኣ", "ሀ": "ሃ", "ё": "е", "ґ": "г", "ؤ": "و", "ئ": "ي", "ی": "ي", "ک": "ك", "ء": "", "'": ""}
)


class Danger(StrEnum):
    """What kind of help cannot wait, the most urgent first."""

    EMERGENCY = "emergency"
    SUICIDE = "suicide"
    VIOLENCE = "violence"
    CHILD = "child"


Pattern = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^(@[a-z._]+|~?[^@~]+)$")]


def _listed(value: object) -> object:
    return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value


Patterns = Annotated[tuple[Pattern, ...], BeforeValidator(_listed)]
"""In the file: one string, separated by commas."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RuleData(_Strict):
    """One rule: every group of `words` must occur."""

    kind: Danger = Field(description="Which danger it tells.")
    lang: str = Field(description="Language of the words, for who reviews them.")
    words: tuple[Patterns, ...] = Field(min_length=1, description="Groups of patterns; each must occur.")
    within: int = Field(7, ge=1, le=30, description="Words between the first group and each other one, at most.")
    order: bool = Field(False, description="True: the groups follow each other in this order.")
    sure: bool = Field(False, description="True: someone tells it of themselves, so words of a question do not count.")
    but_not: Patterns = Field((), description="Words beside a match that make it harmless.")


class RulesData(_Strict):
    """The whole file."""

    groups: dict[str, Patterns] = Field(description="Lists of patterns by name: word, stem*, *part*, *end, ~typo, two words.")
    question: dict[Danger, Patterns] = Field(description="Per kind: words of a question about the subject.")
    history: dict[Danger, Patterns] = Field(description="Per kind: words of a story of long ago or of another country.")
    others: dict[Danger, Patterns] = Field(description="Per kind: words of someone who asks how to help; no rule then holds.")
    now: Patterns = Field(description="Words of the present; they outweigh a story.")
    rules: tuple[RuleData, ...] = Field(min_length=1, description="The rules.")


@dataclass(frozen=True)
class _Rule:
    kind: Danger
    groups: tuple[int, ...]
    mask: int
    within: int
    order: bool
    others: int
    question: int | None
    history: int
    harmless: int | None


Hits = dict[int, list[tuple[int, int]]]
"""Per group: first and last word of each place where it occurs, in order."""


def sentences(text: str) -> list[str]:
    """The text at the ends of its sentences, in any alphabet; never none."""
    return _SENTENCE.split(text)


def _same(word: str) -> str:
    """The word with letters that people mix up made one."""
    return word.translate(_SAME)


def _spellings(word: str) -> tuple[str, ...]:
    """The word, and without the letters that someone kept pressing, and without an Arabic 'and' that is written onto it."""
    if _THRICE.search(word):
        return (word, _THRICE.sub(r"\1", word), _THRICE.sub(r"\1\1", word))
    if word[0] in "وف" and len(word) > 2:
        return (word, word[1:])
    return (word,)


def _one_typo(a: str, b: str) -> bool:
    """True if one letter was changed, left out, added, or two neighbours swapped."""
    if len(a) > len(b):
        a, b = b, a
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if len(a) < len(b):
        return len(b) - len(a) == 1 and a[at:] == b[at + 1 :]
    return a[at + 1 :] == b[at + 1 :] or (a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :])


class _Lexicon:
    """Finds which patterns of one word fit a word, without looking at every pattern."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._exact: dict[str, list[int]] = {}
        self._starts: dict[str, list[int]] = {}
        self._inside: dict[int, list[tuple[str, bool, int]]] = {}
        self._typos: dict[str, list[tuple[str, int]]] = {}

    def add(self, pattern: str) -> int:
        """The number of the pattern; the same pattern keeps its number."""
        if pattern in self._ids:
            return self._ids[pattern]
        number = self._ids[pattern] = len(self._ids)
        core = _same("".join(words(pattern.strip("*~"))))
        if pattern.startswith("*"):
            self._inside.setdefault(_script(core), []).append((core, pattern.endswith("*"), number))
        elif pattern.endswith("*"):
            self._starts.setdefault(core, []).append(number)
        else:
            self._exact.setdefault(core, []).append(number)
        if pattern.startswith("~"):
            self._typos.setdefault(core[0], []).append((core, number))
        return number

    def find(self, word: str) -> frozenset[int]:
        """Numbers of the patterns that fit the word."""
        return frozenset(number for spelling in _spellings(word) for number in self._find(spelling))

    def _find(self, word: str) -> Iterator[int]:
        yield from self._exact.get(word, ())
        for end in range(2, min(len(word), 20) + 1):
            yield from self._starts.get(word[:end], ())
        for part, anywhere, number in self._inside.get(_script(word), ()):
            if part in word and (anywhere or word.endswith(part)):
                yield number
        for typo, number in self._typos.get(word[:1], ()):
            if abs(len(typo) - len(word)) <= 1 and word != typo and _one_typo(word, typo):
                yield number


def _script(word: str) -> int:
    """A number per alphabet: blocks of 512 code points hold Latin, Cyrillic, Arabic and Ethiopic apart."""
    return ord(word[0]) >> 9 if word else 0


class DangerRules:
    """The compiled rules; built once, read by all."""

    def __init__(self, data: RulesData) -> None:
        self._data = data
        self._lexicon = _Lexicon()
        self._phrases: dict[int, list[tuple[tuple[int, ...], int]]] = {}
        self._groups: dict[frozenset[str], int] = {}
        self._now = self._group(data.now)
        order = list(Danger)
        self._rules = sorted((self._compile(rule) for rule in data.rules), key=lambda rule: order.index(rule.kind))

    def find(self, text: str) -> Danger | None:
        """The most urgent danger that the text tells, or None. Never raises."""
        found = {kind for sentence in sentences(text) if (kind := self._in_sentence(sentence))}
        return next((kind for kind in Danger if kind in found), None)

    def _compile(self, rule: RuleData) -> _Rule:
        groups = tuple(self._group(group) for group in rule.words)
        return _Rule(
            kind=rule.kind,
            groups=groups,
            mask=sum(1 << group for group in set(groups)),
            within=rule.within,
            order=rule.order,
            others=self._group(self._data.others.get(rule.kind, ())),
            question=None if rule.sure else self._group(self._data.question.get(rule.kind, ())),
            history=self._group(self._data.history.get(rule.kind, ())),
            harmless=self._group(rule.but_not) if rule.but_not else None,
        )

    def _group(self, patterns: Iterable[str]) -> int:
        """The number of a group of patterns, with the groups it names filled in."""
        flat = frozenset(self._flat(patterns))
        if flat not in self._groups:
            self._groups[flat] = len(self._groups)
            for phrase in flat:
                numbers = tuple(map(self._lexicon.add, phrase.split()))
                self._phrases.setdefault(numbers[0], []).append((numbers, self._groups[flat]))
        return self._groups[flat]

    def _flat(self, patterns: Iterable[str]) -> Iterator[str]:
        for pattern in patterns:
            if pattern.startswith("@"):
                yield from self._flat(self._data.groups[pattern[1:]])
            else:
                yield pattern

    def _hits(self, sentence: str) -> Hits:
        spoken = [_same(word) for word in words(sentence)]
        known: Mapping[str, frozenset[int]] = {word: self._lexicon.find(word) for word in set(spoken)}
        row = [known[word] for word in spoken]
        hits: Hits = {}
        for start, numbers in enumerate(row):
            for number in numbers:
                for phrase, group in self._phrases.get(number, ()):
                    end = start + len(phrase) - 1
                    if end < len(row) and all(phrase[i] in row[start + i] for i in range(1, len(phrase))):
                        hits.setdefault(group, []).append((start, end))
        return hits

    def _in_sentence(self, sentence: str) -> Danger | None:
        hits = self._hits(sentence)
        present = sum(1 << group for group in hits)
        fitting = (rule for rule in self._rules if rule.mask & present == rule.mask)
        return next((rule.kind for rule in fitting if self._holds(rule, hits)), None)

    def _holds(self, rule: _Rule, hits: Hits) -> bool:
        return any(not self._excused(rule, hits, *place) for place in _places(rule, hits))

    def _excused(self, rule: _Rule, hits: Hits, start: int, end: int) -> bool:
        if _near(hits, rule.harmless, start - _BESIDE, end + _BESIDE):
            return True
        start, end = start - _AROUND, end + _AROUND
        if _near(hits, rule.others, start, end) or _near(hits, rule.question, start, end):
            return True
        return _near(hits, rule.history, start, end) and not _near(hits, self._now, start, end)


def _near(hits: Hits, group: int | None, start: int, end: int) -> bool:
    """True if the group occurs between two words."""
    places = hits.get(group, ()) if group is not None else ()
    at = bisect_left(places, (start, -1))
    return at < len(places) and places[at][0] <= end


def _places(rule: _Rule, hits: Hits) -> Iterator[tuple[int, int]]:
    """First and last word of each place where all groups of the rule stand near each other."""
    for first in hits[rule.groups[0]]:
        taken = [first]
        for group in rule.groups[1:]:
            low = taken[-1][1] + 1 if rule.order else first[0] - rule.within
            if (place := _next_free(hits[group], low, first[0] + rule.within, taken)) is None:
                break
            taken.append(place)
        else:
            yield min(start for start, _ in taken), max(end for _, end in taken)


def _next_free(places: Sequence[tuple[int, int]], low: int, high: int, taken: list[tuple[int, int]]) -> tuple[int, int] | None:
    """The first place between two words that shares no word with those taken."""
    for at in range(bisect_left(places, (low, -1)), len(places)):
        start, end = places[at]
        if start > high:
            return None
        if all(end < a or start > b for a, b in taken):
            return start, end
    return None


def load_rules(path: Path = RULES) -> DangerRules:
    """Read and compile the rules. Raises pydantic.ValidationError or KeyError (an unknown group) if the file is wrong."""
    return DangerRules(RulesData.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))))


@cache
def _shipped() -> DangerRules:
    return load_rules()


def find_danger(text: str) -> Danger | None:
    """The most urgent danger that the text tells, by the rules that come with the program, or None. Never raises."""
    return _shipped().find(text)
