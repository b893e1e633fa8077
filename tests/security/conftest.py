"""What the walks share."""

import pytest

from tests.security import world as worlds


@pytest.fixture
def world(app, factories):
    return worlds.build(app, factories)
