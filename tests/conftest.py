"""One app a test process, on SQLite or (TEST_DATABASE=postgresql) on PostgreSQL; every test begins with empty tables."""

import os
import socket
import tempfile
from pathlib import Path

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher, Type
from hypothesis import settings as hypothesis_settings

from app import config, create_app
from app.accounts import passwords
from app.core.audit import append_only
from app.core.db import begin_write, db
from tests.cast import Cast
from tests.client import CheckingClient
from tests.factories import Factories
from tests.support.browser import chromium, playwright  # noqa: F401 - fixtures

hypothesis_settings.register_profile("house", deadline=None, derandomize=True)
hypothesis_settings.load_profile("house")


def _database_url(folder: Path):
    if os.environ.get("TEST_DATABASE", "sqlite") == "postgresql":
        from tests.support.postgres import running_postgres

        with running_postgres() as server:
            server.create_database("portal_test")
            yield server.url("portal_test")
    else:
        yield f"sqlite:///{folder / 'test.sqlite'}"


@pytest.fixture(scope="session")
def data_dir():
    with tempfile.TemporaryDirectory(prefix="portal-test-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def database_url(data_dir):
    yield from _database_url(data_dir)


def settings_for(database_url: str, data_dir: Path) -> dict:
    """The settings of a test app: production's, on http, with mail that stays here."""
    return {
        "TESTING": True,
        "DEMO": False,
        "DATA_DIR": data_dir,
        "SECRET_KEY": "test-" * 10,
        "SQLALCHEMY_DATABASE_URI": database_url,
        "PUBLIC_URL": "http://localhost",
        "PROPAGATE_EXCEPTIONS": True,
        "MAIL_SENDER": "portaal@example.nl",
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": 1,
        "MAIL_USE_TLS": False,
        "MAIL_USE_SSL": False,
        "MAIL_USERNAME": None,
        "MAIL_PASSWORD": None,
        "MAIL_CA_FILE": None,
        "MAIL_TIMEOUT": 5,
        **config.cookie_settings(secure=False),
    }


@pytest.fixture(scope="session", autouse=True)
def quick_hashes():
    """Hundreds of tests log in; the cost of a guess is set by `passwords.COST`, which has a test of its own."""
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1, type=Type.ID)
    passwords.dummy_hash.cache_clear()


@pytest.fixture(scope="session")
def app(database_url, data_dir):
    app = create_app(settings_for(database_url, data_dir))
    app.test_client_class = CheckingClient
    with app.app_context():
        db.create_all()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def empty_tables() -> None:
    """Remove every row. The trigger that protects the audit table steps aside (PostgreSQL's TRUNCATE does not meet it)."""
    db.session.rollback()
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            names = ", ".join(f'"{table.name}"' for table in db.metadata.sorted_tables)
            connection.execute(sa.text(f"TRUNCATE {names}"))
            return
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS audit_event_no_delete")
        for table in reversed(db.metadata.sorted_tables):
            connection.execute(table.delete())
        connection.exec_driver_sql(next(ddl for ddl in append_only("sqlite") if "no_delete" in ddl))


@pytest.fixture
def database(app):
    """The database inside an app context, emptied before the test. Use `commit()` before a request reads it."""
    with app.app_context():
        empty_tables()
        begin_write()
        yield db
        db.session.rollback()


@pytest.fixture
def factories(database) -> Factories:
    return Factories(database.session)


@pytest.fixture
def cast(factories) -> Cast:
    """The named people of every story; see tests/cast.py."""
    cast = Cast.build(factories)
    db.session.commit()
    return cast


@pytest.fixture
def client(app, database):
    return app.test_client()


@pytest.fixture
def login(app, database):
    """`login(account)` gives a client that is logged in as that account."""

    def as_account(account, **kwargs):
        client = app.test_client()
        client.log_in(account, **kwargs)
        return client

    return as_account


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Only this machine may be spoken to."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test wants to connect to {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
