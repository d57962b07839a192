"""Structured logs. Messages, phone numbers and names never go in: events carry ids and codes only."""

from __future__ import annotations

import logging
import sys

import structlog


def set_up_logging(level: str, *, to_terminal: bool = sys.stderr.isatty()) -> None:
    """Readable lines on a terminal, JSON elsewhere, both on standard error."""
    renderer = structlog.dev.ConsoleRenderer() if to_terminal else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    # Addresses in httpx's lines name conversations; Alembic talks on every start.
    for name in ("httpx", "httpcore", "alembic", "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.WARNING)
