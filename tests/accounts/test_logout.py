"""POST /logout: nothing of the child stays, and the cookie is worth nothing any more."""

import sqlalchemy as sa

from app.accounts.models import LoginSession
from app.core.audit import AuditEvent


def test_it_works(cast, login, database):
    client = login(cast.accounts["lotte"])
    response = client.submit("/logout", form_at="/login")
    assert response.status_code == 200
    assert "U bent uitgelogd. Op deze telefoon staat niets meer van uw kind." in response.get_data(as_text=True)
    assert set(response.headers["Clear-Site-Data"].split(", ")) == {'"cache"', '"cookies"', '"storage"'}
    assert database.session.scalars(sa.select(LoginSession.ended_at)).one() is not None
    event = database.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "account:logout")).one()
    assert event.account_id == cast.accounts["lotte"].id


def test_the_old_cookie_is_refused(app, cast, login):
    client = login(cast.accounts["lotte"])
    old = client.get_cookie("portal").value
    assert client.get("/me").status_code != 303
    client.submit("/logout", form_at="/login")
    thief = app.test_client()
    thief.set_cookie("portal", old)
    assert thief.get("/me").status_code == 303
    assert "U bent al ingelogd" not in thief.get("/login").get_data(as_text=True)


def test_only_this_device(cast, login):
    first, second = login(cast.accounts["lotte"]), login(cast.accounts["lotte"])
    first.submit("/logout", form_at="/login")
    assert "U bent al ingelogd" in second.get("/login").get_data(as_text=True)


def test_who_is_not_logged_in(client, cast, database):
    assert client.submit("/logout", form_at="/login").status_code == 200
    assert database.session.scalars(sa.select(AuditEvent)).all() == []


def test_wrong_method(cast, login):
    client = login(cast.accounts["lotte"])
    assert client.get("/logout").status_code == 405
    assert "U bent al ingelogd" in client.get("/login").get_data(as_text=True)


def test_from_another_site(cast, login):
    client = login(cast.accounts["lotte"])
    assert client.post("/logout").status_code == 400
    token = client.csrf()
    refused = client.post("/logout", data={"csrf_token": token}, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 400
    assert "U bent al ingelogd" in client.get("/login").get_data(as_text=True)
