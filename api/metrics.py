"""What is counted and timed, for Prometheus. Never a word of what people write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter, Histogram

PART_SECONDS = Histogram(
    "kaart_part_seconds",
    "Seconds spent in one part of a turn",
    ["part"],
    buckets=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
)
BOT_SILENT = Counter("kaart_bot_silent_total", "Turns that search answered because Rasa did not")
ZONES = Counter("kaart_answers_total", "Answers per zone", ["zone"])


@contextmanager
def timed(part: str) -> Iterator[None]:
    """Time what happens inside as `part` of a turn."""
    with PART_SECONDS.labels(part).time():
        yield
