"""Takes personal data out of what people wrote. Pure.

What is found: mail and web addresses, account numbers, phone numbers, BSN, V-numbers and every other number of four digits or
more (also in Arabic and Ethiopic numerals), dates, postcodes and streets with a house number, and names: after words such as
'my name is', common given names, and in alphabets with capitals each capitalised word that the kaart does not know.

What is not found: a name that nothing announces in Arabic or Tigrinya, or in small letters; a number in words; who somebody is by
what happened to them. So a cleaned text is shown only beside those of enough other people, and only to who may edit the kaart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from api.signals.cleaning_words import AFTER_A_NAME, AFTER_NAMES, BEFORE_A_NAME, JOINED, NAMES, PARTICLES, STREET_ENDS
from knowledge.text import normalise

READ, LONGEST = 600, 200
"""Characters that are read of a text, and that are kept of it."""
MAIL, LINK, NUMBER, DATE, ADDRESS, NAME = "[e-mail]", "[link]", "[nummer]", "[datum]", "[adres]", "[naam]"
MARKS = frozenset({MAIL, LINK, NUMBER, DATE, ADDRESS, NAME})
"""What stands in the place of personal data."""
MOST_OF_A_NAME, FEWEST_DIGITS = 3, 4

_D = r"[\d፩-፼]"
_GAP = r"[\s().,\-‐-―/_]{0,3}"
_WORD = r"[^\W\d_](?:[^\W\d_]|['’ʼ\-/.](?=[^\W\d_]))*"
_TOP = "nl|com|org|net|eu|info|io|me|be|de|ua|er|et|sy|gov|edu|app|nu"
_UK_STREET = r"(?:вул\.|вулиц[яіюею]+|просп\.|проспекті?|бульварі?)"
_HOUSE = "huisnummer|house number|رقم (?:البيت|المنزل)|номер будинку|ቁጽሪ ገዛ"
_FLAGS = re.IGNORECASE
_PATTERNS = (
    (re.compile(r"[\w.+\-]+\s?(?:\(at\)|\[at\])\s?[\w\-.]+|\S*@\S*", _FLAGS), MAIL),
    (re.compile(rf"(?:https?:\S*|www\.\S+|\b[\w\-]+(?:\.[\w\-]+)*\.(?:{_TOP})\b(?:/\S*)?)", _FLAGS), LINK),
    (re.compile(r"\b[A-Z]{2}\s?\d{2}(?:\s?(?=[A-Z]*\d|[A-Z]{4}\b)[A-Z0-9]{4}){2,7}(?:\s?\d{1,3})?\b", _FLAGS), NUMBER),
    (re.compile(r"\b[1-9]\d{3}(?:[a-zA-Z]{2}|\s[A-Z]{2})\b(?:[\s,]{0,2}\d{1,4}\s?[a-zA-Z]?\b)?"), ADDRESS),
    (re.compile(rf"\b(?:st\.?\s+)?[^\W\d_'’.\-]*(?:{STREET_ENDS})[\s,]{{1,2}}{_D}{{1,4}}(?:[\s\-]?[a-z]\b)?", _FLAGS), ADDRESS),
    (re.compile(rf"\b{_D}{{1,4}}[a-z]?\s+\w+\s+(?:street|road|avenue|lane|square)\b", _FLAGS), ADDRESS),
    (re.compile(rf"(?:شارع|حي)\s+\w+(?:\s+\w+){{0,2}}?[\s,،]*(?:رقم\s*)?{_D}{{1,4}}"), ADDRESS),
    (re.compile(rf"(?:ጎደና|ጐደና|መንገዲ)\s+\w+(?:\s+\w+){{0,2}}?[\s,፣]*{_D}{{1,4}}"), ADDRESS),
    (re.compile(rf"\b{_UK_STREET}\s*\w+(?:\s+\w+)?,?\s*(?:буд\.?\s*)?{_D}{{1,4}}\w?", _FLAGS), ADDRESS),
    (re.compile(rf"(?:{_HOUSE})\s*:?\s*{_D}{{1,4}}\s?[a-z]?\b", _FLAGS), ADDRESS),
    (re.compile(rf"\b{_D}{{1,2}}(?:st|nd|rd|th|\.)?\s+(?:of\s+|de\s+)?[^\W\d_]+,?\s+{_D}{{2,4}}\b", _FLAGS), DATE),
    (re.compile(rf"\b[^\W\d_]+\s+{_D}{{1,2}}(?:st|nd|rd|th)?,?\s+{_D}{{4}}\b", _FLAGS), DATE),
    (re.compile(r"\b(?=\w*\d)(?=\w*[a-z])[a-z0-9]{6,}\b", _FLAGS), NUMBER),
    (re.compile(rf"\b[vм]\s?[-.]?\s?(?:nummer|number|номер)?\s?:?\s?{_D}(?:{_GAP}{_D}){{3,}}", _FLAGS), NUMBER),
    (re.compile(r"[፩-፼]{2,}"), NUMBER),
)  # fmt: skip
_RUN = re.compile(rf"[+(]{{0,2}}{_D}(?:{_GAP}{_D})*")
_DAY = re.compile(rf"{_D}{{1,4}}\s?[-./]\s?{_D}{{1,2}}\s?[-./]\s?{_D}{{1,4}}")
_ANNOUNCED = re.compile(rf"(?<![^\W_])(?:{'|'.join(BEFORE_A_NAME)})(?![^\W_])[\s:,،]*", _FLAGS)
_CALLED = re.compile(rf"(?:{_WORD}\s+){{1,2}}(?=(?:{'|'.join(AFTER_A_NAME)})(?!\w))")
_INTRODUCED = re.compile(rf"{_ANNOUNCED.pattern}{re.escape(NAME)}|{re.escape(NAME)}\s*(?:{'|'.join(AFTER_A_NAME)})(?!\w)", _FLAGS)
_PARTICLES = re.compile(rf"({re.escape(NAME)})(?:\s+(?:{PARTICLES}))*\s+{re.escape(NAME)}", _FLAGS)
_WORDS = re.compile(_WORD)
_MARK = re.compile("|".join(re.escape(mark) for mark in sorted(MARKS)))
_TWICE = re.compile(rf"({_MARK.pattern})(?:[\s,]+\1)+")
_BEFORE_STOP = re.compile(r"\s+([,.!?؟;:።፣،])")
_ACRONYM = 5


def cleaned(text: str, known: Collection[str] = frozenset()) -> str:
    """The text with a mark such as `[naam]` in each place of personal data, cut short; empty when no words are left.

    `known`: words in small letters that are no names though they may be written with a capital, such as those of the kaart.
    """
    text = marked(text, known)
    return _short(text) if any(len(word) > 1 for word in _WORDS.findall(_MARK.sub(" ", text))) else ""


def marked(text: str, known: Collection[str] = frozenset()) -> str:
    """The same with nothing cut or left out: whoever looks for marks finds each of them."""
    text = _readable(text[:READ])
    for pattern, mark in _PATTERNS:
        text = pattern.sub(f" {mark} ", text)
    text = _RUN.sub(_without_digits, text)
    text = _without_names(text, known)
    text = _PARTICLES.sub(NAME, " ".join(_PARTICLES.sub(NAME, text).split()))
    return _BEFORE_STOP.sub(r"\1", _TWICE.sub(r"\1", text))


def unmarked(text: str) -> str:
    """A cleaned text without the marks: for comparing meanings, and for whoever makes a question out of it."""
    return _BEFORE_STOP.sub(r"\1", " ".join(_MARK.sub(" ", _INTRODUCED.sub(" ", text)).split())).strip(" ,،፣;:")


def _readable(text: str) -> str:
    """One way to write each letter and digit, and nothing that cannot be seen: no place to hide a number in."""
    text = unicodedata.normalize("NFKC", text)
    return "".join(" " if sign in "\n\r\t" else sign for sign in text if sign in "\n\r\t" or unicodedata.category(sign)[0] != "C")


def _without_digits(found: re.Match[str]) -> str:
    """The mark for a run of digits and what stands between them; a few digits say nothing about anyone."""
    if _DAY.fullmatch(found[0]):
        return f" {DATE} "
    return f" {NUMBER} " if sum(sign.isdigit() or sign.isnumeric() for sign in found[0]) >= FEWEST_DIGITS else found[0]


def _without_names(text: str, known: Collection[str]) -> str:
    text = _CALLED.sub(f"{NAME} ", text)
    parts, at = [], 0
    for found in _ANNOUNCED.finditer(text):
        if found.start() < at:
            continue
        end = _end_of_name(text, found.end())
        parts += [text[at : found.end()].rstrip(), f" {NAME} "] if end > found.end() else [text[at : found.end()]]
        at = end
    pieces = _MARK.split(text_without := "".join([*parts, text[at:]]))
    marks = [*_MARK.findall(text_without), ""]
    return "".join(_no_loose_names(piece, known) + mark for piece, mark in zip(pieces, marks, strict=True))


def _end_of_name(text: str, start: int) -> int:
    """Where the name ends that begins at `start`; `start` itself when there is none."""
    end = start
    for _ in range(MOST_OF_A_NAME):
        word = re.compile(rf"\s*({_WORD})").match(text, end)
        if not word or word[1].casefold() in AFTER_NAMES or (end > start and word[1].startswith("و") and len(word[1]) > 3):
            break
        end = word.end()
    return end


def _no_loose_names(text: str, known: Collection[str]) -> str:
    letters = [sign for sign in text if sign.isalpha()]
    shouting = sum(map(str.isupper, letters)) * 2 > len(letters)

    def instead(found: re.Match[str]) -> str:
        word = found[0]
        plain = word.casefold()
        if plain in NAMES or (plain[0] in JOINED and plain[1:] in NAMES):
            return NAME
        capital = word[0].isupper() and len(word) > 1 and not shouting
        spoken = plain in known or normalise(word) in known or (word.isupper() and len(word) <= _ACRONYM)
        return NAME if capital and not spoken else word

    return _WORDS.sub(instead, text)


def _short(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST].rpartition(' ')[0] or text[:LONGEST]} …"
