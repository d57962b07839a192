"""The whole application with two towns."""

from __future__ import annotations

from two_towns import app as app
from two_towns import services as services
