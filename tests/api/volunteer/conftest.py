"""The whole application with two towns, and time that a test moves."""

from __future__ import annotations

import pytest
from desk_house import Clock
from two_towns import app as app
from two_towns import services as services

from api.volunteer import router


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time for the pages and for cards."""
    clock = Clock()
    monkeypatch.setattr(router, "now", clock)
    return clock
