"""The link in the mail about a changed password: "that was not I"."""

import sqlalchemy as sa

from app.accounts.models import Account, LoginSession, Purpose
from tests.accounts.test_login import log_in


def test_it_works(client, cast, login, issue, database, mails):
    other = login(cast.accounts["lotte"])
    _link, path = issue(cast.accounts["lotte"], Purpose.NOT_ME)
    assert client.get(path).location == "/not-me"
    assert "Dat was ik niet" in client.get("/not-me").get_data(as_text=True)
    response = client.submit("/not-me")
    assert response.status_code == 200
    assert "l•••e@example.nl" in response.get_data(as_text=True)
    assert "U bent al ingelogd" not in other.get("/login").get_data(as_text=True)
    alive = sa.select(LoginSession).where(LoginSession.ended_at.is_(None))
    assert database.session.scalars(alive).all() == []
    assert [message.address for message in mails("accounts/reset")] == ["lotte@example.nl"]


def test_the_password_no_longer_works(client, cast, issue, database):
    _link, path = issue(cast.accounts["lotte"], Purpose.NOT_ME)
    client.get(path)
    client.submit("/not-me")
    assert log_in(client, "lotte").status_code == 422
    assert database.session.scalar(sa.select(Account.password_hash).where(Account.username == "lotte")) == ""


def test_looking_changes_nothing(client, cast, login, issue, mails):
    other = login(cast.accounts["lotte"])
    _link, path = issue(cast.accounts["lotte"], Purpose.NOT_ME)
    client.get(path, follow_redirects=True)
    client.head("/not-me")
    assert "U bent al ingelogd" in other.get("/login").get_data(as_text=True)
    assert mails() == []


def test_only_once(client, cast, issue, mails):
    _link, path = issue(cast.accounts["lotte"], Purpose.NOT_ME)
    client.get(path)
    token = client.csrf("/not-me")
    assert client.post("/not-me", data={"csrf_token": token}).status_code == 200
    client.get(path)
    assert client.get("/not-me").status_code == 410
    assert client.post("/not-me", data={"csrf_token": token}).status_code == 410
    assert len(mails("accounts/reset")) == 1


def test_without_a_link(client, cast):
    assert client.get("/not-me").status_code == 410
    assert client.submit("/not-me", form_at="/login").status_code == 410
