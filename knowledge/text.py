"""Normalisation of text, the same for lexical search, n-grams and the danger rules.

Two spellings that a reader takes for the same word become the same string: what differs between keyboards and habits (case,
Arabic alef forms, Ethiopic homophones, apostrophes, accents) goes; what tells words apart stays.
"""

import re
import unicodedata

_APOSTROPHES = "\u2018\u2019\u201b\u02bc\u02bb\u02b9\u2032\u00b4\u0060\uff07"
_LATIN = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i"}
_ARABIC = {"آ": "ا", "أ": "ا", "إ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "\u0640": ""}
_ORDERS = 7  # the vowel orders of an Ethiopic row; what follows them in the row is labialised and stays
_ETHIOPIC_ROWS = {"ሐ": "ሀ", "ኀ": "ሀ", "ሠ": "ሰ", "ፀ": "ጸ"}

_ETHIOPIC = {chr(ord(a) + i): chr(ord(b) + i) for a, b in _ETHIOPIC_ROWS.items() for i in range(_ORDERS)} | {"አ": "ኣ"}
_PUNCTUATION = {chr(code): " " for code in range(0x1360, 0x1369)}
_FOLD = str.maketrans(_LATIN | _ARABIC | _ETHIOPIC | _PUNCTUATION | dict.fromkeys(_APOSTROPHES, "'"))

_LATIN_MARKS = re.compile(r"(?<=[a-z])[\u0300-\u036f]+")
_MARKS = re.compile(r"[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed]")
_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def _visible(char: str) -> str:
    """The character, its ASCII form if it is a digit, a space for a control, nothing for a format mark (bidi, zero width)."""
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category in {"Cc", "Cs"}:
        return " "
    return "" if category == "Cf" or "\ufe00" <= char <= "\ufe0f" else char


def _once(text: str) -> str:
    text = "".join(map(_visible, unicodedata.normalize("NFKC", text).casefold()))
    text = _LATIN_MARKS.sub("", unicodedata.normalize("NFD", text))
    text = _MARKS.sub("", unicodedata.normalize("NFC", text).translate(_FOLD))
    return _SPACES.sub(" ", text).strip()


def normalise(text: str) -> str:
    """The text in the one spelling that is compared: idempotent, never raises, single spaces, nothing invisible."""
    while (folded := _once(text)) != text:  # almost always one round; a rare character needs a second to come to rest
        text = folded
    return text


def words(text: str) -> list[str]:
    """The normalised words of the text, in order; an apostrophe inside a word belongs to it."""
    return _WORD.findall(normalise(text))
