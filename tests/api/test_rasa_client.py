"""Rasa's client against a real HTTP server on loopback that answers as Rasa does, or as Rasa does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest

from api.answers.answer import Answer, Ranked
from api.rasa.client import RasaClient, spoken


class Handler(BaseHTTPRequestHandler):
    status = 200
    body: bytes = b"[]"
    seen: list[tuple[str, str, object]]

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self.seen.append((self.command, self.path, json.loads(self.rfile.read(length) or b"null")))
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(self.body)

    do_GET = do_POST = do_PUT = answer

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@pytest.fixture
def rasa() -> Iterator[tuple[type[Handler], str]]:
    handler = type("OneTest", (Handler,), {"seen": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield handler, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


async def ask(address: str) -> list[Answer]:
    async with httpx.AsyncClient(base_url=address, timeout=1) as http:
        return await RasaClient(http).ask("sender", "waar is zwemles?", {"language": "nl", "entry_id": None})


async def test_answers_come_back_as_answer_objects(rasa: tuple[type[Handler], str]) -> None:
    handler, address = rasa
    entry = Answer(kind="entry", zone="answer", intent="ask", entries=(Ranked(id="zwemlessen", score=0.9),))
    handler.body = json.dumps(
        [{"recipient_id": "s", "custom": entry.model_dump(mode="json")}, {"custom": {"key": "greet"}}]
    ).encode()
    assert await ask(address) == [entry, Answer(kind="text", key="greet", intent="greet")]
    message = {"sender": "sender", "message": "waar is zwemles?", "metadata": {"language": "nl", "entry_id": None}}
    assert handler.seen == [("POST", "/webhooks/rest/webhook", message)]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"[]"),
        (200, b"oops"),
        (200, b"null"),
        (200, b'{"a": 1}'),
        (200, b"[]"),
        (200, b'[{"custom": {"kind": "evil"}}]'),
        (200, b"[3]"),
    ],
)
async def test_whatever_goes_wrong_is_no_answer(rasa: tuple[type[Handler], str], status: int, body: bytes) -> None:
    handler, address = rasa
    handler.status, handler.body = status, body
    assert await ask(address) == []


async def test_a_bot_that_is_down_is_no_answer() -> None:
    assert await ask("http://127.0.0.1:9") == []


async def test_ready_follows_the_status(rasa: tuple[type[Handler], str]) -> None:
    handler, address = rasa
    async with httpx.AsyncClient(base_url=address) as http:
        assert await RasaClient(http).ready()
        handler.status = 409
        assert not await RasaClient(http).ready()


def test_people_give_no_commands() -> None:
    assert spoken("/restart") == "restart"
    assert spoken(" // /x/y") == "x/y"
    assert spoken("km/uur") == "km/uur"
