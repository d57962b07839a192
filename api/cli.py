"""The command line: `kaart --help` explains all."""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
import yaml
from pydantic import SecretStr
from rich.progress import Progress
from rich.table import Column, Table

from api.answers.console import as_json, in_words, understand
from api.cli_bench import bench
from api.cli_freshness import app as freshness_commands
from api.cli_new import new
from api.cli_opendata import export, import_kaart
from api.cli_publish import app as publish_commands
from api.cli_signals import app as signals_commands
from api.cli_staff import audit_app, staff_app
from api.cli_translate import app as translate_commands
from api.conversation.watch import load_watch
from api.database import migrate, opened
from api.desk.accounts import Accounts
from api.desk.roles import Role
from api.evaluation import as_plain, evaluate_file, running_bot
from api.i18n.catalogue import load_catalogue
from api.publishing.folder import remember
from api.rasa.form import DEFAULT_RULE
from api.serve import serve as run_server
from api.services import build_services, build_town, now
from api.settings import Settings
from api.sweep import sweep
from api.terminal import JsonOption, KaartOption, chosen, errors, explained, out, say
from knowledge.build import build_index
from knowledge.evaluation import as_markdown
from knowledge.ingest import passages
from sociale_kaart.loader import load_kaart

NLU_EXAMPLES = 4
"""Questions per entry and language that the bot learns from: it tells questions from small talk, search tells entries apart."""

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="The sociale kaart: ask it, check it, index it, measure it, serve it."
)
app.add_typer(freshness_commands)
app.add_typer(publish_commands)
app.add_typer(translate_commands, name="translate")
app.add_typer(staff_app, name="staff")
app.add_typer(audit_app, name="audit")
app.add_typer(signals_commands, name="signals")

app.command()(export)
app.command("import")(import_kaart)
app.command()(new)
app.command()(bench)


@app.command()
def ask(
    text: Annotated[str, typer.Argument(help="The question, in any of the languages.")],
    json_output: JsonOption = False,
    kaart: KaartOption = None,
) -> None:
    """Answer one question in the terminal, from the kaart, without the bot."""
    with explained() as settings:
        town = build_town(settings, chosen(settings, kaart), load_catalogue())
        understood = understand(town.asker, load_watch(), text)
        words = in_words(understood, town.composer, town.catalogue, now())
    say(json.dumps(as_json(understood), ensure_ascii=False) if json_output else words)


@app.command()
def check() -> None:
    """Validate every kaart: all problems with file, line and field."""
    with explained() as settings:
        for folder in settings.kaarten:
            kaart = load_kaart(folder)
            own = sum(kaart.is_own(entry.id) for entry in kaart)
            shared = len(kaart.entries) - own
            out.print(f"{folder.name}: {own} entries and {shared} shared ones, {len(kaart.rules)} rule(s), no problems.")


@app.command()
def index() -> None:
    """Build the search index of every kaart aside and swap it in."""
    with explained() as settings, Progress(console=errors) as progress:
        for folder in progress.track(settings.kaarten, description="index"):
            manifest = build_index(passages(load_kaart(folder)), settings.encoder, settings.index(folder))
            remember(settings, folder)
            out.print(f"{folder.name}: {manifest.passages} passages, kaart {manifest.kaart}, model {manifest.model}.")
            if manifest.calibration.cautious:
                out.print(
                    "  It has too few entries or questions to know how sure an answer is: until it has more, it only asks back."
                )


@app.command("list")
def list_entries(json_output: JsonOption = False, kaart_name: KaartOption = None) -> None:
    """List the entries with theme, audience, state and the review state of each text."""
    with explained() as settings:
        kaart = load_kaart(chosen(settings, kaart_name))
    rows = [
        {
            "id": entry.id,
            "kind": entry.kind,
            "theme": entry.themes[0],
            "themes": list(entry.themes),
            "audience": entry.audience.model_dump(mode="json"),
            "state": entry.state,
            "languages": {
                code: {"text": code in entry.texts, "review": entry.texts[code].review.state if code in entry.texts else None}
                for code in kaart.municipality.languages
            },
        }
        for entry in kaart
    ]
    if json_output:
        say(json.dumps(rows, ensure_ascii=False))
        return
    table = Table(Column("entry", no_wrap=True), "theme", "for", "state", *kaart.municipality.languages)
    for entry in kaart:
        groups = ", ".join(entry.audience.statuses) or "everyone"
        table.add_row(
            entry.id, entry.themes[0], groups, entry.state, *(entry.texts[c].review.state for c in kaart.municipality.languages)
        )
    out.print(table)


