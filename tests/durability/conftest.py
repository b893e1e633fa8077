"""The demo, served as an operator starts it: real processes that can be killed."""

import os

import pytest
import sqlalchemy as sa

from tests.support.postgres import running_postgres
from tests.support.server import ServedPortal


@pytest.fixture(scope="package")
def served_database():
    """Nothing for SQLite, which bin/serve makes in the data folder by itself."""
    if os.environ.get("TEST_DATABASE") != "postgresql":
        yield {}
        return
    with running_postgres() as server:
        yield {"DATABASE_URL": server.create_database("served")}


@pytest.fixture(scope="package")
def served(tmp_path_factory, served_database):
    with ServedPortal(tmp_path_factory.mktemp("served") / "data", {"DEMO": "1", **served_database}) as running:
        yield running


@pytest.fixture
def records(served, served_database):
    """The served portal's database, looked at from beside it."""
    engine = sa.create_engine(served_database.get("DATABASE_URL") or f"sqlite:///{served.data_dir / 'portal.sqlite'}")
    yield engine
    engine.dispose()
