"""The demo, made once for each file of tests that reads it."""

import pytest

from app import create_app
from app.core.db import begin_read, db
from app.demo.seed import seed
from tests.client import CheckingClient
from tests.conftest import empty_tables, settings_for


@pytest.fixture(scope="package")
def demo_app(app, database_url, data_dir):
    """An app in demo mode on the tables of the usual one, its mails in a folder."""
    settings = settings_for(database_url, data_dir) | {"DEMO": True, "MAIL_SERVER": ""}
    demo_app = create_app(settings)
    demo_app.test_client_class = CheckingClient
    yield demo_app
    with demo_app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def demo(demo_app):
    """The demo school, for tests that only look."""
    with demo_app.app_context():
        empty_tables()
        assert seed()
        begin_read()
        yield db
        begin_read()
        empty_tables()


@pytest.fixture
def session(demo):
    """A session on the demo, without leftovers."""
    begin_read()
    yield demo.session
    begin_read()
