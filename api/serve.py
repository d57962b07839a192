"""Runs the web server and Rasa as one: starts both, restarts Rasa when it dies, and stops both together."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import structlog
import uvicorn

from api.main import create_app
from api.settings import ROOT, Settings

log = structlog.get_logger(__name__)
BOT = ROOT / "bot"
BOT_PYTHON = BOT / ".venv" / "bin" / "python"
STOP_SECONDS = 8.0
RESTART_SECONDS = 2.0
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def bot_environment(settings: Settings) -> dict[str, str]:
    """What Rasa needs to know: where the api is, the shared secret, and where its own database lies."""
    return {
        **os.environ,
        "KAART_ACTIONS_URL": f"http://{settings.host}:{settings.port}/rasa/actions",
        "BOT_TOKEN": settings.bot_token.get_secret_value(),
        "RASA_DB": str(settings.bot_memory),
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "LOG_LEVEL": "WARNING",
        "OMP_NUM_THREADS": "1",
    }


def bot_command(settings: Settings) -> list[str]:
    """How Rasa is started; it listens on loopback only."""
    port = settings.bot_url.rsplit(":", 1)[-1].strip("/")
    serve = ["-m", "rasa", "run", "--enable-api", "-i", "127.0.0.1", "-p", port, "--model", "models/bot.tar.gz"]
    return [str(BOT_PYTHON), *serve, "--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]


class BotProcess:
    """Rasa as a child process in its own group, so that one signal ends all of it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: asyncio.subprocess.Process | None = None

    async def keep_running(self) -> None:
        """Start Rasa, and start it again when it ends, until cancelled."""
        log_file = self._settings.data / "rasa.log"
        log_file.parent.mkdir(parents=True, exist_ok=True)
        try:
            while True:
                with log_file.open("ab") as output:
                    self._process = await asyncio.create_subprocess_exec(
                        *bot_command(self._settings),
                        cwd=BOT,
                        env=bot_environment(self._settings),
                        stdout=output,
                        stderr=output,
                        start_new_session=True,
                    )
                    code = await self._process.wait()
                log.error("bot_ended", code=code)
                await asyncio.sleep(RESTART_SECONDS)
        finally:
            await self._stop()

    async def _stop(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        for sign in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, sign)
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), STOP_SECONDS)
                return


class Server(uvicorn.Server):
    """Uvicorn that ends its `serve` on a signal instead of raising it anew, so that what was started beside it is stopped too."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for sign in ENDING:
            loop.add_signal_handler(sign, self.handle_exit, sign, None)
        try:
            yield
        finally:
            for sign in ENDING:
                loop.remove_signal_handler(sign)


async def serve(settings: Settings) -> None:
    """Serve until interrupted. Without the bot's environment, search answers alone and the log says so."""
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,  # its lines hold whole addresses, and with these the words that somebody searched for
        timeout_graceful_shutdown=3,
    )
    server = Server(config)
    bot = asyncio.create_task(BotProcess(settings).keep_running()) if settings.bot_start and _bot_installed() else None
    try:
        await server.serve()
    finally:
        if bot:
            bot.cancel()
            with suppress(asyncio.CancelledError):
                await bot
    if not server.started:
        sys.exit(1)


def _bot_installed() -> bool:
    ready = BOT_PYTHON.exists() and (BOT / "models" / "bot.tar.gz").exists()
    if not ready:
        log.warning("bot_not_installed", mend="make setup")
    return ready
