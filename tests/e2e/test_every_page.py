"""Every page and state: nothing for axe to find, no sideways scroll, targets for thumbs, a quiet console."""

import contextlib

import pytest
import sqlalchemy as sa

from app import create_app
from tests.conftest import settings_for
from tests.e2e.conftest import forget
from tests.e2e.furnished import furnish
from tests.e2e.looks import look
from tests.e2e.stops import CARDS, DESK_STOPS, OUTSIDE, PARENT
from tests.support.browser import DESK, PHONE, visit
from tests.support.server import live_server

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def ids(still_town):
    return furnish(still_town)


@pytest.fixture(scope="module")
def browser_of(chromium, still_town, ids):
    """One browser for each person, phone or tablet, for the whole file."""
    with contextlib.ExitStack() as stack:
        opened = {}

        def give(who, size):
            key = (who, size["width"])
            if key not in opened:
                opened[key] = stack.enter_context(still_town.visit(chromium, who, viewport=size))
            return opened[key]

        yield give


def stop_at(stop, visitor, ids):
    forget(visitor.log)
    visitor.page.goto(stop.path.format(**ids))
    if stop.act:
        stop.act(visitor.page)
    look(visitor.page, stop.name)
    assert visitor.log.problems(allow_status=(404, 410, 422)) == []


@pytest.mark.parametrize("stop", OUTSIDE + PARENT, ids=str)
def test_parents_pages(stop, browser_of, ids):
    stop_at(stop, browser_of(stop.who, PHONE), ids)


@pytest.mark.parametrize("stop", DESK_STOPS, ids=str)
def test_the_desks_pages(stop, browser_of, ids):
    stop_at(stop, browser_of(stop.who, DESK), ids)


def test_no_pencil_is_forgotten(browser_of, ids):
    """Every card that has one stands in the stops above, open and with a mistake in it."""
    page, found = browser_of("lotte", PHONE).page, set()
    for path in ("/me", "/children/{noor}"):
        page.goto(path.format(**ids))
        found |= {pencil.get_attribute("id").removesuffix("-pencil") for pencil in page.locator(".pencil").all()}
    assert found == CARDS


def test_the_page_of_a_failure(browser_of, ids, monkeypatch):
    """The page that asks nothing of a database which is away."""

    def away():
        raise sa.exc.OperationalError("statement", {}, Exception("the database is away"))

    visitor = browser_of(None, PHONE)
    forget(visitor.log)
    monkeypatch.setattr("app.accounts.views.current_actor", away)
    visitor.page.goto("/login")
    look(visitor.page, "failure")
    assert visitor.log.problems(allow_status=(503,)) == []


LETTER = """From: De Vlieger <portaal@example.nl>
To: lotte@example.nl
Subject: Maak uw wachtwoord voor het Ouderportaal
Date: Tue, 24 Nov 2026 10:00:00 +0000
Content-Type: text/plain; charset=utf-8

Beste Lotte de Vries,

Hier maakt u uw wachtwoord:
https://portaal.example.nl/setup/een-heel-lang-adres-dat-nergens-mag-worden-afgebroken-0123456789abcdef0123456789
"""


def test_the_demos_own_pages(app, still_town, chromium, database_url, data_dir, tmp_path):
    """Its log-in page offers its people, and mails are read in the browser."""
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "20261124T100000Z-1.eml").write_text(LETTER)
    settings = settings_for(database_url, data_dir) | {"DEMO": True, "MAIL_SERVER": "", "DATA_DIR": tmp_path}
    with live_server(create_app(settings)) as server, visit(chromium, base_url=server.url) as visitor:
        page = visitor.page
        for path, name in (("/login", "log in, demo"), ("/demo/mail", "demo mail")):
            page.goto(path)
            look(page, name)
        page.click(".list-row")
        look(page, "letter in the demo")
        assert visitor.log.problems() == []
