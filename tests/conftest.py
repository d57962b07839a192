"""What tests of every part may use."""

from __future__ import annotations

import pytest
from hypothesis import settings

from api.settings import ROOT
from sociale_kaart.kaart import Kaart
from sociale_kaart.loader import load_kaart

# A machine that is busy with other tests is no failure.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def kaart() -> Kaart:
    """The real kaart of Nijmegen."""
    return load_kaart(ROOT / "sociale_kaart/nijmegen")
