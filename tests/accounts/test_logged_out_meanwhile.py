"""A session that ends while a form is open: to htmx comes a log-in beside the form, so that typed text stays."""

import re

import sqlalchemy as sa

from app.accounts.models import LoginSession
from app.changes.models import ChangeItem
from app.core import clock
from app.core.db import db
from tests.factories.accounts import PASSWORD

HTMX = {"HX-Request": "true"}


def end_sessions():
    db.session.execute(sa.update(LoginSession).values(ended_at=clock.now()))
    db.session.commit()


def test_it_works(cast, login):
    client = login(cast.accounts["lotte"])
    form = client.get("/me/contact/edit").get_data(as_text=True)
    end_sessions()
    values = dict(re.findall(r'name="(csrf_token|version|form_key)" value="([^"]*)"', form))
    values |= {"mobile": "0648217703", "other_phone": "", "work_phone": "", "email": "lotte@example.nl"}
    refused = client.post("/me/contact/edit", data=values, headers=HTMX)
    assert refused.status_code == 401
    assert refused.headers["HX-Retarget"] == "#signin"
    assert "U was te lang weg" in refused.get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', refused.get_data(as_text=True))[1]
    typed = {"username": "lotte", "password": PASSWORD, "csrf_token": token}
    again = client.post("/login", data=typed, headers=HTMX)
    assert again.status_code == 200
    fresh = re.search(r'data-token="([^"]+)"', again.get_data(as_text=True))[1]
    sent = client.post("/me/contact/edit", data=values | {"csrf_token": fresh}, headers=HTMX)
    assert sent.status_code == 200
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ChangeItem)) == 1


def test_a_wrong_password_stays_in_the_panel(cast, client):
    token = client.csrf("/login")
    typed = {"username": "lotte", "password": "not this one at all", "csrf_token": token}
    answer = client.post("/login", data=typed, headers=HTMX)
    assert answer.status_code == 422
    assert 'id="signin-panel"' in answer.get_data(as_text=True)
    assert "klopt niet" in answer.get_data(as_text=True)


def test_a_browser_is_sent_to_the_log_in(cast, client):
    answer = client.get(f"/children/{cast.noor.id}/address/edit")
    assert answer.status_code == 303
    assert answer.location.startswith("/login?next=")


def test_a_browser_that_lost_its_cookie_gets_the_log_in_too(cast, login):
    """Logged out in another tab: no session, so no token fits; that is no reason to say that the form was too old."""
    client = login(cast.accounts["lotte"])
    client.delete_cookie("portal")
    answer = client.post("/me/contact/edit", data={"csrf_token": "of a session that is gone"}, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (401, "#signin")
    assert client.post("/me/contact/edit", data={}).status_code == 303
