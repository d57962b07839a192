"""A small kaart on disk, with comments that must survive."""

from __future__ import annotations

from functools import cache
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

from hash_encoder import TOPICS, HashEncoder

from api.publishing.folder import remember
from api.settings import Settings
from knowledge.build import Built, build
from knowledge.ingest import passages
from sociale_kaart.loader import load_kaart

SHARED = "noodnummer"
QUESTIONS = """qid\tlang\tkind\twho\tstyle\ttext\tids\tnote
1\tnl\tin\t\t\tzwembad water zwemmen\tzwemles\t
2\ten\tin\t\t\tpool water swimming\tzwemles\t
3\tnl\tin\t\t\tdokter koorts pijn\thuisarts\t
4\tnl\tood\t\t\ttaart bakken\t\t
"""


@cache
def built_once() -> Built:
    """The index of the small kaart."""
    with TemporaryDirectory() as root:
        return build(passages(load_kaart(write_small_kaart(Path(root)))), HashEncoder())


def publish_first(settings: Settings) -> None:
    """As `kaart index` does: the index of the small kaart, and what it was built from."""
    built_once().write(settings.index(settings.kaart))
    remember(settings, settings.kaart)


def write_small_kaart(root: Path) -> Path:
    """The folder of the kaart `dorp` below `root`, with `samen` beside it, which it extends."""
    folder, shared = root / "dorp", root / "samen"
    for place, settings, ids in ((folder, _settings(), list(TOPICS)), (shared, "id: samen\nsources: {}\n", [SHARED])):
        (place / "entries").mkdir(parents=True)
        (place / "kaart.yaml").write_text(settings, encoding="utf-8")
        for id in ids:
            (place / "entries" / f"{id}.yaml").write_text(_entry(id), encoding="utf-8")
    (folder / "questions.tsv").write_text(QUESTIONS, encoding="utf-8")
    return folder


def _settings() -> str:
    return """# Het dorp: alleen om te proberen.
id: dorp
name: Dorp
languages: [nl, en]
extends: samen
desk:
  name: {nl: het loket, en: the desk}
sources:
  BOEK: {title: Het boek, date: "2026"}
"""


def _entry(id: str) -> str:
    texts = "\n".join(_text(id, language) for language in ("nl", "en"))
    return f"""# Wie dit verandert, belt eerst met Piet.
id: {id}
kind: service
themes: [health]   # nog een thema?
audience: {{statuses: []}}
state: active
sources:
  - {{document: BOEK, chapter: "1"}}
verified: {{on: 2026-01-31, by: redactie, against: source}}
texts:
{texts}
"""


def _text(id: str, language: str) -> str:
    keys = TOPICS.get(id, {"nl": "nood brand politie ambulance bellen", "en": "emergency fire police ambulance call"})[
        language
    ].split()
    asked = "\n".join(f"      - {'waar' if language == 'nl' else 'where'} {one} {other}" for one, other in combinations(keys, 2))
    return f"""  {language}:
    name: "{id} {keys[0]}"
    summary: {" ".join(keys[:3])}
    answer:
      - {" ".join(keys[2:])}  # kort houden
    facts:
      where: {keys[0]} {keys[1]}
    questions:
{asked}
    review: {{state: draft}}"""
