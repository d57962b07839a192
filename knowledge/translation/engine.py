"""The process that translates: Argos Translate behind a pipe, one line of JSON per task and per answer.

`machine.Machine` starts it with `python -m`; nothing else imports it, because Argos reads its settings and loads 300 MB when
imported. Argos would cut sentences with a model that it downloads; here it gets one sentence at a time, with a cutter
that leaves it whole.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from argostranslate import package, settings, translate

LONGEST_OUTPUT = 400  # tokens; a model that has lost its way would go on until its own limit
NO_REPEAT = 5  # tokens in a row that may not come a second time: the usual way in which a model loses its way


class Whole:
    """The sentence cutter that Argos asks: cuts nothing, needs nothing."""

    def split_sentences(self, text: str) -> list[str]:
        """The text as the one sentence that it is."""
        return [text]


class Careful:
    """The CTranslate2 translator with the two limits that Argos does not pass on."""

    def __init__(self, translator: Any) -> None:
        self._translator = translator

    def translate_batch(self, tokens: list[list[str]], **options: Any) -> Any:
        """As CTranslate2's, within the limits."""
        limits = {"max_decoding_length": LONGEST_OUTPUT, "no_repeat_ngram_size": NO_REPEAT}
        return self._translator.translate_batch(tokens, **(options | limits))


class Engine:
    """Does the tasks. Each package is loaded when it is first needed and stays loaded."""

    def __init__(self) -> None:
        self._loaded: dict[str, Any] = {}

    def translate(self, path: str, text: str) -> str:
        """One sentence through one package."""
        if path not in self._loaded:
            self._loaded[path] = self._load(package.Package(Path(path)))
        return str(self._loaded[path].translate(text))

    def install(self, archive: str) -> list[str]:
        """Unpack an archive that was looked at; the folders of all packages that Argos now finds."""
        self._loaded.clear()
        package.install_from_path(Path(archive))
        return [str(found.package_path) for found in package.get_installed_packages()]

    def offers(self) -> list[dict[str, Any]]:
        """What the index of Argos offers; empty when it could not be fetched. Uses the network."""
        settings.local_package_index.unlink(missing_ok=True)
        package.update_package_index()  # logs an error and goes on
        if not settings.local_package_index.exists():
            return []  # get_available_packages would ask again and again
        return [
            {"source": offer.from_code, "target": offer.to_code, "version": offer.package_version, "links": offer.links}
            for offer in package.get_available_packages()
            if offer.type == "translate"
        ]

    @staticmethod
    def _load(found: package.Package) -> Any:
        ends = (translate.Language(found.from_code, found.from_name), translate.Language(found.to_code, found.to_name))
        loaded = translate.PackageTranslation(*ends, found)
        loaded.sentencizer = Whole()
        loaded.translator = Careful(
            translate.Translator(
                str(found.package_path / "model"),
                device=settings.device,
                inter_threads=settings.inter_threads,
                intra_threads=settings.intra_threads,
                compute_type=settings.compute_type,
            )
        )
        return loaded


def main() -> None:
    """Answer one line after another until there are no more."""
    logging.disable()  # Argos logs what people write
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="ascii")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints is not an answer
    engine = Engine()
    tasks: dict[str, Callable[..., Any]] = {"translate": engine.translate, "install": engine.install, "offers": engine.offers}
    answers.write('{"ready": true}\n')
    answers.flush()
    for line in sys.stdin:
        name, *values = json.loads(line)
        try:
            answer = {"value": tasks[name](*values)}
        except (OSError, RuntimeError, ValueError, AttributeError) as error:  # a package that is not what it says
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
