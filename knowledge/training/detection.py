"""Learns the table with which knowledge.detection tells languages apart.

`python -m knowledge.training.detection CORPORA_DIR` reads the parallel text (columns en nl ar uk ti), the seeds beside this file
(languages without parallel text) and the question variants that are not kept for development, and writes
knowledge/detection.tsv: per alphabet, letter sequences with, per language, how much more likely they are there than by chance
(natural logarithm, times SCALE, rounded). Arabic, Tigrinya and Ukrainian are learned in Latin letters too. FLORES sentences are
left out: they measure the result.
"""

from __future__ import annotations

import csv
import random
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain
from math import log
from pathlib import Path
from typing import Final

import numpy as np
import yaml

from knowledge.detection import MODEL, SCALE, Script, grams, tokens
from knowledge.languages import LANGUAGES
from knowledge.passages import Passage
from knowledge.training.romanisation import SPELLINGS, romanised
from knowledge.variants import read_variants

SEEDS: Final = Path(__file__).with_name("detection_seeds.yaml")
SOURCES: Final = ("ntrex", "hornmt", "tatoeba", "travis_volunteers", "refugee_phrasebook", "i18n_services", "xsid", "tico19")
LETTERS: Final = 400_000  # per language; more does not help
LATIN_LETTERS: Final = 100_000  # of those, written in Latin letters as people do who have no other keyboard
SEED_WEIGHT: Final = 40
VARIANT_WEIGHT: Final = 4
KAARTEN: Final = ("nijmegen", "landelijk")
CHANCE: Final = {True: 0.3, False: 0.25}
"""How much of a language's probability goes to chance, where little and where much text was seen."""
RAREST: Final = 2e-5
_BARE: Final = str.maketrans("ßłı", "sli")
LEAST: Final = 0.7  # evidence below this (natural logarithm) in every language is not kept


def _columns(folder: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(path for name in SOURCES for path in (folder / name).glob("*.tsv")):
        with file.open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE):
                yield from ((code, text) for code, text in row.items() if text and code in LANGUAGES)


def _corpora(folder: Path) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = {}
    for code, text in _columns(folder):
        texts.setdefault(code, []).append(text)
    chance = random.Random(1)
    for code, lines in texts.items():
        chance.shuffle(lines)
        length, kept = 0, []
        for line in lines:
            kept.append(line)
            if (length := length + len(line)) > LETTERS:
                break
        texts[code] = kept
    return texts


def _in_latin_letters(corpora: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """For each language with another alphabet some of its texts in Latin letters, under a name such as `uk-latn`."""
    random, written = np.random.default_rng(1), {}
    for code in sorted(SPELLINGS.keys() & corpora.keys()):
        lines = [romanised(line, code, random) for line in corpora[code]]
        most = next(
            (number for number, letters in enumerate(accumulate(map(len, lines)), 1) if letters > LATIN_LETTERS), len(lines)
        )
        written[f"{code}-latn"] = lines[:most]
    return written


def _variants() -> dict[str, list[str]]:
    """How people ask for what a kaart holds, with its Dutch names, by language (and alphabet)."""
    asked: dict[str, list[str]] = {}
    for variant in chain.from_iterable(map(read_variants, KAARTEN)):
        if not Passage(variant.entry_id, variant.language, "question", variant.text, variant.style).development:
            asked.setdefault(variant.language + ("-latn" if variant.style == "romanised" else ""), []).append(variant.text)
    return asked


def _count(texts: Iterable[str], weight: int) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text in texts:
        for word in tokens(text):
            for gram in grams(word):
                counts[gram] += weight
    return counts


def _share(counts: Counter[str]) -> dict[str, float]:
    total = counts.total() or 1
    return {gram: count / total for gram, count in counts.items()}


def _lifts(shares: dict[str, dict[str, float]], small: set[str]) -> Iterator[tuple[str, dict[str, int]]]:
    """Per letter sequence, per language: log of its share over chance. Chance is the same for every language."""
    vocabulary = {gram for share in shares.values() for gram, part in share.items() if part >= RAREST}
    floor = 1 / max(len(vocabulary), 1)
    for gram in sorted(vocabulary):
        lift = {
            name: log((share.get(gram, 0) * (1 - loss) + floor * loss) / (floor * loss))
            for name, share in shares.items()
            for loss in (CHANCE[name in small],)
        }
        if max(lift.values()) >= LEAST:
            yield gram, {name: round(value * SCALE) for name, value in lift.items() if round(value * SCALE) > 0}


def learn(
    corpora: Mapping[str, Sequence[str]], variants: Mapping[str, Sequence[str]], seeds: dict[str, dict[str, str]]
) -> Iterator[str]:
    """Lines of the table: alphabet, letter sequence, `language:evidence` separated by spaces."""
    for script in (Script.LATIN, Script.CYRILLIC, Script.ARABIC, Script.ETHIOPIC):
        seeded = seeds.get(script.value, {})
        spoken = [code for code in corpora if _alphabet(code) == script.value]
        counts = {code: _count(corpora[code], 1) for code in spoken}
        for name in (code for code in variants if _alphabet(code) == script.value):
            counts.setdefault(name, Counter()).update(_count(variants[name], VARIANT_WEIGHT))
        for name, text in seeded.items():
            counts.setdefault(name, Counter()).update(
                _count([text, _plain(text) if script is Script.LATIN else text], SEED_WEIGHT)
            )
        shares = {name: _share(count) for name, count in counts.items()}
        for gram, lift in _lifts(shares, set(seeded) - set(spoken)):
            yield "\t".join((script.value, gram, " ".join(f"{name}:{value}" for name, value in sorted(lift.items()))))


def _alphabet(code: str) -> str:
    return Script.LATIN.value if code.endswith("-latn") else LANGUAGES[code].script


def _plain(text: str) -> str:
    """The text as someone types it without accents."""
    return "".join(char for char in unicodedata.normalize("NFD", text.translate(_BARE)) if not unicodedata.combining(char))


def main() -> None:
    """Read, learn, write."""
    seeds = yaml.safe_load(SEEDS.read_text(encoding="utf-8"))
    corpora = _corpora(Path(sys.argv[1]))
    lines = list(learn(corpora | _in_latin_letters(corpora), _variants(), seeds))
    MODEL.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(lines)} letter sequences, {MODEL.stat().st_size} bytes in {MODEL}\n")


if __name__ == "__main__":
    main()
