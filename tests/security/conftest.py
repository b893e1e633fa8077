"""What the walks share."""

import pytest

from app.changes import brakes
from tests.security import world as worlds


@pytest.fixture
def world(app, factories, monkeypatch):
    """Who walks sends more forms than people do."""
    monkeypatch.setattr(brakes, "FORMS_PER_HOUR", 1_000_000)
    monkeypatch.setattr(brakes, "REFUSALS_PER_HOUR", 1_000_000)
    return worlds.build(app, factories)
