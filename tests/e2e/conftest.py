"""The whole assistant, with a data folder of its own, and a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from assistant import Assistant, started
from real_browser import browser as browser


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with started(tmp_path_factory.mktemp("assistant")) as running:
        yield running
