"""A running assistant, and people who talk with it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from mail_server import free_port

from api.serve import BOT, BOT_PYTHON
from api.services import encoder_once
from api.settings import ROOT, Settings
from knowledge.errors import KnowledgeError
from knowledge.index import read_index
from knowledge.ingest import passages
from sociale_kaart.loader import load_kaart

KAART = Path(sys.executable).parent / "kaart"
START_SECONDS = 240
TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Assistant:
    """A running assistant."""

    address: str
    process: subprocess.Popen[bytes]
    data: Path
    environment: dict[str, str]

    def person(self, town: str = "") -> Person:
        """A newcomer with a conversation of their own, with the first town or the one at `/town/`."""
        return Person(self.address, f"/{town}" if town else "")

    def bot_pids(self) -> list[int]:
        """Processes of Rasa that this assistant started."""
        listed = subprocess.run(
            ["pgrep", "-f", f"rasa run .*-p {self.environment['KAART_BOT_URL'].rsplit(':', 1)[-1]} "],
            capture_output=True,
            text=True,
        )
        return [int(pid) for pid in listed.stdout.split()]

    def health(self) -> dict[str, object]:
        answer: dict[str, object] = httpx.get(f"{self.address}/health", timeout=5).json()
        return answer


class Person:
    """Says things and hears what is answered, as plain text."""

    def __init__(self, address: str, base: str = "") -> None:
        self.address, self.base, self.html = address, base, ""
        self.cookies = httpx.Cookies()

    def say(self, text: str) -> str:
        return self._post(text=text)

    def tap(self, payload: str) -> str:
        return self._post(tap=payload)

    def offered(self) -> list[str]:
        """Payloads of the buttons in the last answer."""
        return [
            unescape(found)
            for found in re.findall(r'name="tap"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="tap"', self.html)
            for found in found
            if found
        ]

    def _post(self, **fields: str) -> str:
        with httpx.Client(base_url=self.address, cookies=self.cookies, timeout=20) as client:
            response = client.post(
                f"{self.base}/chat", data={**fields, "origin": uuid4().hex}, headers={"Accept": "application/json"}
            )
            self.cookies = client.cookies
        response.raise_for_status()
        self.html = "\n".join(message["html"] for message in response.json()["messages"][1:])
        return " ".join(unescape(TAG.sub(" ", self.html)).split())


@contextmanager
def started(data: Path, **settings: str) -> Iterator[Assistant]:
    """The whole assistant as `kaart serve` starts it, on free ports; `settings` go before those of the environment."""
    if not (BOT_PYTHON.exists() and (BOT / "models" / "bot.tar.gz").exists()):
        if os.environ.get("KAART_REQUIRE_BOT"):
            pytest.fail("the bot is not installed: make setup")
        pytest.skip("the bot is not installed: make setup")
    port = free_port()
    environment = os.environ | {
        "KAART_DATA": str(data),
        "KAART_PORT": str(port),
        "KAART_BOT_URL": f"http://127.0.0.1:{free_port()}",
        "KAART_MESSAGES_PER_MINUTE": "1000",
    }
    environment |= settings
    _index(data, environment)
    with (data / "serve.log").open("wb") as log:
        process = subprocess.Popen([KAART, "serve"], env=environment, cwd=ROOT, stdout=log, stderr=log)
    running = Assistant(f"http://127.0.0.1:{port}", process, data, environment)
    try:
        wait_for_bot(running)
        yield running
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            # What would go on taking the processor from later tests ends first; the test still fails.
            for pid in (process.pid, *running.bot_pids()):
                os.kill(pid, signal.SIGKILL)
            raise
    assert running.bot_pids() == [], "Rasa outlived the assistant"


def _index(data: Path, environment: dict[str, str]) -> None:
    """A copy of the index that `make setup` built, where that fits; building one takes most of a minute."""
    settings = Settings()
    try:
        for folder in settings.kaarten:
            read_index(settings.index(folder), passages(load_kaart(folder)), encoder_once(settings.encoder))
    except KnowledgeError:
        subprocess.run([KAART, "index"], env=environment, cwd=ROOT, check=True, capture_output=True, timeout=START_SECONDS)
    else:
        shutil.copytree(settings.data / "index", data / "index", symlinks=True)


def wait_for_bot(running: Assistant, seconds: float = START_SECONDS) -> None:
    """Until every part is up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if running.health()["status"] == "ok":
                return
        except httpx.HTTPError:
            pass
        if running.process.poll() is not None:
            break
        time.sleep(0.5)
    pytest.fail((running.data / "serve.log").read_text(encoding="utf-8")[-3000:])
