"""Delivery under fault: many messages with duplicates, out of order, to a process that is killed twice.

`KAART_FAULT_MESSAGES=1000 pytest -s -o faulthandler_timeout=0 tests/api/whatsapp/test_fault.py` is the measurement that
`api/whatsapp/README.md` tells of.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import re
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import httpx
import pytest
import whatsapp_server
from graph_api import GraphApi, envelope, message_from, raw_bytes, running_graph, signed_headers
from mail_server import free_port

from api.settings import ROOT

MESSAGES = int(os.environ.get("KAART_FAULT_MESSAGES", "100"))
EACH = 20
"""Messages of one person: each asks for another entry."""
PATIENCE = 100 + MESSAGES
"""Seconds to wait for the last answer, and then for the last bubble."""
DUPLICATES = 0.3
KILLS = 2
FORKS = multiprocessing.get_context("forkserver")


@dataclass
class Process:
    """The application, killed and started anew on the same port and database."""

    data: Path
    graph: str
    port: int = field(default_factory=free_port)
    running: BaseProcess | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/whatsapp/webhook"

    def start(self) -> None:
        arguments = (str(self.data), self.port, self.graph)
        self.running = FORKS.Process(target=whatsapp_server.serve, args=arguments, daemon=True)
        self.running.start()

    def kill(self) -> None:
        assert self.running
        self.running.kill()
        self.running.join(30)


@pytest.fixture
def graph() -> Iterator[GraphApi]:
    with running_graph() as graph:
        yield graph


@pytest.fixture
def process(tmp_path: Path, graph: GraphApi, monkeypatch: pytest.MonkeyPatch) -> Iterator[Process]:
    # The server that forks reads everything once, so that a start costs no seconds; it looks for modules in the environment only.
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(str, (ROOT, ROOT / "tests"))))
    FORKS.set_forkserver_preload(["whatsapp_server"])
    process = Process(tmp_path, graph.address)
    process.start()
    yield process
    process.kill()


def deliver(process: Process, batch: list[dict[str, Any]]) -> None:
    """Post until the answer is 200, as WhatsApp does."""
    raw = raw_bytes(envelope(messages=batch))
    wait(lambda: delivered(process, raw), 120)


def delivered(process: Process, raw: bytes) -> bool:
    assert process.running
    assert process.running.is_alive(), "it did not start"
    try:
        return httpx.post(process.address, content=raw, headers=signed_headers(raw), timeout=20).status_code == 200
    except httpx.HTTPError:
        return False  # nobody listens yet


def person(number: int) -> str:
    return f"3160000{number:04d}"


def traffic(chance: random.Random) -> list[dict[str, Any]]:
    """Every message, some of them twice or three times, in no order."""
    now = int(time.time())
    once = []
    for n in range(MESSAGES):
        at = now - MESSAGES + n
        message = message_from(person(n // EACH), f"Vraag nummer {n % EACH}, graag een antwoord", f"wamid.in{n}")
        once.append(message | {"timestamp": str(at)})
    sent = once + chance.choices(once, k=int(MESSAGES * DUPLICATES))
    chance.shuffle(sent)
    return sent


def count(data: Path, query: str) -> int:
    with sqlite3.connect(data / "kaart.db") as database:
        return int(database.execute(query).fetchone()[0])


def wait(enough: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not enough():
        assert time.monotonic() < end, "not in time"
        time.sleep(0.1)


def test_each_message_is_answered_once_and_none_is_lost(process: Process, graph: GraphApi) -> None:
    graph.webhook = process.address
    chance = random.Random(4)
    for n in range(MESSAGES // EACH):
        graph.heard(person(n))
    sent, start = traffic(chance), time.monotonic()
    kill_at = {len(sent) * (n + 1) // (KILLS + 1) for n in range(KILLS)}
    place = 0
    while place < len(sent):
        size = chance.randint(1, 4)
        deliver(process, sent[place : place + size])
        if any(place <= at < place + size for at in kill_at):
            process.kill()
            process.start()
        place += size
    bubbles, letters = ("SELECT count(*) FROM whatsapp_bubble", "SELECT count(*) FROM whatsapp_inbox")
    wait(lambda: count(process.data, f"{letters} WHERE done") == MESSAGES, PATIENCE)
    wait(lambda: count(process.data, f"{bubbles} WHERE state IN ('queued', 'sending')") == 0, PATIENCE)
    seconds = time.monotonic() - start
    assert count(process.data, "SELECT count(*) FROM message WHERE speaker = 'person' AND NOT handled") == 0
    assert count(process.data, "SELECT count(*) FROM message WHERE speaker = 'person'") == MESSAGES
    titles = Counter((message.to, title) for message in graph.accepted for title in titles_in(message.words))
    ids = whatsapp_server.askable()
    names = {n: whatsapp_server.kaart().entry(ids[n]).texts["nl"].name for n in range(EACH)}
    wanted = [(person(p), names[n]) for p in range(MESSAGES // EACH) for n in range(EACH)]
    lost = [one for one in wanted if one not in titles]
    doubled = sum(titles[one] - 1 for one in wanted if one in titles)
    report = f"{MESSAGES} messages, {len(sent)} delivered, {KILLS} kills: lost {len(lost)}, twice {doubled}, {seconds:.0f} s"
    print(report)  # noqa: T201
    assert lost == []
    assert doubled == 0, "statuses tell what was sent before a kill"
    assert len(graph.accepted) == count(process.data, bubbles)


def titles_in(words: str) -> list[str]:
    """Names of entries that are told: the bold lines that are nothing else."""
    return re.findall(r"^\*(.+)\*$", words, re.MULTILINE)
