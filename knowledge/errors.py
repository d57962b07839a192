"""Errors of knowledge.

KnowledgeError
├── ModelMissing     the encoder's folder is not there or cannot be loaded
├── IndexMissing     no index has been built
├── IndexStale       the index was built from another kaart or with another model
└── TooFewQuestions  the kaart has no entries, so nothing to search in
"""

from __future__ import annotations


class KnowledgeError(Exception):
    """Anything about search that the operator can mend; the message says how."""


class ModelMissing(KnowledgeError):
    """The encoder's folder is not there or cannot be loaded."""


class IndexMissing(KnowledgeError):
    """No index has been built yet."""


class IndexStale(KnowledgeError):
    """The index does not belong to this kaart and model."""


class TooFewQuestions(KnowledgeError):
    """The kaart has no entries, so nothing to search in."""


class VariantsInvalid(KnowledgeError):
    """A file of question variants has a row that cannot be used."""
