"""The whole assistant as `kaart serve` starts it: web server and Rasa, on free ports, with a data folder of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from assistant import Assistant, free_port, wait_for_bot

from api.serve import BOT, BOT_PYTHON

ROOT = Path(__file__).parents[2]
KAART = Path(sys.executable).parent / "kaart"


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    if not (BOT_PYTHON.exists() and (BOT / "models" / "bot.tar.gz").exists()):
        if os.environ.get("KAART_REQUIRE_BOT"):
            pytest.fail("the bot is not installed: make setup")
        pytest.skip("the bot is not installed: make setup")
    data, port = tmp_path_factory.mktemp("assistant"), free_port()
    environment = os.environ | {
        "KAART_DATA": str(data),
        "KAART_PORT": str(port),
        "KAART_BOT_URL": f"http://127.0.0.1:{free_port()}",
        "KAART_MESSAGES_PER_MINUTE": "1000",
    }
    subprocess.run([KAART, "index"], env=environment, cwd=ROOT, check=True, capture_output=True)
    with (data / "serve.log").open("wb") as log:
        process = subprocess.Popen([KAART, "serve"], env=environment, cwd=ROOT, stdout=log, stderr=log)
    running = Assistant(f"http://127.0.0.1:{port}", process, data, environment)
    try:
        wait_for_bot(running)
        yield running
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
    assert running.bot_pids() == [], "Rasa outlived the assistant"
