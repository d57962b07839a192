"""`kaart translate`: install packages of Argos Translate, see what is there, draft what a kaart lacks."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from api.commands_translate import Drafter, Gap, Help, NotDrafted, gaps, help_with
from api.settings import Settings
from api.terminal import KaartOption, chosen, complain, explained, say
from knowledge.languages import LANGUAGES
from knowledge.translation.cache import Cache
from knowledge.translation.errors import PackageMissing
from knowledge.translation.install import downloaded, install_file, wanted
from knowledge.translation.machine import Machine
from knowledge.translation.packages import NO_ARGOS, Package, installed, route
from knowledge.translation.translator import Translator
from sociale_kaart.drafts import Unfinished, load_unfinished, outdated, unfinished_rules
from sociale_kaart.glossary import Glossary, load_glossary, load_phrasebook
from sociale_kaart.schema import ReviewState, Text
from sociale_kaart.writer import edit, put_text

app = typer.Typer(no_args_is_help=True, help="Machine translation with Argos Translate: offline, checked, always labelled.")


def translation_folder(settings: Settings) -> Path:
    """Where packages, the cache and Argos's own files are."""
    return settings.data / "translation"


def build_translator(settings: Settings, machine: Machine, glossary: Glossary) -> Translator:
    """The translator of this installation; it works without any package, and then refuses everything with the reason."""
    cache = Cache(translation_folder(settings) / "cache.db")
    return Translator(machine, machine.packages, glossary.spellings, cache)


@app.command()
def install(
    file: Annotated[Path | None, typer.Argument(help="A package: a file that ends in .argosmodel.")] = None,
    source: Annotated[str | None, typer.Option("--from", help="Fetch from Argos's index: language to translate from.")] = None,
    target: Annotated[str | None, typer.Option("--to", help="Language to translate to.")] = None,
    sha256: Annotated[str | None, typer.Option(help="Refuse a file that has another SHA-256.")] = None,
) -> None:
    """Install a package from a file, or, with --from and --to, from the index of Argos. Only that uses the network."""
    if (file is None) == (source is None or target is None):
        raise typer.BadParameter("give a file, or both --from and --to")
    with explained() as settings:
        machine = Machine(translation_folder(settings))
        if file:
            asyncio.run(_install_file(machine, file, sha256))
        else:
            asyncio.run(_install_pair(machine, str(source), str(target)))


async def _install_file(machine: Machine, file: Path, sha256: str | None) -> None:
    async with machine:
        package, checksum = await install_file(machine, file, sha256)
    say(f"{package} installed. SHA-256 {checksum}")


async def _install_pair(machine: Machine, source: str, target: str) -> None:
    async with machine:
        offers = await wanted(machine, source, target)
        if len(offers) > 1:
            say(f"There is no package {source}→{target}: it goes by way of {offers[0].target}, in two packages.")
        for offer in offers:
            async with downloaded(offer) as file:
                await _install_file(machine, file, None)


@app.command()
def status(kaart: KaartOption = None) -> None:
    """Tell which packages are installed, where they lead, and what of the kaart is missing, outdated or made by a machine."""
    with explained() as settings:
        folder = translation_folder(settings)
        packages = installed(folder / "packages")
        unfinished = load_unfinished(chosen(settings, kaart))
        say("Installed: " + (", ".join(map(str, packages)) or "no package; texts that people wrote need none"))
        say(f"Kept translations: {len(Cache(folder / 'cache.db'))}")
        for code in unfinished.municipality.languages:
            if code != "nl":
                say(f"{code}: {_texts(unfinished, code)}\n    {_way(packages, code)}")


def _texts(kaart: Unfinished, code: str) -> str:
    missing = sum(code not in entry.texts for entry in kaart.entries)
    states = Counter(entry.texts[code].review.state for entry in kaart.entries if code in entry.texts)
    old = sum(outdated(entry, code) for entry in kaart.entries)
    counts = ", ".join(f"{states[state]} {state}" for state in ReviewState)
    return f"{missing} missing, {old} outdated; {counts}"


def _way(packages: Sequence[Package], code: str) -> str:
    try:
        return "by " + ", then ".join(map(str, route(packages, "nl", code)))
    except PackageMissing as error:
        return str(error)


