"""Errors of translation.

TranslationError (a KnowledgeError)
├── PackageRefused    a file is no package of Argos Translate, or not a safe one
├── PackageMissing    no installed package leads from the one language to the other
├── DownloadFailed    the index of Argos, or a package in it, could not be fetched
├── MachineFailed     the translation process stopped or could not do what was asked
└── MachineTimeout    it took too long and was stopped
"""

from __future__ import annotations

from knowledge.errors import KnowledgeError


class TranslationError(KnowledgeError):
    """Anything about machine translation that the operator can mend; the message says how."""


class PackageRefused(TranslationError):
    """A file is no package of Argos Translate, or not a safe one."""


class PackageMissing(TranslationError):
    """No installed package leads from the one language to the other."""


class DownloadFailed(TranslationError):
    """The index of Argos, or a package in it, could not be fetched."""


class MachineFailed(TranslationError):
    """The translation process stopped, or could not do what was asked."""


class MachineTimeout(MachineFailed):
    """The translation process took too long and was stopped."""
