"""The message catalogue: every fixed sentence, per language, from one file each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from sociale_kaart.schema import Review
from sociale_kaart.yaml12 import read_yaml

LOCALES = Path(__file__).parent / "locales"


class Locale(BaseModel):
    """One catalogue file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    review: Review
    texts: dict[str, str]


class Catalogue:
    """Looks up a sentence by key and language; a missing key is a programming error and raises KeyError."""

    def __init__(self, locales: Mapping[str, Locale]) -> None:
        self._locales = locales

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self._locales)

    def text(self, language: str, key: str, **values: object) -> str:
        """The sentence for `key` in `language`, with its placeholders filled."""
        return self._locales[language].texts[key].format(**values)

    def keys(self, language: str) -> frozenset[str]:
        return frozenset(self._locales[language].texts)


def load_catalogue(folder: Path = LOCALES) -> Catalogue:
    """Read every `<code>.yaml` in `folder`."""
    return Catalogue({path.stem: Locale.model_validate(read_yaml(path)) for path in sorted(folder.glob("*.yaml"))})
