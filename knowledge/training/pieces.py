"""The shape that n-grams are compared with: byte-pair pieces of words, one row each."""

from __future__ import annotations

from collections.abc import Iterable

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

from knowledge.text import normalise
from knowledge.training.charsmap import compile_rules
from knowledge.training.tokenizer import words_apart

_SEEN = 2  # what occurs once is a misspelling or a name


def build(texts: Iterable[str], size: int) -> Tokenizer:
    """A tokenizer of at most `size` pieces that are frequent in `texts`, whose token ids are the rows."""
    tokenizer = Tokenizer(models.BPE())
    letters = normalizers.Precompiled(compile_rules(_letters()))
    tokenizer.normalizer = normalizers.Sequence([*words_apart(" "), letters, normalizers.Strip()])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(vocab_size=size, min_frequency=_SEEN, show_progress=False))
    return tokenizer


def _letters() -> dict[str, str]:
    """Each letter of one code point that is spelled otherwise, and how."""
    return {char: normalise(char) for char in map(chr, [*range(0x20, 0xD800), *range(0xE000, 0x10000)]) if _changes(char)}


def _changes(char: str) -> bool:
    return char.isalnum() and normalise(char) not in ("", char)
