"""The page where a mailed link ends: making the password."""

import pytest
import sqlalchemy as sa

from app.accounts import passwords
from app.accounts.models import Account, Link, LoginSession, Purpose
from app.core import tokens
from app.core.audit import AuditEvent
from tests.factories.accounts import PASSWORD

NEW = "zeven groene kikkers"
BOTH = pytest.mark.parametrize("purpose", [Purpose.SETUP, Purpose.RESET])


def page_of(purpose):
    return {Purpose.SETUP: "/setup", Purpose.RESET: "/reset"}[purpose]


def test_it_works(client, fresh, issue, database, app):
    _link, path = issue(fresh)
    opened = client.get(path)
    assert (opened.status_code, opened.location) == (303, "/setup")
    page = client.get("/setup").get_data(as_text=True)
    assert "U maakt een wachtwoord voor n•••a@example.nl" in page
    assert "Minstens 12 tekens." in page
    assert 'autocomplete="new-password"' in page
    assert 'value="nadia" autocomplete="username"' in page
    assert "De Vlieger" in page
    response = client.submit("/setup", {"password": NEW})
    assert (response.status_code, response.location) == (303, "/")
    account = database.session.scalars(sa.select(Account).where(Account.id == fresh.id)).one()
    assert passwords.verify(account.password_hash, NEW)
    assert account.active_since is not None
    assert database.session.scalars(sa.select(LoginSession.account_id)).all() == [fresh.id]
    event = database.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "account:password-set")).one()
    assert event.account_id == fresh.id


@BOTH
@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_uses_nothing_up(client, fresh, issue, database, purpose, method):
    link, path = issue(fresh, purpose)
    for _ in range(3):
        getattr(client, method)(path, follow_redirects=True)
    database.session.expire_all()
    link = database.session.get(Link, link.id)
    assert link.opened_at is not None
    assert link.used_at is None
    assert client.submit(page_of(purpose), {"password": NEW}).status_code == 303


@BOTH
def test_the_address_holds_no_token_and_leaks_none(client, fresh, issue, purpose):
    _link, path = issue(fresh, purpose)
    opened = client.get(path)
    assert opened.headers["Referrer-Policy"] == "no-referrer"
    assert opened.headers["X-Robots-Tag"] == "noindex"
    assert "no-store" in opened.headers["Cache-Control"]
    token = path.rpartition("/")[2]
    assert token not in client.get(page_of(purpose)).get_data(as_text=True)
    with client.session_transaction() as session:
        assert token not in str(dict(session))


@BOTH
@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("", "Kies een wachtwoord van minstens 12 tekens."),
        ("te kort", "Kies een wachtwoord van minstens 12 tekens."),
        ("Wachtwoord2026!", "Dit wachtwoord gebruiken veel mensen."),
        ("nadiaöztürk2026", "vooral uw naam of de naam van de school"),
        ("DeVlieger2026!", "vooral uw naam of de naam van de school"),
        ("x" * 257, "hoogstens 256 tekens"),
        ("zeven\x00groene kikkers", "teken in dat we niet kunnen bewaren"),
    ],
)
def test_a_weak_password(client, fresh, issue, database, purpose, password, message):
    _link, path = issue(fresh, purpose)
    client.get(path)
    response = client.submit(page_of(purpose), {"password": password})
    assert response.status_code == 422
    page = response.get_data(as_text=True)
    assert message in page
    assert "n•••a@example.nl" in page
    assert not password or password not in page
    assert client.submit(page_of(purpose), {"password": NEW}).status_code == 303


@BOTH
def test_used_twice(client, fresh, issue, purpose):
    _link, path = issue(fresh, purpose)
    client.get(path)
    client.submit(page_of(purpose), {"password": NEW})
    response = client.get(path, follow_redirects=True)
    assert response.status_code == 410
    page = response.get_data(as_text=True)
    assert "Deze link is al gebruikt" in page
    assert "Stuur een nieuwe link" in page
    token = client.csrf(page_of(purpose))
    assert client.post(page_of(purpose), data={"password": NEW, "csrf_token": token}).status_code == 410


def test_a_new_password_ends_the_other_sessions(app, client, cast, login, issue):
    other = login(cast.accounts["lotte"])
    assert other.get("/login").get_data(as_text=True).count("U bent al ingelogd")
    _link, path = issue(cast.accounts["lotte"], Purpose.RESET)
    client.get(path)
    client.submit("/reset", {"password": NEW})
    assert "U bent al ingelogd" not in other.get("/login").get_data(as_text=True)
    assert "U bent al ingelogd" in client.get("/login").get_data(as_text=True)


def test_a_new_password_replaces_the_old_one(app, client, cast, issue):
    _link, path = issue(cast.accounts["lotte"], Purpose.RESET)
    client.get(path)
    client.submit("/reset", {"password": NEW})
    other = app.test_client()
    assert other.submit("/login", {"username": "lotte", "password": PASSWORD}).status_code == 422
    assert other.submit("/login", {"username": "lotte", "password": NEW}).status_code == 303


def test_the_first_password_makes_no_mail_about_a_change(client, fresh, issue, mails):
    _link, path = issue(fresh)
    client.get(path)
    client.submit("/setup", {"password": NEW})
    assert mails("accounts/password_changed") == []


def test_a_changed_password_is_told(client, cast, issue, mails, letter):
    _link, path = issue(cast.accounts["lotte"], Purpose.RESET)
    client.get(path)
    client.submit("/reset", {"password": NEW})
    (message,) = mails("accounts/password_changed")
    assert message.address == "lotte@example.nl"
    assert "Dat was ik niet" in letter(message).body


def test_without_a_link(client, cast):
    response = client.get("/setup")
    assert response.status_code == 410
    assert client.post("/setup", data={"password": NEW, "csrf_token": client.csrf()}).status_code == 410


def test_without_a_token(client, fresh, issue):
    _link, path = issue(fresh)
    client.get(path)
    assert client.post("/setup", data={"password": NEW}).status_code == 400


def test_somebody_else_logged_in_on_this_phone(app, cast, fresh, login, issue, database):
    client = login(cast.accounts["lotte"])
    _link, path = issue(fresh)
    client.get(path)
    client.submit("/setup", {"password": NEW})
    newest = sa.select(LoginSession.account_id).order_by(LoginSession.created_at.desc())
    assert database.session.scalars(newest).first() == fresh.id


def test_staff_end_at_the_desk(client, cast, factories, database, issue):
    person = factories.staff(school=cast.school, first_name="Ria", surname="Post", email="ria@example.nl")
    account = factories.account(username="ria", active=False)
    factories.post(account=account, school=cast.school, staff=person)
    database.session.commit()
    _link, path = issue(account)
    client.get(path)
    assert client.submit("/setup", {"password": NEW}).location == "/desk"


def test_a_link_of_a_page_opens_no_other_page(client, fresh, issue):
    link, _path = issue(fresh, Purpose.RESET)
    token = tokens.make("reset", link.id)
    assert client.get(f"/setup/{token}").status_code == 404
    assert client.get(f"/not-me/{token}").status_code == 404
    forged = tokens.make("setup", link.id)  # nobody makes these; the row's purpose counts all the same
    client.get(f"/setup/{forged}")
    token = client.csrf()
    assert client.post("/setup", data={"password": NEW, "csrf_token": token}).status_code == 410
