"""The command line: `kaart --help` explains all."""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
import yaml
from pydantic import SecretStr, ValidationError
from rich.console import Console
from rich.progress import Progress
from rich.table import Column, Table

from api.answers.console import as_json, in_words, understand
from api.bench import parts, time_turns
from api.conversation.danger import load_rules
from api.database import connect, migrate
from api.desk.accounts import Accounts
from api.evaluation import as_plain, evaluate_file, running_bot
from api.logging import set_up_logging
from api.serve import serve as run_server
from api.services import DANGER_RULES, build_knowledge, build_services, now
from api.settings import Settings
from knowledge.bench import compare, speed
from knowledge.build import build_index
from knowledge.encoder import load_encoder
from knowledge.errors import KnowledgeError
from knowledge.evaluation import EvaluationFileError, as_markdown
from knowledge.ingest import passages
from sociale_kaart.errors import KaartInvalid
from sociale_kaart.loader import load_kaart

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="The sociale kaart: ask it, check it, index it, measure it, serve it."
)
out = Console(emoji=False)
errors = Console(stderr=True, emoji=False)
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


@app.command()
def ask(
    text: Annotated[str, typer.Argument(help="The question, in any of the languages.")],
    json_output: JsonOption = False,
) -> None:
    """Answer one question in the terminal, from the kaart, without the bot."""
    with explained() as settings:
        knowledge = build_knowledge(settings)
        understood = understand(knowledge.asker, load_rules(DANGER_RULES), text)
        words = in_words(understood, knowledge.composer, knowledge.catalogue, now())
    say(json.dumps(as_json(understood), ensure_ascii=False) if json_output else words)


@app.command()
def check() -> None:
    """Validate the kaart: every problem with its file, line and field."""
    with explained() as settings:
        kaart = load_kaart(settings.kaart)
        out.print(f"{settings.kaart.name}: {len(kaart.entries)} entries, {len(kaart.rules)} rule(s), no problems.")


@app.command()
def index() -> None:
    """Build the search index aside and swap it in."""
    with explained() as settings, Progress(console=errors) as progress:
        task = progress.add_task("index", total=None)
        manifest = build_index(passages(load_kaart(settings.kaart)), settings.model, settings.index)
        progress.update(task, total=1, completed=1)
    out.print(f"{manifest.passages} passages, kaart {manifest.kaart}, model {manifest.model}.")


@app.command("list")
def list_entries(json_output: JsonOption = False) -> None:
    """List the entries with theme, audience, state and the review state of each text."""
    with explained() as settings:
        kaart = load_kaart(settings.kaart)
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
) -> None:
    """Measure answers on a file of questions, per language."""
    with explained() as settings:
        knowledge, client = build_knowledge(settings), running_bot(settings) if bot else None
        known = frozenset(entry.id for entry in knowledge.kaart)
        metrics = evaluate_file(knowledge.asker, load_rules(DANGER_RULES), known, file, client)
    say(json.dumps({"languages": as_plain(metrics)}) if json_output else as_markdown(metrics))


@app.command()
def nlu(target: Annotated[Path, typer.Argument(help="File to write.")]) -> None:
    """Write the kaart's example questions as training data for the bot."""
    with explained() as settings:
        kaart = load_kaart(settings.kaart)
        by_intent: dict[str, list[str]] = {"ask": []}
        for entry in kaart:
            examples = by_intent.setdefault(entry.rule or "ask", [])
            examples += [question for text in entry.texts.values() for question in text.questions]
        data = [{"intent": intent, "examples": "".join(f"- {line}\n" for line in lines)} for intent, lines in by_intent.items()]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(yaml.safe_dump({"version": "3.1", "nlu": data}, allow_unicode=True, sort_keys=False), encoding="utf-8")


@app.command()
def bench(
    turns: Annotated[int, typer.Option(help="Chat turns to time; 0 leaves the running server alone.")] = 200,
) -> None:
    """Measure search on the development questions, and chat turns against the running server."""
    with explained() as settings:
        kaart = load_kaart(settings.kaart)
        pieces = passages(kaart)
        table, languages = compare(pieces, settings.model), [*kaart.municipality.languages, "all"]
        say("Right entry first, development questions:")
        for variant, columns in table.items():
            say(f"  {variant:<18}" + "  ".join(f"{code} {columns[code]:.2f}" for code in languages))
        for part, value in speed(pieces, load_encoder(settings.model)).items():
            say(f"  {part}: {value:.2f} ms per question (median)")
        if turns:
            asyncio.run(_time_server(settings, [piece.text for piece in pieces if piece.development], turns))


async def _time_server(settings: Settings, questions: list[str], turns: int) -> None:
    for users in (1, 20):
        timing = await time_turns(settings.address, questions, turns, users)
        speed_of = f"median {timing.median:.0f} ms, p95 {timing.p95:.0f} ms, {timing.failed} failed"
        say(f"{timing.turns} turns, {users} at once: {speed_of}")
    for part, value in (await parts(settings.address)).items():
        say(f"  {part}: {value:.2f} ms (mean)")


@app.command()
def invite() -> None:
    """Print a one-time link that makes a desk account; it works for one hour."""
    with explained() as settings:
        migrate(settings.database)
        say(asyncio.run(_invite(settings)))


@app.command()
def retention() -> None:
    """Delete conversations older than the retention period."""
    with explained() as settings:
        migrate(settings.database)
        out.print(f"{asyncio.run(_retention(settings))} conversation(s) deleted.")


@app.command()
def serve() -> None:
    """Serve the assistant: web pages and the bot, until Ctrl-C."""
    with explained() as settings:
        if not settings.bot_token.get_secret_value():
            settings = settings.model_copy(update={"bot_token": SecretStr(secrets.token_urlsafe(32))})
        load_kaart(settings.kaart)
        migrate(settings.database)
        say(f"Chat:  {settings.address}/\nDesk:  {settings.address}/balie")
        if not asyncio.run(_has_staff(settings)):
            say(f"First desk account (works once): {asyncio.run(_invite(settings))}")
        sys.stdout.flush()
        asyncio.run(run_server(settings))


async def _invite(settings: Settings) -> str:
    engine = connect(settings.database)
    token = await Accounts(engine, now).invite()
    await engine.dispose()
    return f"{settings.address}/balie/account?token={token}"


async def _has_staff(settings: Settings) -> bool:
    engine = connect(settings.database)
    exists = await Accounts(engine, now).any()
    await engine.dispose()
    return exists


async def _retention(settings: Settings) -> int:
    async with build_services(settings) as services:
        return await services.retention.run()
