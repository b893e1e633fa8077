"""One running portal for the whole run, people who are logged in, and what the tests read back from the database."""

import contextlib
from datetime import timedelta

import pytest
from flask import current_app

from app.core import clock
from app.core.db import begin_read, begin_write, db
from tests.cast import Cast
from tests.conftest import empty_tables
from tests.e2e.looks import TALLY
from tests.factories import Factories
from tests.support.browser import DESK, PHONE, visit
from tests.support.server import live_server


@pytest.fixture(scope="session")
def portal(app):
    with live_server(app) as server:
        yield server


@pytest.fixture
def town(cast, factories, portal):
    """The cast behind a running portal. Reading what they are takes no lock that the portal waits for."""
    begin_read()
    yield Town(cast, factories, portal.url)
    begin_read()


class Town:
    def __init__(self, cast, factories, url):
        self.cast, self.f, self.url = cast, factories, url

    @contextlib.contextmanager
    def writing(self):
        """`with town.writing() as f:` adds rows, committed at the end."""
        begin_write()
        yield self.f
        db.session.commit()
        begin_read()

    def ask_mobile(self, number="+31648217703", **values):
        """Lotte's wish for another number, on the desk."""
        with self.writing() as f:
            request = f.change_request(
                guardian=self.cast.lotte,
                section="contact",
                pupil=self.cast.noor,
                items={"mobile": ("+31612345678", number)},
                **values,
            )
            return request.id

    @contextlib.contextmanager
    def visit(self, browser, who=None, **options):
        """A browser of somebody (a user name of the cast), logged in; without scripts of the worker in between."""
        options = {"service_workers": "block", **options}
        with visit(browser, base_url=self.url, **options) as visitor:
            if who:
                enter(visitor.context, self.cast.accounts[who], self.url)
            yield visitor
            assert visitor.log.problems(allow_status=(401, 404, 409, 410, 422, 503)) == []


def enter(context, account, url):
    """Log in without the log-in page: passwords are slow on purpose."""
    client = current_app.test_client()
    begin_write()
    client.log_in(account)
    begin_read()
    name = current_app.config["SESSION_COOKIE_NAME"]
    context.add_cookies([{"name": name, "value": client.get_cookie(name).value, "url": url, "httpOnly": True}])


def forget(log):
    """What the browser complained of before, so that each test answers for its own page."""
    for complaints in (log.console, log.violations, log.exceptions, log.elsewhere):
        complaints.clear()


@pytest.fixture
def lotte(chromium, town):
    """Lotte's phone."""
    with town.visit(chromium, "lotte", viewport=PHONE) as phone:
        yield phone


@pytest.fixture
def marijke(chromium, town):
    """Marijke's tablet."""
    with town.visit(chromium, "marijke", viewport=DESK) as tablet:
        yield tablet


@pytest.fixture(scope="module")
def still_town(app, portal):
    """A town for many tests that look and change nothing."""
    with app.app_context():
        empty_tables()
        begin_write()
        factories = Factories(db.session)
        cast = Cast.build(factories)
        db.session.commit()
        begin_read()
        yield Town(cast, factories, portal.url)
        empty_tables()


@pytest.fixture
def later(monkeypatch):
    """`later(minutes=11)`: the portal's clock is that much ahead from now on."""
    real = clock.now

    def move(**ahead):
        monkeypatch.setattr(clock, "now", lambda: real() + timedelta(**ahead))

    return move


def pytest_terminal_summary(terminalreporter):
    """How much the look at the pages took in."""
    if TALLY.pages:
        terminalreporter.write_line(f"looked at: {TALLY}")
