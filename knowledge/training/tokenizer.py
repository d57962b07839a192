"""A tokenizer, as data alone, that gives for every character of every word the longest known n-gram that begins there.

The tokenizers library cuts a text into pieces that do not overlap. Its normalisers rewrite the text first, and there the overlap
is made: every character is written twice, as a base and as a combining mark, and then a `Precompiled` normaliser, which rewrites
one grapheme cluster (a base with its mark) at a time, makes the n-grams of the text longer by one character per pass:

    ... g(i) E(x) g(i+1) E(y) ...   ->   ... E(x) g'(i) E(y) g'(i+1) ...

g(i), one code point, is the n-gram that begins at position i; g'(i) is one character longer and meets its next mark. An n-gram
for which there is no rule stays as it is and stands in the way of the marks for those before it; but what they would become holds
what is not in the vocabulary, so they are complete too, if the vocabulary holds all parts of what it holds (`ngrams.choose` sees
to that).

A row of the table is the sum over an n-gram and its beginnings, so the sum over places is the sum over all overlapping n-grams.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from tokenizers import Regex, Tokenizer, models, normalizers

from knowledge.text import normalise
from knowledge.training.charsmap import compile_rules
from knowledge.training.ngrams import BOUNDARY, LONGEST

_START = "\x02"  # nothing joins a control character, and the library loses count when the first character of a text is removed
_SHORT_CODES = ((0x3400, 0x4DC0), (0x4E00, 0xA48D), (0xAC00, 0xD7A4), (0xE000, 0xF900), (0x1401, 0x166D), (0x2500, 0x2C00))
_LONG_CODES = ((0xF0000, 0xFFFFE), (0x100000, 0x10FFFE))
_LETTERS = r"\p{Latin}\p{Cyrillic}\p{Arabic}\p{Ethiopic}\p{Nd}"
_DROPPED = r"[\p{M}\p{Cf}\x{640}'’‘‛ʼʻʹ′´`]+"
_BETWEEN_WORDS = rf"(?:[^{_LETTERS}]|[\x{{1360}}-\x{{1368}}])+"


def _marks() -> list[str]:
    """The combining marks of two bytes: with a base of three they stay under six, up to which a cluster is rewritten whole."""
    return [chr(code) for code in range(0x80, 0x800) if unicodedata.category(chr(code)) in {"Mn", "Me"}]


def _alphabet(vocabulary: Sequence[str]) -> dict[str, str]:
    """The mark of each character."""
    characters = [gram for gram in vocabulary if len(gram) == 1]
    if len(characters) > len(_marks()):
        raise ValueError(f"{len(characters)} characters, and there are {len(_marks())} marks for them")
    return dict(zip(characters, _marks(), strict=False))


def _codes(vocabulary: Sequence[str]) -> dict[str, str]:
    """One code point for each n-gram; it must be short (three bytes) where a longer n-gram begins with this one."""
    lengthened = {gram[:-1] for gram in vocabulary}
    short, long = ([chr(code) for first, end in ranges for code in range(first, end)] for ranges in (_SHORT_CODES, _LONG_CODES))
    needed = [gram for gram in vocabulary if gram in lengthened]
    if len(needed) > len(short):
        raise ValueError(
            f"{len(needed)} n-grams have a longer one, and there are {len(short)} code points for them: fewer rows, please"
        )
    others = (gram for gram in vocabulary if gram not in lengthened)
    return dict(zip(needed, short, strict=False)) | dict(zip(others, long, strict=False))


def _spelling(marks: Mapping[str, str], codes: Mapping[str, str]) -> dict[str, str]:
    """The first pass: a letter, in whatever form, as mark and base of the letter it is normalised to, and then a word's end."""
    end = marks[BOUNDARY] + codes[BOUNDARY]
    rules = {BOUNDARY: end + end}
    for code in chain(range(0x20, 0xD800), range(0xE000, 0x10000)):
        letters = normalise(char := chr(code))
        if char.isalnum() and all(letter in marks for letter in letters) and unicodedata.is_normalized("NFKC", char):
            rules[char] = "".join(marks[letter] + codes[letter] for letter in letters) + end
    return rules


def _lengthening(size: int, marks: Mapping[str, str], codes: Mapping[str, str]) -> dict[str, str]:
    """One pass: an n-gram and a mark become that mark, for the n-gram before, and the n-gram of `size` characters."""
    longer = {codes[gram[:-1]] + marks[gram[-1]]: marks[gram[-1]] + code for gram, code in codes.items() if len(gram) == size}
    return dict.fromkeys(marks.values(), "") | longer


def _passes(vocabulary: Sequence[str]) -> Iterator[normalizers.Normalizer]:
    marks, codes = _alphabet([BOUNDARY, *vocabulary]), _codes([BOUNDARY, *vocabulary])
    boundary = marks[BOUNDARY] + codes[BOUNDARY]
    yield normalizers.Precompiled(compile_rules(_spelling(marks, codes)))
    yield normalizers.Replace(Regex(rf"{boundary}(?!{marks[BOUNDARY]}|\z)"), "")  # a word's end before a letter is none
    yield normalizers.Prepend(_START + boundary)
    for size in range(2, LONGEST + 1):
        yield normalizers.Precompiled(compile_rules(_lengthening(size, marks, codes)))


def words_apart(between: str) -> list[normalizers.Normalizer]:
    """Leave the letters and digits of words, with `between` where anything else stood."""
    return [normalizers.NFKC(), normalizers.Replace(Regex(_DROPPED), ""), normalizers.Replace(Regex(_BETWEEN_WORDS), between)]


def build(vocabulary: Sequence[str]) -> Tokenizer:
    """The tokenizer whose token ids are the places in the vocabulary.

    The vocabulary: n-grams of 1 to 5 normalised characters, `_` at word ends, and every part of each of them but the bare `_`.
    Raises ValueError when more of them begin others than there are code points to write them as.
    """
    codes = _codes([BOUNDARY, *vocabulary])
    tokenizer = Tokenizer(models.BPE(vocab={codes[gram]: row for row, gram in enumerate(vocabulary)}, merges=[]))
    tokenizer.normalizer = normalizers.Sequence([*words_apart(BOUNDARY), *_passes(vocabulary)])
    return tokenizer