@app.command("eval")
def evaluate(
    file: Annotated[
        Path, typer.Argument(help="Tab-separated: qid lang kind who style text ids note.", exists=True, dir_okay=False)
    ],
    json_output: JsonOption = False,
    bot: Annotated[bool, typer.Option("--bot", help="Also through the running bot: intents and facets.")] = False,
    kaart: KaartOption = None,
) -> None:
    """Measure answers on a file of questions, per language."""
    with explained() as settings:
        town = build_town(settings, chosen(settings, kaart), load_catalogue())
        known = frozenset(entry.id for entry in town.kaart)
        client = running_bot(settings) if bot else None
        metrics = evaluate_file(town, load_watch(), known, file, client)
    say(json.dumps({"languages": as_plain(metrics)}) if json_output else as_markdown(metrics))


@app.command()
def nlu(target: Annotated[Path, typer.Argument(help="File to write.")]) -> None:
    """Write the example questions of all kaarten as training data for the bot."""
    with explained() as settings:
        by_intent: dict[str, dict[str, None]] = {"ask": {}}
        for entry in (entry for folder in settings.kaarten for entry in load_kaart(folder)):
            examples = by_intent.setdefault(DEFAULT_RULE if entry.rule == DEFAULT_RULE else "ask", {})
            examples |= {question: None for text in entry.texts.values() for question in text.questions[:NLU_EXAMPLES]}
        data = [{"intent": intent, "examples": "".join(f"- {line}\n" for line in lines)} for intent, lines in by_intent.items()]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(yaml.safe_dump({"version": "3.1", "nlu": data}, allow_unicode=True, sort_keys=False), encoding="utf-8")


@app.command()
def invite(
    kaart_name: KaartOption = None,
    role: Annotated[list[Role] | None, typer.Option("--role", help="A role; more than once for more roles.")] = None,
) -> None:
    """Print a one-time link that makes an account at the desk of a kaart; it works for one hour.

    Without --role the account may do all work, and manages the others as long as nobody does.
    """
    with explained() as settings:
        say(asyncio.run(_invite(settings, chosen(settings, kaart_name).name, role or ())))


@app.command()
def retention() -> None:
    """Delete conversations older than the retention period, and cards that expired."""
    with explained() as settings:
        migrate(settings.database)
        out.print(f"{asyncio.run(_retention(settings))} conversation(s) deleted.")


@app.command()
def serve() -> None:
    """Serve the assistant: web pages and the bot, until Ctrl-C."""
    with explained() as settings:
        if not settings.bot_token.get_secret_value():
            settings = settings.model_copy(update={"bot_token": SecretStr(secrets.token_urlsafe(32))})
        first, *others = [load_kaart(folder).municipality.id for folder in settings.kaarten]
        has_staff = asyncio.run(_has_staff(settings))
        say("\n".join([f"Chat:  {settings.address}/", *(f"       {settings.address}/{id}/" for id in others)]))
        say(f"Desk:  {settings.address}/balie")
        if not has_staff:
            say(f"First desk account (works once): {asyncio.run(_invite(settings, first))}")
        sys.stdout.flush()
        asyncio.run(run_server(settings))


async def _invite(settings: Settings, town: str, roles: Iterable[Role] = ()) -> str:
    async with opened(settings.database) as engine:
        token = await Accounts(engine, now).invite(town, roles)
    return f"{settings.address}/balie/account?token={token}"


async def _has_staff(settings: Settings) -> bool:
    async with opened(settings.database) as engine:
        return await Accounts(engine, now).any()


async def _retention(settings: Settings) -> int:
    async with build_services(settings) as services:
        return await sweep(services)
