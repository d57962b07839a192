"""What a Dutch text was when a translation was made from it, as far as the history of publications knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import yaml
from pydantic import ValidationError

from api.publishing.model import Publication, entry_of
from sociale_kaart.review import ORIGINAL
from sociale_kaart.schema import Text
from sociale_kaart.yaml12 import Yaml12Loader


def dutch_of(publications: Iterable[Publication], entry_id: str, source_hash: str) -> Text | None:
    """The Dutch text of the entry that has this hash, or None when no publication holds it."""
    for publication in publications:
        for path, file in publication.files.items():
            if entry_of(path) == entry_id:
                found = next((text for text in _texts(file.after, file.before) if text.hash == source_hash), None)
                if found:
                    return found
    return None


def _texts(*contents: str | None) -> Iterator[Text]:
    """The Dutch texts in these versions of a file; a version that is none of ours any more is passed over."""
    for content in contents:
        try:
            data: Any = yaml.load(content or "", Loader=Yaml12Loader)
            yield Text.model_validate(data["texts"][ORIGINAL])
        except (yaml.YAMLError, ValidationError, TypeError, KeyError):
            continue
