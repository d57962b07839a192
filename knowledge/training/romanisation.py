"""Arabic, Tigrinya and Ukrainian in Latin letters, as people type them on a phone that has no other keyboard.

Nobody follows one scheme, so each letter has several spellings and one is drawn for every letter anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

Spellings = Mapping[str, tuple[str, ...]]

_UKRAINIAN: Final = (
    "а a|б b|в v v w|г h g|ґ g|д d|е e|є ye ie je|ж zh j|з z|и y i|і i|ї yi i ji|й y i j|к k|л l|м m|н n|о o|п p|р r|с s|т t|у u|"
    "ф f|х kh h x|ц ts c|ч ch|ш sh|щ shch sch|ь - '|ю yu iu ju|я ya ia ja|' -|ʼ -|’ -"
)
_ARABIC: Final = (
    "ا a a aa|أ a e 2a|إ i e|آ a aa|ٱ a|ب b|ت t|ث th t s|ج j g|ح 7 h|خ kh 5|د d|ذ th z d|ر r|ز z|س s|ش sh ch|ص s 9|ض d|ط t 6|"
    "ظ z th|ع 3 3 a|غ gh 3'|ف f|ق q 9 k 2|ك k|ل l|م m|ن n|ه h|ة a eh h|و w o ou u|ي y i ee|ى a|ء 2 -|ئ 2 y i|ؤ 2 o|ـ -|؟ ?|، ,"
)
_ETHIOPIC_ROWS: Final = (  # one for every eight code points from U+1200 on; - stands for no consonant
    "h l h m s r s sh k,q kw,qw q,kh,k qw b v t ch h hw n gn,ny - k kw h,kh khw w - z zh,z y d dd j g gw ng t,th ch p ts,s ts,s "
    "f p"
)
_ETHIOPIC_VOWELS: Final = ("e,a", "u", "i", "a", "e,ie", "-,-,i", "o", "wa")
_FIRST_ETHIOPIC: Final = 0x1200
_GLOTTAL: Final = {20: ("a,e", "u", "i", "a", "e", "e,i", "o", "wa"), 26: ("a", "u", "i", "a", "e", "i,e", "o", "wa")}
"""Without a consonant the vowel of the first and sixth order is heard."""
_VOWELS: Final = ("a", "a", "i", "e", "u", "")
"""What Arabic leaves out between two consonants."""
_CONSONANTS: Final = frozenset("بتثجحخدذرزسشصضطظغفقكلمنه")


def _listed(table: str) -> dict[str, tuple[str, ...]]:
    return {letter: tuple(_plain(each) for each in ways) for letter, *ways in (entry.split(" ") for entry in table.split("|"))}


def _plain(spelling: str) -> str:
    return spelling.replace("-", "")


def _ethiopic() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {"።": (".",), "፣": (",",), "፡": (" ",), "፧": ("?",)}
    for row, consonants in enumerate(_ETHIOPIC_ROWS.split(" ")):
        for order, vowels in enumerate(_GLOTTAL.get(row, _ETHIOPIC_VOWELS)):
            ways = [_plain(first) + _plain(second) for first in consonants.split(",") for second in vowels.split(",")]
            table[chr(_FIRST_ETHIOPIC + 8 * row + order)] = tuple(ways)
    return table


SPELLINGS: Final[Mapping[str, Spellings]] = {"ar": _listed(_ARABIC), "uk": _listed(_UKRAINIAN), "ti": _ethiopic()}
"""By language, the ways in which each letter is written."""


def romanised(text: str, language: str, random: np.random.Generator) -> str:
    """The text in Latin letters, spelled at random; unchanged in a language that is written in them."""
    spellings = SPELLINGS.get(language)
    if spellings is None:
        return text
    written, letters = [], text.lower()
    for letter, following in zip(letters, f"{letters[1:]} ", strict=False):
        ways = spellings.get(letter, (letter,))
        written.append(ways[int(random.integers(len(ways)))])
        if letter in _CONSONANTS and following in _CONSONANTS:
            written.append(_VOWELS[int(random.integers(len(_VOWELS)))])
    return "".join(written)
