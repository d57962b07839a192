"""`kaart new`: the folder of another kaart, beside the others."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer
from starlette.routing import Mount

from api.main import create_app
from api.services import now
from api.settings import Settings
from api.terminal import complain, explained, say
from knowledge.languages import LANGUAGES
from sociale_kaart.hours import AMSTERDAM
from sociale_kaart.loader import load_kaart
from sociale_kaart.skeleton import EXAMPLE, SkeletonRefused, make_skeleton


def new(
    name: Annotated[str, typer.Argument(help="Name of the new folder: small letters, digits, hyphens.")],
    municipality: Annotated[str | None, typer.Option(help="Name of the municipality; else made of NAME.")] = None,
) -> None:
    """Make the folder of a new kaart, with settings to fill in and one example entry, and tell what comes next."""
    with explained() as settings:
        title = municipality or " ".join(part.capitalize() for part in name.split("-"))
        try:
            today = now().astimezone(AMSTERDAM).date()
            folder = make_skeleton(settings.kaart.parent, name, title, today, parts_of_addresses(settings))
        except SkeletonRefused as error:
            complain(str(error))
            raise typer.Exit(1) from None
        load_kaart(folder)
    say(next_steps(settings, folder))


def parts_of_addresses(settings: Settings) -> frozenset[str]:
    """What the first part of an address means already, so that no town can be called so."""
    app = create_app(settings)
    mounted = [route.path for route in app.routes if isinstance(route, Mount)]
    return frozenset(path.split("/")[1] for path in (*app.openapi()["paths"], *mounted)) | frozenset(LANGUAGES)


def next_steps(settings: Settings, folder: Path) -> str:
    """What to do with a new kaart, as text for the terminal."""
    kaarten = shlex.quote(",".join(str(other) for other in (*settings.other_kaarten, folder)))
    return f"""Made {folder}: kaart.yaml, entries/{EXAMPLE}.yaml and questions.tsv. It has no problems.

1. Fill in kaart.yaml; the comments say what.
2. Write entries beside {EXAMPLE}.yaml, and remove that one (sociale_kaart/README.md, sociale_kaart/HANDLEIDING.md).
3. Write questions that are no example of an entry into questions.tsv: publishing measures with them.
4. Check it, build its index, ask it, and make an account for its desk:

export KAART_OTHER_KAARTEN={kaarten}
kaart check
kaart index
kaart ask --kaart {folder.name} "laat me een voorbeeld zien"
kaart invite --kaart {folder.name}

5. kaart serve: it answers at {settings.address}/{folder.name}/"""
