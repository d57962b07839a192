"""What every command of the terminal shares: settings, printing, and errors as sentences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from api.logging import set_up_logging
from api.settings import Settings
from knowledge.errors import KnowledgeError
from knowledge.evaluation import EvaluationFileError
from sociale_kaart.errors import KaartInvalid

out = Console(emoji=False)
errors = Console(stderr=True, emoji=False)
KaartOption = Annotated[str | None, typer.Option("--kaart", help="Which kaart, by the name of its folder; else the first.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def say(text: str) -> None:
    """Print text as it is: no markup, no colours for numbers, no breaks that were not written."""
    out.print(text, markup=False, highlight=False, soft_wrap=True)


def complain(text: str) -> None:
    """Print what went wrong, one line each, to standard error."""
    errors.print(text, style="red", markup=False, highlight=False, soft_wrap=True)


@contextmanager
def explained() -> Iterator[Settings]:
    """Settings for a command; what the user can mend is printed as a sentence, with exit code 1."""
    try:
        settings = Settings()
        set_up_logging(settings.log_level)
        yield settings
    except KaartInvalid as error:
        for problem in error.problems:
            complain(str(problem))
        complain(f"{len(error.problems)} problem(s): the kaart is refused.")
        raise typer.Exit(1) from None
    except ValidationError as error:
        for detail in error.errors(include_input=False):
            complain(f"KAART_{'_'.join(map(str, detail['loc'])).upper()}: {detail['msg']}")
        raise typer.Exit(1) from None
    except (KnowledgeError, EvaluationFileError) as error:
        complain(str(error))
        raise typer.Exit(1) from None


def chosen(settings: Settings, name: str | None) -> Path:
    """Folder of the kaart called `name`, or of the first one. Exits with a sentence when there is no such kaart."""
    folders = {folder.name: folder for folder in settings.kaarten}
    if name and name not in folders:
        complain(f"there is no kaart {name}: choose from {', '.join(folders)}")
        raise typer.Exit(1)
    return folders[name] if name else settings.kaart
