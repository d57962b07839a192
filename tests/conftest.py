"""What tests of every part may use."""

from __future__ import annotations

import pytest
from hypothesis import settings
from stand_ins import kaart_once

from api.settings import ROOT
from sociale_kaart.kaart import Kaart

# A machine that is busy with other tests is no failure.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def kaart() -> Kaart:
    """The real kaart of Nijmegen."""
    return kaart_once(ROOT / "sociale_kaart/nijmegen")


@pytest.fixture(scope="session")
def vught() -> Kaart:
    """The real kaart of Vught."""
    return kaart_once(ROOT / "sociale_kaart/vught")
