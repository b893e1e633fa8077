"""A database of its own for each test of the migrations, empty, on the database that the run is about."""

import os

import pytest
from sqlalchemy.engine import make_url

from app import create_app
from tests.conftest import settings_for


@pytest.fixture
def empty_url(tmp_path, database_url):
    """The address of a database without a single table."""
    if os.environ.get("TEST_DATABASE", "sqlite") != "postgresql":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    import psycopg

    name = f"migration_{os.getpid()}"
    server = make_url(database_url).set(drivername="postgresql")
    with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")
    yield server.set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def migrated(empty_url, tmp_path):
    """An app on that database, in its context; the test runs the migrations itself."""
    from app.core.db import db

    app = create_app(settings_for(empty_url, tmp_path))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
