"""What the tests about the code share."""

from tests.security.conftest import world  # noqa: F401 - a fixture
