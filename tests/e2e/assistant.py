"""A running assistant, and people who talk with it."""

from __future__ import annotations

import re
import socket
import subprocess
import time
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

START_SECONDS = 120
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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


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
