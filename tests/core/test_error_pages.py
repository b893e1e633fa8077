"""Every error in plain words: as a page, as a fragment, and when the database is gone."""

import pytest
from flask import abort
from sqlalchemy.exc import OperationalError

from app import create_app
from app.core import error_pages
from app.core.access import public
from app.core.error_words import WORDS
from app.core.errors import Conflict, Gone, NotFound
from tests.client import CheckingClient
from tests.conftest import settings_for

FRAGMENT = {"HX-Request": "true"}
STATUSES = sorted(set(WORDS))
SECRET = "geheim-van-de-server"


@public
def fail(kind):
    if kind == "database":
        raise OperationalError("SELECT 1", {}, Exception(SECRET))
    if kind == "bug":
        raise RuntimeError(SECRET)
    raise {"missing": NotFound, "conflict": lambda: Conflict(SECRET), "gone": lambda: Gone(SECRET)}[kind]()


@public
def status(number):
    abort(number, description=SECRET)


@pytest.fixture(scope="module")
def failing(tmp_path_factory):
    """An app with routes that fail, whose database can't be opened."""
    folder = tmp_path_factory.mktemp("failing")
    gone = f"sqlite:///{folder / 'no-such-folder' / 'gone.sqlite'}"
    app = create_app({**settings_for(gone, folder), "PROPAGATE_EXCEPTIONS": False})
    app.test_client_class = CheckingClient
    app.add_url_rule("/fail/<kind>", "fail", fail)
    app.add_url_rule("/status/<int:number>", "status", status)
    app.add_url_rule("/closed", "closed", lambda: "never")
    with app.app_context():
        yield app.test_client()


@pytest.mark.parametrize("number", STATUSES)
def test_page(failing, number):
    answer = failing.get(f"/status/{number}")
    text = answer.get_data(as_text=True)
    assert answer.status_code == number
    assert f'<h1 id="error-h">{WORDS[number].title}</h1>' in text
    assert str(WORDS[number].advice) in text
    assert 'href="/"' in text
    assert SECRET not in text
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert answer.headers["Vary"].startswith("HX-Request, Cookie")


@pytest.mark.parametrize("number", STATUSES)
def test_fragment(failing, number):
    answer = failing.get(f"/status/{number}", headers=FRAGMENT)
    text = answer.get_data(as_text=True)
    assert answer.status_code == number
    assert "<html" not in text
    assert text.count('id="request-error"') == 1
    assert str(WORDS[number].title) in text
    assert answer.headers["HX-Reswap"] == "afterbegin"  # what was asked for stays, with the text typed in it
    assert SECRET not in text


@pytest.mark.parametrize(("number", "like"), [(406, 400), (418, 400), (451, 400), (501, 500), (502, 500)])
def test_a_status_without_words_of_its_own(failing, number, like):
    answer = failing.get(f"/status/{number}")
    assert answer.status_code == number
    assert str(WORDS[like].title) in answer.get_data(as_text=True)


@pytest.mark.parametrize(("kind", "number"), [("missing", 404), ("conflict", 409), ("gone", 410), ("database", 503)])
def test_errors_of_the_domain(failing, kind, number):
    answer = failing.get(f"/fail/{kind}")
    assert answer.status_code == number
    assert SECRET not in answer.get_data(as_text=True)


def test_a_bug_without_a_database(failing):
    answer = failing.get("/fail/bug", headers={"X-Request-Id": "abcdefgh-12345678"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert "abcdefgh-123" in text
    assert SECRET not in text
    assert "RuntimeError" not in text


def test_somebody_logged_in_gets_a_page_too_when_the_database_is_gone(failing):
    with failing.session_transaction() as session:
        session["_user_id"] = "token"
    for path in ("/", "/children/00000000-0000-0000-0000-000000000000", "/no-such-page"):
        answer = failing.get(path)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "5"
    with failing.session_transaction() as session:
        session.clear()


def test_an_address_that_is_not_there(failing):
    assert failing.get("/no-such-page").status_code == 404
    assert failing.get("/static/no-such-file.css").status_code == 404


def test_what_declares_no_audience_is_closed(failing):
    assert failing.get("/closed").status_code == 403


def test_a_method_that_is_not_there(failing):
    answer = failing.delete("/login")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_a_form_that_was_open_too_long(client, cast):
    answer = client.post("/login", data={"username": "lotte", "password": "x"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "Dit formulier was te lang open" in text
    assert "csrf" not in text.lower()
    assert "Dit formulier was te lang open" in client.post("/login", headers=FRAGMENT).get_data(as_text=True)


def test_a_message_says_what_happened(app):
    with app.test_request_context("/"):
        text = error_pages.render(409, message="De school was u voor.").get_data(as_text=True)
    assert "De school was u voor." in text
    assert str(WORDS[409].advice) in text


def test_it_speaks_the_language_of_the_reader(app):
    with app.test_request_context("/"):
        from flask import g

        g.language = "en"
        assert '<html lang="en"' in error_pages.render(500).get_data(as_text=True)
        assert '<html lang="en"' in error_pages.render(404).get_data(as_text=True)