@app.command()
def draft(
    entries: Annotated[list[str] | None, typer.Argument(help="Ids of entries; none: all.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Language to draft; may be repeated; none: all.")] = None,
    renew: Annotated[bool, typer.Option("--outdated", help="Also texts made from an older Dutch text.")] = False,
    kaart: KaartOption = None,
) -> None:
    """Write what the kaart lacks, translated from Dutch by a machine and labelled so. Exit code 1 if something was refused."""
    with explained() as settings:
        unfinished = load_unfinished(chosen(settings, kaart))
        only, codes = _known(unfinished, entries or []), _languages(unfinished, language or [])
        refused = asyncio.run(
            _draft(settings, unfinished, [gap for code in codes for gap in gaps(unfinished, code, only, renew=renew)])
        )
        for code in codes:
            for rule in unfinished_rules(unfinished.rules, code):
                complain(f"rule {rule.id} {code}: not drafted: decision tables are never translated by a machine")
                refused += 1
    if refused:
        raise typer.Exit(1)


async def _draft(settings: Settings, kaart: Unfinished, found: Sequence[Gap]) -> int:
    """Draft and write the gaps; how many were refused."""
    if not found:
        say("Nothing to draft.")
        return 0
    glossary, refused, written = load_glossary(), 0, 0
    async with Machine(translation_folder(settings)) as machine:
        translator = build_translator(settings, machine, glossary)
        by_hand = _without_package(translator, found)
        async for gap, result in Drafter(kaart, translator).drafts([gap for gap in found if gap.language not in by_hand]):
            if isinstance(result, NotDrafted):
                complain(f"{gap}: not drafted: {result.reason}")
                refused += 1
                continue
            _write(kaart, gap, result)
            say(f"{gap}: drafted")
            written += 1
    for code in by_hand:
        refused += _by_hand([gap for gap in found if gap.language == code], by_hand[code], glossary)
    say(f"{written} drafted, {refused} refused." + (" Read them, then run: kaart check && kaart index" if written else ""))
    return refused


def _write(kaart: Unfinished, gap: Gap, text: Text) -> None:
    order = kaart.municipality.languages
    edit(kaart.files[gap.entry.id], lambda document: put_text(document, gap.language, text, order))


def _without_package(translator: Translator, found: Sequence[Gap]) -> dict[str, str]:
    """Language to reason, of the languages that no installed package leads to."""
    reasons: dict[str, str] = {}
    for code in dict.fromkeys(gap.language for gap in found):
        try:
            translator.way("nl", code)
        except PackageMissing as error:
            reasons[code] = str(error)
    return reasons


def _by_hand(found: Sequence[Gap], reason: str, glossary: Glossary) -> int:
    """Say why no machine can do it; for a language without any package, print what helps a person. How many were refused."""
    complain(f"{reason} ({len(found)} text(s) not drafted)")
    if found[0].language not in NO_ARGOS:
        return len(found)
    book = load_phrasebook()
    for gap in found:
        say(_help(gap, help_with(gap.entry.texts["nl"], glossary, book)))
    return 0


def _help(gap: Gap, helped: Help) -> str:
    code = gap.language
    terms = [f"  {term.term}: {term.explanation[code].text}" for term in helped.terms if code in term.explanation]
    phrases = [f"  {phrase.words['nl'].text} = {phrase.words[code].text}" for phrase in helped.phrases if code in phrase.words]
    return "\n".join([f"{gap}: {gap.entry.texts['nl'].name}", *terms, *phrases])


def _known(kaart: Unfinished, ids: Sequence[str]) -> frozenset[str]:
    known = set(kaart.files)
    if unknown := [id for id in ids if id not in known]:
        raise typer.BadParameter(f"not in the kaart: {', '.join(unknown)}")
    return frozenset(ids)


def _languages(kaart: Unfinished, codes: Sequence[str]) -> list[str]:
    offered = [code for code in kaart.municipality.languages if code != "nl"]
    if unknown := [code for code in codes if code not in offered]:
        names = ", ".join(f"{code} ({LANGUAGES[code].english_name})" if code in LANGUAGES else code for code in offered)
        raise typer.BadParameter(f"{', '.join(unknown)}: choose from {names}")
    return [code for code in offered if not codes or code in codes]
